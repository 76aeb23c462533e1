import { createHash } from 'node:crypto';
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
  Operation,
  pageFrom,
  pageQuery,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import type { z } from 'zod';
import {
  activateDeal,
  approveDeal,
  cancelDeal,
  dealAggregate,
  offerDeal,
  signDeal,
} from '../domain/deal/index.js';
import { CompaniesQuery } from '../projections/companies/companies.query.js';
import { DealsQuery } from '../projections/deals/deals.query.js';
import type { DealRow } from '../projections/tables.js';
import { aboutShares, isOverseer, knownAndFree, nobodyEligible, sidesEligible } from './access.js';
import { dealVersion, onDeal, streamsOf, visibleDeal } from './deal-streams.js';
import {
  approvalRequest,
  dealDetailResponse,
  dealParams,
  dealsPage,
  offerRequest,
  signatureRequest,
  toDealResponse,
  toTrancheResponse,
} from './deals.dto.js';
import { constraintRejections, dealRejectionStatus } from './rejection-status.js';

const write = { response: writeResponse, status: 201, rejections: dealRejectionStatus } as const;
const bothSides = ['founder', 'provider-admin'] as const;

const offer = {
  ...write,
  summary: 'Offer tokens for equity',
  description:
    'By the provider. The shares follow from the percentage and the cap table of now, and are split over the tranches exactly.',
  roles: ['provider-admin'],
  body: offerRequest,
} as const;

const sign = {
  ...write,
  summary: "Sign exactly these terms for the caller's side",
  description: 'Name termsHash of the deal. The first signature reserves the shares.',
  roles: bothSides,
  params: dealParams,
  body: signatureRequest,
} as const;

const cancel = {
  ...write,
  summary: 'Cancel a deal that is not active yet; the shares reserved for it are free again',
  description: 'Either side may, until the deal is active.',
  roles: bothSides,
  params: dealParams,
} as const;

const approve = {
  ...write,
  summary: 'Approve signed terms as a director who did not sign',
  description: 'Names the hash of the resolution of the board and termsHash of the deal.',
  roles: ['founder', 'investor'],
  params: dealParams,
  body: approvalRequest,
} as const;

const activate = {
  ...write,
  summary: 'Activate an approved deal; both sides must be eligible',
  description: 'From now on its tranches can be opened one after the other. Takes no body.',
  roles: bothSides,
  params: dealParams,
} as const;

const list = {
  summary: "List the caller's deals; auditors and compliance officers see all",
  description: 'Those in which the caller is the provider or the company.',
  roles: 'authenticated',
  query: pageQuery,
  response: dealsPage,
} as const;

const one = {
  summary: 'Show a deal with its tranches',
  description: 'For its sides, the directors of the company, auditors and compliance officers.',
  roles: 'authenticated',
  params: dealParams,
  response: dealDetailResponse,
  rejections: { deal_unknown: 404 },
} as const;

@Controller('deals')
export class DealsController {
  private readonly commands: CommandHandler;
  readonly deals: DealsQuery;
  readonly companies: CompaniesQuery;
  private readonly eligibility: EligibilityQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(DealsQuery) deals: DealsQuery,
    @Inject(CompaniesQuery) companies: CompaniesQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
  ) {
    this.commands = commands;
    this.deals = deals;
    this.companies = companies;
    this.eligibility = eligibility;
  }

  @Post()
  @Operation(offer)
  async offer(
    @Input() { body }: InputOf<typeof offer>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const dealId = body.dealId ?? derivedId('deal', context.commandId);
    const company = await this.companies.company(body.companyId);
    const providerPartyId = caller.partyId;
    const { now } = context;
    const found = company
      ? await sidesEligible(
          this.eligibility,
          { providerPartyId, companyPartyId: company.partyId },
          { caller, now },
        )
      : nobodyEligible;
    const data = {
      ...body,
      ...found.sides,
      dealId,
      providerPartyId,
      tranches: body.tranches.map(({ trancheId, tokens }, index) => ({
        trancheId: trancheId ?? derivedId('tranche', dealId, String(index + 1)),
        tokens,
      })),
    };
    const handled = await this.commands.handleMany({
      streams: streamsOf(dealId, body.companyId),
      decide: (states) => onDeal(offerDeal({ data, metadata: context }, states, sha256)),
      context,
      refusalDetails: { ...found.refusalDetails, ...aboutShares('body.equityPpm') },
      answer: (versions) => ({ id: dealId, streamVersion: dealVersion(dealId, versions) }),
    });
    return answerOf(handled, dealRejectionStatus, { constraints: constraintRejections });
  }

  @Post(':dealId/signatures')
  @Operation(sign)
  async sign(
    @Input() { params, body }: InputOf<typeof sign>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { dealId } = params;
    const deal = await visibleDeal(this, dealId, caller);
    const { companyId } = deal;
    const { now } = context;
    const found = await sidesEligible(this.eligibility, deal, { caller, now });
    const data = { partyId: caller.partyId, ...found.sides, ...body };
    const handled = await this.commands.handleMany({
      streams: streamsOf(dealId, companyId),
      decide: (states) => signDeal({ data, metadata: context }, states),
      context,
      refusalDetails: { ...found.refusalDetails, ...aboutShares('body.termsHash') },
      answer: (versions) => ({ id: dealId, streamVersion: dealVersion(dealId, versions) }),
    });
    return answerOf(handled, dealRejectionStatus, { constraints: constraintRejections });
  }

  @Post(':dealId/cancellation')
  @Operation(cancel)
  async cancel(
    @Input() { params }: InputOf<typeof cancel>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { dealId } = params;
    const { companyId } = await visibleDeal(this, dealId, caller);
    const data = { partyId: caller.partyId };
    const handled = await this.commands.handleMany({
      streams: streamsOf(dealId, companyId),
      decide: (states) => cancelDeal({ data, metadata: context }, states),
      context,
      answer: (versions) => ({ id: dealId, streamVersion: dealVersion(dealId, versions) }),
    });
    return answerOf(handled, dealRejectionStatus);
  }

  @Post(':dealId/board-approvals')
  @Operation(approve)
  async approve(
    @Input() { params, body }: InputOf<typeof approve>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { dealId } = params;
    const deal = await visibleDeal(this, dealId, caller);
    const { companyId } = deal;
    const { now } = context;
    const found = await sidesEligible(this.eligibility, deal, { caller, now });
    const approver = await this.eligibility.own(caller.partyId, knownAndFree, now);
    const { party_ineligible: approver_ineligible = {} } = approver.refusalDetails;
    const data = {
      approvedBy: caller.partyId,
      approverEligible: approver.eligible,
      ...found.sides,
      ...body,
    };
    const handled = await this.commands.handleMany({
      streams: streamsOf(dealId, companyId),
      decide: (states) => onDeal(approveDeal({ data, metadata: context }, states)),
      context,
      refusalDetails: { ...found.refusalDetails, approver_ineligible },
      answer: (versions) => ({ id: dealId, streamVersion: dealVersion(dealId, versions) }),
    });
    return answerOf(handled, dealRejectionStatus);
  }

  @Post(':dealId/activation')
  @Operation(activate)
  async activate(
    @Input() { params }: InputOf<typeof activate>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { dealId } = params;
    const deal = await visibleDeal(this, dealId, caller);
    const { now } = context;
    const found = await sidesEligible(this.eligibility, deal, { caller, now });
    const data = { partyId: caller.partyId, ...found.sides };
    const handled = await this.commands.handle({
      streamId: streamIds.deal(dealId),
      aggregate: dealAggregate,
      decide: (state) => activateDeal({ data, metadata: context }, state),
      context,
      refusalDetails: found.refusalDetails,
      answer: (streamVersion) => ({ id: dealId, streamVersion }),
    });
    return answerOf(handled, dealRejectionStatus);
  }

  @Get()
  @Operation(list)
  async list(
    @Input() { query }: InputOf<typeof list>,
    @Caller() caller: CallerIdentity,
  ): Promise<z.output<typeof dealsPage>> {
    const partyId = isOverseer(caller) ? undefined : caller.partyId;
    const start = { after: decodeCursor(query.cursor, fields.id), rowCount: query.limit + 1 };
    const rows = await this.deals.deals(partyId, start);
    const page = {
      limit: query.limit,
      toItem: toDealResponse,
      after: (row: DealRow) => row.dealId,
    };
    return pageFrom(rows, page) as z.output<typeof dealsPage>;
  }

  @Get(':dealId')
  @Operation(one)
  async one(
    @Input() { params }: InputOf<typeof one>,
    @Caller() caller: CallerIdentity,
  ): Promise<z.output<typeof dealDetailResponse>> {
    const row = await visibleDeal(this, params.dealId, caller);
    const tranches = await this.deals.tranches(row.dealId);
    return { ...toDealResponse(row), tranches: tranches.map(toTrancheResponse) };
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
