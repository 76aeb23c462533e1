import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Input,
  Operation,
  writeResponse,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import { dealRejectionStatus } from '../deal/deal.refusals.js';
import { AcceptTrancheHandler } from './accept-tranche.handler.js';
import { OpenTrancheHandler } from './open-tranche.handler.js';
import { trancheParams, tranchesPage, tranchesQuery } from './tranche.dto.js';
import { TrancheQuery } from './tranche.query.js';

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
  constructor(
    @Inject(OpenTrancheHandler) private readonly openTranche: OpenTrancheHandler,
    @Inject(AcceptTrancheHandler) private readonly acceptTranche: AcceptTrancheHandler,
    @Inject(TrancheQuery) private readonly tranches: TrancheQuery,
  ) {}

  @Post('deals/:dealId/tranches/:trancheId/openings')
  @Operation(open)
  open(
    @Input() { params }: InputOf<typeof open>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.openTranche.handle(params, context, caller), dealRejectionStatus);
  }

  @Post('deals/:dealId/tranches/:trancheId/acceptances')
  @Operation(accept)
  accept(
    @Input() { params }: InputOf<typeof accept>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.acceptTranche.handle(params, context, caller), dealRejectionStatus);
  }

  @Get('tranches')
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>, @Caller() caller: CallerIdentity) {
    return this.tranches.list(query, caller);
  }
}
