import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Input,
  Operation,
  pageQuery,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import { reservationParams } from '../reservation/reservation.dto.js';
import { providerAccessStatus } from '../reservation/reservation.refusals.js';
import { ChargeUsageHandler } from './charge-usage.handler.js';
import { TotalsQuery } from './totals.query.js';
import {
  statementResponse,
  totalsQuery,
  totalsResponse,
  usageBatchRequest,
  usageBatchResponse,
  usageResponse,
} from './usage.dto.js';
import { UsageQuery } from './usage.query.js';
import { chargeUsageStatus } from './usage.refusals.js';

const ingest = {
  summary: 'Meter finished GPU use: 1 to 1,000 records, as a whole or not at all',
  description:
    'Only for the provider of the series. A record is named by source and recordId indefinitely: sent again it counts nothing, sent with other content the batch is refused. It must have ended, and lie between usageFromAt and expiresAt of the reservation; it may be reported until graceEndsAt. Records older than 35 days need backfill, which only a provider-admin may ask for.',
  roles: ['gpu-agent', 'provider-admin'],
  params: reservationParams,
  body: usageBatchRequest,
  response: usageBatchResponse,
  status: 200,
  rejections: { ...chargeUsageStatus, ...providerAccessStatus, backfill_not_permitted: 403 },
  bodyBytesMax: 1024 * 1024,
} as const;

const usage = {
  summary: 'List the usage records of a reservation',
  description: 'In the order in which they were counted.',
  roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
  params: reservationParams,
  query: pageQuery,
  response: usageResponse,
  rejections: { reservation_unknown: 404 },
} as const;

const statement = {
  summary: 'List the slices of a reservation',
  description: 'What each batch of usage cost; they sum to what was captured.',
  roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
  params: reservationParams,
  query: pageQuery,
  response: statementResponse,
  rejections: { reservation_unknown: 404 },
} as const;

const totals = {
  summary: 'List metered totals by party',
  description: 'Your own, those on your series as a provider, or all as an auditor.',
  roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
  query: totalsQuery,
  response: totalsResponse,
  rejections: { not_your_reservation: 403 },
} as const;

@Controller()
export class UsageController {
  constructor(
    @Inject(ChargeUsageHandler) private readonly chargeUsage: ChargeUsageHandler,
    @Inject(UsageQuery) private readonly usageOf: UsageQuery,
    @Inject(TotalsQuery) private readonly totalsOf: TotalsQuery,
  ) {}

  @Post('reservations/:reservationId/usage')
  @Operation(ingest)
  ingest(
    @Input() { params, body }: InputOf<typeof ingest>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    const command = { ...params, ...body };
    return answerOf(this.chargeUsage.handle(command, context, caller), chargeUsageStatus);
  }

  @Get('reservations/:reservationId/usage')
  @Operation(usage)
  usage(@Input() { params, query }: InputOf<typeof usage>, @Caller() caller: CallerIdentity) {
    return this.usageOf.records(params.reservationId, query, caller);
  }

  @Get('reservations/:reservationId/statement')
  @Operation(statement)
  statement(
    @Input() { params, query }: InputOf<typeof statement>,
    @Caller() caller: CallerIdentity,
  ) {
    return this.usageOf.statement(params.reservationId, query, caller);
  }

  @Get('usage-totals')
  @Operation(totals)
  totals(@Input() { query }: InputOf<typeof totals>, @Caller() caller: CallerIdentity) {
    return this.totalsOf.byParty(query, caller);
  }
}
