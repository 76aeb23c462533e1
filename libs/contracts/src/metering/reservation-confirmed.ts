import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** The tokens are held; usage may be metered. */
export const reservationConfirmed = defineEvent({
  type: 'metering.reservation-confirmed',
  schemaVersion: 1,
  data: z.object({
    reservationId: id,
    held: tokenQuantity,
  }),
});
export type ReservationConfirmed = EventOf<typeof reservationConfirmed>;
