import {
  Clock,
  derivedId,
  LOGGER,
  requireSettled,
  type Logger,
  type Sweep,
} from '@specie/nest-platform';
import { DeadlineQuery } from './deadline.query.js';
import { ExpireReservationHandler } from './expire-reservation.handler.js';

const expiryCountMax = 500;
const actor = 'service:metering';

/** Ends reservations that have passed their expiry or their grace, and says how many wait too long for their hold. */
export const expireReservations: Sweep = {
  name: 'metering expiry of reservations',
  everyMs: 2_000,
  isDue: (injector) => {
    const now = injector.get(Clock, { strict: false }).now();
    return injector.get(DeadlineQuery, { strict: false }).isDue(now);
  },
  run: async (injector) => {
    const deadlines = injector.get(DeadlineQuery, { strict: false });
    const expireReservation = injector.get(ExpireReservationHandler, { strict: false });
    const logger = injector.get<Logger>(LOGGER, { strict: false });
    const now = injector.get(Clock, { strict: false }).now();
    const failures: unknown[] = [];
    for (const reservationId of await deadlines.expired(now, expiryCountMax)) {
      // A reservation expires once, so every instance and every run sends the same command.
      const commandId = derivedId('expiry', reservationId);
      const context = { commandId, now, actor, correlationId: commandId, causationId: commandId };
      // One that cannot be expired now must not keep the others from it; the sweep fails and is shown.
      try {
        requireSettled(await expireReservation.handle({ reservationId }, context));
      } catch (error) {
        failures.push(error);
      }
    }
    const { count: overdue, oldestRequestedAt } = await deadlines.overdue(now);
    if (overdue > 0) {
      logger.warn({ overdue, oldestRequestedAt }, 'reservations wait too long for their hold');
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, 'reservations could not be expired');
    }
  },
};
