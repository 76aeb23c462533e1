import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import {
  answerOf,
  Caller,
  Command,
  decodeCursor,
  Forbidden,
  hasRole,
  Input,
  Operation,
  pageFrom,
  pageQuery,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import { atoms, gpuSeconds, microTokens } from '@specie/quantities';
import { DataSource, MoreThan } from 'typeorm';
import { UsageIngestion } from '../ingestion/usage-ingestion.js';
import { ReservationsQuery } from '../projections/reservations.query.js';
import { SliceEntity, UsageEntity } from '../projections/rows.js';
import { totalsByParty } from '../projections/totals.query.js';
import { providerAccessStatus, requireProvider, scopeOf, visibleReservation } from './access.js';
import {
  idCursor,
  positionCursor,
  reservationParams,
  statementResponse,
  totalsQuery,
  totalsResponse,
  usageBatchRequest,
  usageBatchResponse,
  usageQuery,
  usageResponse,
} from './metering.dto.js';
import { chargeUsageStatus } from './rejection-status.js';

const batchInput = { params: reservationParams, body: usageBatchRequest };
const usageInput = { params: reservationParams, query: usageQuery };
const statementInput = { params: reservationParams, query: pageQuery };
const totalsInput = { query: totalsQuery };

@Controller()
export class UsageController {
  constructor(
    @Inject(UsageIngestion) private readonly ingestion: UsageIngestion,
    @Inject(ReservationsQuery) private readonly reservations: ReservationsQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Post('reservations/:reservationId/usage')
  @Operation({
    summary: 'Meter finished GPU use: 1 to 1,000 records, as a whole or not at all',
    description:
      'Only for the provider of the series. A record is named by source and recordId indefinitely: sent again it counts nothing, sent with other content the batch is refused. It must have ended, and lie between usageFromAt and expiresAt of the reservation; it may be reported until graceEndsAt. Records older than 35 days need backfill, which only a provider-admin may ask for.',
    roles: ['gpu-agent', 'provider-admin'],
    ...batchInput,
    response: usageBatchResponse,
    status: 200,
    rejections: { ...chargeUsageStatus, ...providerAccessStatus, backfill_not_permitted: 403 },
    bodyBytesMax: 1024 * 1024,
  })
  async ingest(
    @Input() { params, body }: InputOf<typeof batchInput>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    if (body.backfill && !hasRole(caller, 'provider-admin')) {
      throw new Forbidden('backfill_not_permitted');
    }
    const { eligibility, reservations } = this;
    const reservation = await reservations.one(params.reservationId);
    const { now } = context;
    const providerId = await requireProvider(caller, reservation, { eligibility, now });
    const handled = await this.ingestion.ingest({ ...params, ...body, providerId, context });
    return answerOf(handled, chargeUsageStatus);
  }

  @Get('reservations/:reservationId/usage')
  @Operation({
    summary: 'List the usage records of a reservation',
    description: 'In the order in which they were counted.',
    roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
    ...usageInput,
    response: usageResponse,
    rejections: { reservation_unknown: 404 },
  })
  async usage(
    @Input() { params, query }: InputOf<typeof usageInput>,
    @Caller() caller: CallerIdentity,
  ) {
    await visibleReservation(this.reservations, params.reservationId, caller);
    const after = decodeCursor(query.cursor, positionCursor)?.after ?? 0;
    const rows = await this.dataSource.getRepository(UsageEntity).find({
      where: { ...params, position: MoreThan(after) },
      order: { position: 'ASC' },
      take: query.limit + 1,
    });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: (row) => ({
        source: row.source,
        recordId: row.recordId,
        gpuCount: row.gpuCount,
        fraction7000: row.fraction7000,
        startedAt: row.startedAt.toISOString(),
        seconds: row.seconds,
        gpuSeconds: gpuSeconds(row.gpuSeconds),
        atoms: atoms(row.atoms),
      }),
      after: ({ position }) => ({ after: position }),
    });
  }

  @Get('reservations/:reservationId/statement')
  @Operation({
    summary: 'List the slices of a reservation',
    description: 'What each batch of usage cost; they sum to what was captured.',
    roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
    ...statementInput,
    response: statementResponse,
    rejections: { reservation_unknown: 404 },
  })
  async statement(
    @Input() { params, query }: InputOf<typeof statementInput>,
    @Caller() caller: CallerIdentity,
  ) {
    await visibleReservation(this.reservations, params.reservationId, caller);
    const after = decodeCursor(query.cursor, positionCursor)?.after ?? 0;
    const rows = await this.dataSource.getRepository(SliceEntity).find({
      where: { ...params, sliceNumber: MoreThan(after) },
      order: { sliceNumber: 'ASC' },
      take: query.limit + 1,
    });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: (row) => ({
        captureId: row.captureId,
        sliceNumber: row.sliceNumber,
        usageCount: row.usageCount,
        gpuSeconds: gpuSeconds(row.gpuSeconds),
        atoms: atoms(row.atoms),
        captured: microTokens(row.captured),
        capturedCumulative: microTokens(row.capturedCumulative),
        capturedAt: row.capturedAt.toISOString(),
      }),
      after: ({ sliceNumber }) => ({ after: sliceNumber }),
    });
  }

  @Get('usage-totals')
  @Operation({
    summary: 'List metered totals by party',
    description: 'Your own, those on your series as a provider, or all as an auditor.',
    roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
    ...totalsInput,
    response: totalsResponse,
    rejections: { not_your_reservation: 403 },
  })
  async totals(@Input() { query }: InputOf<typeof totalsInput>, @Caller() caller: CallerIdentity) {
    const after = decodeCursor(query.cursor, idCursor)?.after;
    const rows = await totalsByParty(this.dataSource, scopeOf(caller, query.partyId), {
      after,
      limit: query.limit + 1,
    });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: (row) => row,
      after: (row) => ({ after: row.partyId }),
    });
  }
}
