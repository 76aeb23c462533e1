import { Controller, Get, Inject, Post } from '@nestjs/common';
import { fields, streamIds } from '@specie/contracts';
import { CommandHandler, type CommandContext } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import {
  answerOf,
  Caller,
  Command,
  decodeCursor,
  derivedId,
  Input,
  NotFound,
  Operation,
  pageFrom,
  pageQuery,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { h100eWeightVersion } from '@specie/quantities';
import type { z } from 'zod';
import {
  attestCapacity,
  commitCapacity,
  dayOf,
  providerAggregate,
  withdrawCapacity,
} from '../domain/provider/index.js';
import { ProvidersQuery } from '../projections/providers/providers.query.js';
import { requireParty } from './access.js';
import {
  attestCapacityRequest,
  commitCapacityRequest,
  commitmentParams,
  commitmentsPage,
  providerParams,
  toCommitmentResponse,
} from './providers.dto.js';
import { constraintRejections, providerRejectionStatus } from './rejection-status.js';

const rejections = { ...providerRejectionStatus, not_your_provider: 403 } as const;

const commit = {
  summary: 'Commit GPUs of one SKU for every day of a range',
  description: 'A promise that backs no tokens until an auditor has attested it.',
  roles: ['provider-admin'],
  params: providerParams,
  body: commitCapacityRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const attest = {
  summary: 'Attest committed capacity; from now on it backs tokens',
  description: 'By an auditor who is not the provider, with the hash of what was seen.',
  roles: ['auditor'],
  params: commitmentParams,
  body: attestCapacityRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const withdraw = {
  summary: 'Withdraw capacity; refused if something would no longer be covered',
  description: 'The refusal names the interval of days that would be short.',
  roles: ['provider-admin'],
  params: commitmentParams,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const list = {
  summary: 'List the capacity commitments of a provider',
  description: 'Committed, attested and withdrawn ones.',
  roles: 'authenticated',
  params: providerParams,
  query: pageQuery,
  response: commitmentsPage,
  rejections: { provider_unregistered: 404 },
} as const;

@Controller('providers/:providerId/capacity-commitments')
export class CapacityController {
  private readonly commands: CommandHandler;
  private readonly providers: ProvidersQuery;
  private readonly eligibility: EligibilityQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
  ) {
    this.commands = commands;
    this.providers = providers;
    this.eligibility = eligibility;
  }

  @Post()
  @Operation(commit)
  async commit(
    @Input() { params, body }: InputOf<typeof commit>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { providerId } = params;
    requireParty(caller, providerId, 'not_your_provider');
    const { eligible, refusalDetails } = await this.eligibility.own(
      providerId,
      'issue',
      context.now,
    );
    const data = {
      ...body,
      commitmentId: body.commitmentId ?? derivedId('commitment', context.commandId),
      weightVersion: body.weightVersion ?? h100eWeightVersion,
      eligible,
    };
    const handled = await this.commands.handle({
      streamId: streamIds.provider(providerId),
      aggregate: providerAggregate,
      decide: (state) => commitCapacity({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: data.commitmentId, streamVersion }),
      refusalDetails,
    });
    return answerOf(handled, rejections, { constraints: constraintRejections });
  }

  @Post(':commitmentId/attestations')
  @Operation(attest)
  async attest(
    @Input() { params, body }: InputOf<typeof attest>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { providerId, commitmentId } = params;
    const data = { commitmentId, attestedBy: caller.partyId, ...body };
    const handled = await this.commands.handle({
      streamId: streamIds.provider(providerId),
      aggregate: providerAggregate,
      decide: (state) => attestCapacity({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: commitmentId, streamVersion }),
    });
    return answerOf(handled, rejections);
  }

  @Post(':commitmentId/withdrawals')
  @Operation(withdraw)
  async withdraw(
    @Input() { params }: InputOf<typeof withdraw>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { providerId, commitmentId } = params;
    requireParty(caller, providerId, 'not_your_provider');
    const burned = await this.providers.burned(providerId, dayOf(context.now));
    const handled = await this.commands.handle({
      streamId: streamIds.provider(providerId),
      aggregate: providerAggregate,
      decide: (state) =>
        withdrawCapacity({ data: { commitmentId, burned }, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: commitmentId, streamVersion }),
    });
    return answerOf(handled, rejections);
  }

  @Get()
  @Operation(list)
  async list(
    @Input() { params, query }: InputOf<typeof list>,
  ): Promise<z.output<typeof commitmentsPage>> {
    const after = decodeCursor(query.cursor, fields.id);
    if (!(await this.providers.provider(params.providerId))) {
      throw new NotFound('provider_unregistered');
    }
    const rows = await this.providers.commitments(params.providerId, {
      after,
      rowCount: query.limit + 1,
    });
    const page = { limit: query.limit, toItem: toCommitmentResponse };
    return pageFrom(rows, { ...page, after: (row) => row.commitmentId }) as z.output<
      typeof commitmentsPage
    >;
  }
}
