import { Controller, Get, Inject, Post } from '@nestjs/common';
import { fields } from '@specie/contracts';
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
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import type { z } from 'zod';
import { acceptTranche, openTranche } from '../domain/deal/index.js';
import { CompaniesQuery } from '../projections/companies/companies.query.js';
import { DealsQuery, type WaitingTranche } from '../projections/deals/deals.query.js';
import { aboutShares, isOverseer, sidesEligible } from './access.js';
import { dealVersion, streamsOf, visibleDeal } from './deal-streams.js';
import { toWaitingResponse, trancheParams, tranchesPage, tranchesQuery } from './deals.dto.js';
import { constraintRejections, dealRejectionStatus } from './rejection-status.js';

const open = {
  summary: 'Open a tranche',
  description:
    'From now on the provider owes its tokens. The issuer delivers them or says why not; a failed tranche may be opened again.',
  roles: ['provider-admin'],
  params: trancheParams,
  response: writeResponse,
  status: 202,
  rejections: dealRejectionStatus,
} as const;

const accept = {
  summary: 'Accept delivered tokens; the shares of the tranche are issued with it',
  description: 'Tokens for shares in one step. After the last tranche the deal is completed.',
  roles: ['founder'],
  params: trancheParams,
  response: writeResponse,
  status: 201,
  rejections: dealRejectionStatus,
} as const;

const list = {
  summary: 'List tranches in one status',
  description:
    "By default those that wait for the issuer, and since when. The caller's own; auditors and compliance officers see all.",
  roles: 'authenticated',
  query: tranchesQuery,
  response: tranchesPage,
} as const;

@Controller()
export class TranchesController {
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

  @Post('deals/:dealId/tranches/:trancheId/openings')
  @Operation(open)
  async open(
    @Input() { params }: InputOf<typeof open>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { dealId, trancheId } = params;
    const deal = await visibleDeal(this, dealId, caller);
    const { now } = context;
    const found = await sidesEligible(this.eligibility, deal, { caller, now });
    const data = { partyId: caller.partyId, trancheId, ...found.sides };
    const handled = await this.commands.handleMany({
      streams: streamsOf(dealId, deal.companyId),
      decide: (states) => openTranche({ data, metadata: context }, states),
      context,
      refusalDetails: { ...found.refusalDetails, ...aboutShares('params.trancheId') },
      answer: (versions) => ({ id: trancheId, streamVersion: dealVersion(dealId, versions) }),
    });
    return answerOf(handled, dealRejectionStatus, { constraints: constraintRejections });
  }

  @Post('deals/:dealId/tranches/:trancheId/acceptances')
  @Operation(accept)
  async accept(
    @Input() { params }: InputOf<typeof accept>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { dealId, trancheId } = params;
    const deal = await visibleDeal(this, dealId, caller);
    const { now } = context;
    const found = await sidesEligible(this.eligibility, deal, { caller, now });
    const data = {
      ...found.sides,
      trancheId,
      acceptedBy: caller.partyId,
      issuanceId: derivedId('issuance', trancheId),
    };
    const handled = await this.commands.handleMany({
      streams: streamsOf(dealId, deal.companyId),
      decide: (states) => acceptTranche({ data, metadata: context }, states),
      context,
      refusalDetails: { ...found.refusalDetails, ...aboutShares('params.trancheId') },
      answer: (versions) => ({ id: trancheId, streamVersion: dealVersion(dealId, versions) }),
    });
    return answerOf(handled, dealRejectionStatus, { constraints: constraintRejections });
  }

  @Get('tranches')
  @Operation(list)
  async list(
    @Input() { query }: InputOf<typeof list>,
    @Caller() caller: CallerIdentity,
  ): Promise<z.output<typeof tranchesPage>> {
    const { cursor, limit, status } = query;
    const partyId = isOverseer(caller) ? undefined : caller.partyId;
    const start = { after: decodeCursor(cursor, fields.id), rowCount: limit + 1 };
    const rows = await this.deals.tranchesIn({ status, partyId }, start);
    const page = {
      limit,
      toItem: toWaitingResponse,
      after: (row: WaitingTranche) => row.trancheId,
    };
    return pageFrom(rows, page) as z.output<typeof tranchesPage>;
  }
}
