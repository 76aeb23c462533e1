import { Controller, Inject, Post } from '@nestjs/common';
import { streamIds } from '@specie/contracts';
import { CommandHandler, type CommandContext } from '@specie/event-sourcing';
import { EligibilityQuery, type OwnEligibility } from '@specie/eligibility';
import {
  answerOf,
  Caller,
  Command,
  derivedId,
  Input,
  NotFound,
  Operation,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import {
  authoriseShareClass,
  cancelShares,
  companyAggregate,
  issueFoundingShares,
  type Company,
  type CompanyDecision,
} from '../domain/company/index.js';
import { CompaniesQuery } from '../projections/companies/companies.query.js';
import { aboutShares, knownAndFree, requireOneOf } from './access.js';
import {
  authoriseClassRequest,
  cancellationRequest,
  companyParams,
  foundingIssuanceRequest,
} from './companies.dto.js';
import { companyRejectionStatus, constraintRejections } from './rejection-status.js';

const rejections = { ...companyRejectionStatus, not_your_company: 403 } as const;

const authorise = {
  summary: 'Authorise a class of shares, or change how many of it may exist',
  description: 'Never below what exists and what signed deals have reserved.',
  roles: ['founder'],
  params: companyParams,
  body: authoriseClassRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const found = {
  summary: 'Issue founding shares',
  description: 'To any party that compliance knows and has not frozen, without payment.',
  roles: ['founder'],
  params: companyParams,
  body: foundingIssuanceRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const cancel = {
  summary: "Give up shares of the caller's party",
  description: 'They cease to exist; nobody gets them.',
  roles: ['founder', 'investor', 'provider-admin'],
  params: companyParams,
  body: cancellationRequest,
  response: writeResponse,
  status: 201,
  rejections: companyRejectionStatus,
} as const;

@Controller('companies/:companyId')
export class SharesController {
  private readonly commands: CommandHandler;
  private readonly companies: CompaniesQuery;
  private readonly eligibility: EligibilityQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(CompaniesQuery) companies: CompaniesQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
  ) {
    this.commands = commands;
    this.companies = companies;
    this.eligibility = eligibility;
  }

  @Post('share-classes')
  @Operation(authorise)
  async authorise(
    @Input() { params, body }: InputOf<typeof authorise>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    await this.requireCompany(params.companyId, caller);
    const own = await this.eligibility.own(caller.partyId, 'deal', context.now);
    const data = {
      ...body,
      classId: body.classId ?? derivedId('share-class', context.commandId),
      eligible: own.eligible,
    };
    const named = { ...params, id: data.classId, path: 'body.authorised', own };
    return this.handle(named, context, (state) =>
      authoriseShareClass({ data, metadata: context }, state),
    );
  }

  @Post('founding-issuances')
  @Operation(found)
  async found(
    @Input() { params, body }: InputOf<typeof found>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    await this.requireCompany(params.companyId, caller);
    const own = await this.eligibility.own(caller.partyId, 'deal', context.now);
    const data = {
      ...body,
      issuanceId: body.issuanceId ?? derivedId('issuance', context.commandId),
      eligible: own.eligible,
      holderEligible: await this.eligibility.may(body.holderPartyId, knownAndFree, context.now),
    };
    const named = { ...params, id: data.issuanceId, path: 'body.shares', own };
    return this.handle(named, context, (state) =>
      issueFoundingShares({ data, metadata: context }, state),
    );
  }

  @Post('cancellations')
  @Operation(cancel)
  async cancel(
    @Input() { params, body }: InputOf<typeof cancel>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const own = await this.eligibility.own(caller.partyId, knownAndFree, context.now);
    const data = {
      ...body,
      cancellationId: body.cancellationId ?? derivedId('cancellation', context.commandId),
      holderPartyId: caller.partyId,
      reason: 'surrendered' as const,
      eligible: own.eligible,
    };
    const named = { ...params, id: data.cancellationId, path: 'body.shares', own };
    return this.handle(named, context, (state) => cancelShares({ data, metadata: context }, state));
  }

  private async handle(
    named: {
      readonly companyId: string;
      readonly id: string;
      /** The field that says how many shares. */
      readonly path: string;
      readonly own: OwnEligibility;
    },
    context: CommandContext,
    decide: (state: Company) => CompanyDecision,
  ): Promise<WriteResponse> {
    const { companyId, id, path, own } = named;
    const handled = await this.commands.handle({
      streamId: streamIds.company(companyId),
      aggregate: companyAggregate,
      decide,
      context,
      answer: (streamVersion) => ({ id, streamVersion }),
      refusalDetails: { ...own.refusalDetails, ...aboutShares(path) },
    });
    return answerOf(handled, rejections, { constraints: constraintRejections });
  }

  /** Only the company itself changes its cap table. */
  private async requireCompany(companyId: string, caller: CallerIdentity): Promise<void> {
    const row = await this.companies.company(companyId);
    if (!row) throw new NotFound('company_unknown');
    requireOneOf(caller, [row.partyId], 'not_your_company');
  }
}
