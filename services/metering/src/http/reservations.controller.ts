import { Controller, Get, Inject, Post, Res } from '@nestjs/common';
import { streamIds } from '@specie/contracts';
import { CommandHandler, type CommandContext } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import {
  answerOf,
  Caller,
  Command,
  decodeCursor,
  derivedId,
  etag,
  NotFound,
  hasRole,
  Input,
  Operation,
  pageFrom,
  SERVICE_CONFIG,
  writeResponse,
  type CallerIdentity,
  type HttpResponse,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { atoms, gpuSeconds, microTokens, type GpuSku } from '@specie/quantities';
import type { MeteringConfig } from '../config.js';
import {
  closeReservation,
  requestRedemption,
  reservationAggregate,
} from '../domain/reservation/index.js';
import { ReservationsQuery } from '../projections/reservations.query.js';
import type { ReservationRow, SeriesRow } from '../projections/rows.js';
import { SeriesQuery } from '../projections/series.query.js';
import { providerAccessStatus, requireProvider, scopeOf, visibleReservation } from './access.js';
import {
  idCursor,
  redemptionRequest,
  reservationParams,
  reservationResponse,
  reservationsQuery,
  reservationsResponse,
  type ReservationResponse,
} from './metering.dto.js';
import { closeReservationStatus, requestRedemptionStatus } from './rejection-status.js';

const requestInput = { body: redemptionRequest };
const reservationInput = { params: reservationParams };
const dayMs = 86_400_000;
const listInput = { query: reservationsQuery };

@Controller('reservations')
export class ReservationsController {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(ReservationsQuery) private readonly reservations: ReservationsQuery,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
    @Inject(SERVICE_CONFIG) private readonly config: MeteringConfig,
  ) {}

  @Post()
  @Operation({
    summary: 'Reserve tokens for GPU time',
    description:
      'Usage can be metered once the issuer holds the tokens; until then the status is requested. Usage counts from the request on, or from usageFromAt if you agree to pay for earlier work, and up to expiresAt, which may not lie beyond the delivery window of the series.',
    roles: ['founder', 'investor', 'provider-admin'],
    ...requestInput,
    response: writeResponse,
    status: 202,
    rejections: requestRedemptionStatus,
  })
  async request(
    @Input() { body }: InputOf<typeof requestInput>,
    @Caller() { partyId }: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const reservationId = body.reservationId ?? derivedId('reservation', context.commandId);
    const { now, actor } = context;
    const { eligible, refusalDetails } = await this.eligibility.own(partyId, 'redeem', now);
    const deliveryEndsAt = deliveryEndOf(await this.series.one(body.seriesId));
    const graceSeconds = this.config.USAGE_GRACE_SECONDS;
    const handled = await this.commands.handle({
      streamId: streamIds.reservation(reservationId),
      aggregate: reservationAggregate,
      decide: (state) =>
        requestRedemption(
          {
            data: { ...body, reservationId, partyId, graceSeconds, deliveryEndsAt, eligible },
            metadata: { now, actor },
          },
          state,
        ),
      context,
      answer: (streamVersion) => ({ id: reservationId, streamVersion }),
      refusalDetails,
    });
    return answerOf(handled, requestRedemptionStatus);
  }

  @Post(':reservationId/closing')
  @Operation({
    summary: 'Close a reservation; what was not captured is released',
    description: 'For its owner and for the provider of its series.',
    roles: ['founder', 'investor', 'provider-admin', 'gpu-agent'],
    ...reservationInput,
    response: writeResponse,
    status: 200,
    rejections: { ...closeReservationStatus, ...providerAccessStatus },
  })
  async close(
    @Input() { params }: InputOf<typeof reservationInput>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { reservationId } = params;
    const { eligibility } = this;
    const reservation = await this.reservations.one(reservationId);
    if (reservation?.partyId !== caller.partyId) {
      if (!hasRole(caller, 'gpu-agent', 'provider-admin')) {
        throw new NotFound('reservation_unknown');
      }
      await requireProvider(caller, reservation, { eligibility, now: context.now });
    }
    const handled = await this.commands.handle({
      streamId: streamIds.reservation(reservationId),
      aggregate: reservationAggregate,
      decide: (current) => closeReservation({ data: params }, current),
      context,
      answer: (streamVersion) => ({ id: reservationId, streamVersion }),
    });
    return answerOf(handled, closeReservationStatus);
  }

  @Get()
  @Operation({
    summary: 'List reservations: your own, on your series as a provider, or all as an auditor',
    description: 'Filter by status and party, or find those that wait too long for the issuer.',
    roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
    ...listInput,
    response: reservationsResponse,
    rejections: { not_your_reservation: 403 },
  })
  async list(@Input() { query }: InputOf<typeof listInput>, @Caller() caller: CallerIdentity) {
    const rows = await this.reservations.list(
      scopeOf(caller, query.partyId),
      { status: query.status, isHoldOverdue: query.holdOverdue !== undefined },
      { after: decodeCursor(query.cursor, idCursor)?.after, rowCount: query.limit + 1 },
    );
    return pageFrom(rows, {
      limit: query.limit,
      toItem: (row) => toReservation(row, this.reservations.isHoldOverdue(row)),
      after: ({ reservationId }) => ({ after: reservationId }),
    });
  }

  @Get(':reservationId')
  @Operation({
    summary: 'Show a reservation with its metered totals',
    description: 'What is held, captured and left, and how much GPU time was counted.',
    roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
    ...reservationInput,
    response: reservationResponse,
    rejections: { reservation_unknown: 404 },
  })
  async one(
    @Input() { params }: InputOf<typeof reservationInput>,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ReservationResponse> {
    const row = await visibleReservation(this.reservations, params.reservationId, caller);
    etag(response, row.streamVersion);
    return toReservation(row, this.reservations.isHoldOverdue(row));
  }
}

/** The end of the last day on which a series is delivered. */
function deliveryEndOf(series: SeriesRow | null): string | null {
  if (!series) return null;
  return new Date(Date.parse(`${series.windowToOn}T00:00:00.000Z`) + dayMs).toISOString();
}

function toReservation(row: ReservationRow, holdOverdue: boolean): ReservationResponse {
  const ended = row.status === 'closed' || row.status === 'refused';
  return {
    reservationId: row.reservationId,
    partyId: row.partyId,
    seriesId: row.seriesId,
    sku: row.sku as GpuSku,
    weightVersion: row.weightVersion,
    weightPpm: row.weightPpm,
    quantity: microTokens(row.quantity),
    status: row.status,
    reason: row.reason,
    held: microTokens(row.held),
    captured: microTokens(row.captured),
    released: microTokens(row.released),
    open: microTokens(ended ? 0n : row.held - row.captured - row.released),
    usageCount: row.usageCount,
    gpuSeconds: gpuSeconds(row.gpuSeconds),
    atoms: atoms(row.atoms),
    requestedAt: row.requestedAt.toISOString(),
    usageFromAt: row.usageFromAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    graceEndsAt: new Date(row.expiresAt.getTime() + row.graceSeconds * 1_000).toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    holdOverdue,
    streamVersion: row.streamVersion,
  };
}
