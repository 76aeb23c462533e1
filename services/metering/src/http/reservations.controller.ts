import { Controller, Get, Inject, Post, Res } from '@nestjs/common';
import { streamIds } from '@specie/contracts';
import { CommandHandler, type CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Clock,
  Command,
  decodeCursor,
  derivedId,
  EligibilityDirectory,
  etag,
  Forbidden,
  hasRole,
  Input,
  NotFound,
  Operation,
  pageFrom,
  writeResponse,
  type CallerIdentity,
  type HttpResponse,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { atoms, gpuSeconds, microTokens, type GpuSku } from '@specie/quantities';
import { DataSource, LessThan, MoreThan, type FindOptionsWhere } from 'typeorm';
import {
  closeReservation,
  requestRedemption,
  reservationAggregate,
} from '../domain/reservation/index.js';
import { holdAnswerMsMax } from '../holds.js';
import { ReservationEntity, type ReservationRow } from '../projections/rows.js';
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
const listInput = { query: reservationsQuery };

@Controller('reservations')
export class ReservationsController {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(EligibilityDirectory) private readonly eligibility: EligibilityDirectory,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post()
  @Operation({
    summary: 'Reserve tokens for GPU time',
    description:
      'Usage can be metered once the issuer holds the tokens; until then the status is requested.',
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
    const allowed = await this.eligibility.check(this.dataSource, partyId, 'redeem', context.now);
    const { now, actor } = context;
    const handled = await this.commands.handle({
      streamId: streamIds.reservation(reservationId),
      aggregate: reservationAggregate,
      decide: (state) =>
        requestRedemption(
          {
            data: { ...body, reservationId, partyId, eligible: allowed === 'eligible' },
            metadata: { now, actor },
          },
          state,
        ),
      context,
      answer: (streamVersion) => ({ id: reservationId, streamVersion }),
    });
    return answerOf(handled, requestRedemptionStatus);
  }

  @Post(':reservationId/closing')
  @Operation({
    summary: 'Close a reservation; what was not captured is released',
    roles: ['founder', 'investor', 'provider-admin', 'gpu-agent'],
    ...reservationInput,
    response: writeResponse,
    status: 200,
    rejections: closeReservationStatus,
  })
  async close(
    @Input() { params }: InputOf<typeof reservationInput>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { reservationId } = params;
    const streamId = streamIds.reservation(reservationId);
    const { state } = await this.commands.load(streamId, reservationAggregate);
    const isOwner = state.status !== 'unknown' && state.terms.partyId === caller.partyId;
    if (state.status !== 'unknown' && !isOwner && !hasRole(caller, 'gpu-agent')) {
      throw new Forbidden('not_your_reservation');
    }
    const handled = await this.commands.handle({
      streamId,
      aggregate: reservationAggregate,
      decide: (current) => closeReservation({ data: params }, current),
      context,
      answer: (streamVersion) => ({ id: reservationId, streamVersion }),
    });
    return answerOf(handled, closeReservationStatus);
  }

  @Get()
  @Operation({
    summary: 'List reservations: your own, or any for agent and auditor',
    roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
    ...listInput,
    response: reservationsResponse,
    rejections: { not_your_reservation: 403 },
  })
  async list(@Input() { query }: InputOf<typeof listInput>, @Caller() caller: CallerIdentity) {
    const partyId = partyScope(caller, query.partyId);
    const after = decodeCursor(query.cursor, idCursor)?.after;
    const overdueSince = new Date(Date.parse(this.clock.now()) - holdAnswerMsMax);
    const where: FindOptionsWhere<ReservationRow> = {
      ...(partyId === undefined ? {} : { partyId }),
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(after === undefined ? {} : { reservationId: MoreThan(after) }),
      ...(query.holdOverdue === undefined
        ? {}
        : { status: 'requested' as const, requestedAt: LessThan(overdueSince) }),
    };
    const rows = await this.dataSource
      .getRepository(ReservationEntity)
      .find({ where, order: { reservationId: 'ASC' }, take: query.limit + 1 });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: (row) => toReservation(row, this.clock.now()),
      after: ({ reservationId }) => ({ after: reservationId }),
    });
  }

  @Get(':reservationId')
  @Operation({
    summary: 'One reservation with its metered totals',
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
    const row = await visibleReservation(this.dataSource, params.reservationId, caller);
    etag(response, row.streamVersion);
    return toReservation(row, this.clock.now());
  }
}

/** The reservation, if the caller may see it; somebody else's is as unknown as none. */
export async function visibleReservation(
  dataSource: DataSource,
  reservationId: string,
  caller: CallerIdentity,
): Promise<ReservationRow> {
  const row = await dataSource.getRepository(ReservationEntity).findOneBy({ reservationId });
  if (!row || !(row.partyId === caller.partyId || hasRole(caller, 'gpu-agent', 'auditor'))) {
    throw new NotFound('reservation_unknown');
  }
  return row;
}

/** Whose rows a listing shows; undefined means everybody's. */
export function partyScope(caller: CallerIdentity, asked: string | undefined): string | undefined {
  if (hasRole(caller, 'gpu-agent', 'auditor')) {
    return asked;
  }
  if (asked !== undefined && asked !== caller.partyId) {
    throw new Forbidden('not_your_reservation');
  }
  return caller.partyId;
}

function toReservation(row: ReservationRow, now: string): ReservationResponse {
  const waitedMs = Date.parse(now) - row.requestedAt.getTime();
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
    expiresAt: row.expiresAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    holdOverdue: row.status === 'requested' && waitedMs > holdAnswerMsMax,
    streamVersion: row.streamVersion,
  };
}
