import { streamIds } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import {
  Clock,
  derivedId,
  LOGGER,
  requireSettled,
  type Logger,
  type Sweep,
} from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import {
  expireReservation,
  reservationAggregate,
  type Reservation,
  type ReservationEvent,
} from '../domain/reservation/index.js';
import { holdAnswerMsMax } from '../holds.js';

const expiryCountMax = 500;

/** At the instant $1. */
const isExpired = `status in ('requested', 'confirmed') and expires_at <= $1
  and (status = 'requested' or expires_at + make_interval(secs => grace_seconds) <= $1)`;

/** Ends reservations that have passed their expiry or their grace, and says how many wait too long for their hold. */
export const expireReservations: Sweep = {
  name: 'metering expiry of reservations',
  everyMs: 2_000,
  isDue: async (injector) => {
    const now = injector.get(Clock, { strict: false }).now();
    const due = await injector.get(DataSource, { strict: false }).query<unknown[]>(
      `select 1 from reservations
        where ${isExpired} or (status = 'requested' and requested_at < $2) limit 1`,
      [now, overdueBefore(now)],
    );
    return due.length > 0;
  },
  run: async (injector) => {
    const dataSource = injector.get(DataSource, { strict: false });
    const commands = injector.get(CommandHandler, { strict: false });
    const now = injector.get(Clock, { strict: false }).now();
    const expired = await dataSource.query<{ readonly reservation_id: string }[]>(
      `select reservation_id from reservations where ${isExpired}
        order by expires_at limit $2`,
      [now, expiryCountMax],
    );
    const failures: unknown[] = [];
    for (const { reservation_id: reservationId } of expired) {
      // One that cannot be expired now must not keep the others from it; the sweep fails and is shown.
      await expire(commands, reservationId, now).catch((error: unknown) => failures.push(error));
    }
    await reportOverdue(dataSource, injector.get<Logger>(LOGGER, { strict: false }), now);
    if (failures.length > 0) {
      throw new AggregateError(failures, 'reservations could not be expired');
    }
  },
};

async function expire(commands: CommandHandler, reservationId: string, now: string): Promise<void> {
  const actor = 'service:metering';
  // A reservation expires once, so every instance and every run sends the same command.
  const commandId = derivedId('expiry', reservationId);
  requireSettled(
    await commands.handle<Reservation, ReservationEvent, never>({
      streamId: streamIds.reservation(reservationId),
      aggregate: reservationAggregate,
      decide: (state) =>
        expireReservation({ data: { reservationId }, metadata: { now, actor } }, state),
      context: { commandId, now, actor, correlationId: commandId, causationId: commandId },
    }),
  );
}

function overdueBefore(now: string): string {
  return new Date(Date.parse(now) - holdAnswerMsMax).toISOString();
}

async function reportOverdue(dataSource: DataSource, logger: Logger, now: string): Promise<void> {
  const rows = await dataSource.query<{ readonly count: string; readonly oldest: Date | null }[]>(
    `select count(*) as count, min(requested_at) as oldest from reservations where status = 'requested' and requested_at < $1`,
    [overdueBefore(now)],
  );
  const overdue = Number(rows[0]?.count ?? 0);
  if (overdue > 0) {
    logger.warn(
      { overdue, oldestRequestedAt: rows[0]?.oldest?.toISOString() },
      'reservations wait too long for their hold',
    );
  }
}
