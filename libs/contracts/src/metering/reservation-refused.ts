import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, reasonCode } from '../fields.js';

/** The tokens could not be held. */
export const reservationRefused = defineEvent({
  type: 'metering.reservation-refused',
  schemaVersion: 1,
  data: z.object({
    reservationId: id,
    reason: reasonCode,
  }),
});
export type ReservationRefused = EventOf<typeof reservationRefused>;
