import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** No more usage; what is left of the hold is released. */
export const reservationClosed = defineEvent({
  type: 'metering.reservation-closed',
  schemaVersion: 1,
  data: z.object({
    reservationId: id,
    partyId: id,
    seriesId: id,
    captured: tokenQuantity,
    released: tokenQuantity,
    reason: z.enum(['requested', 'expired', 'exhausted']),
  }),
});
export type ReservationClosed = EventOf<typeof reservationClosed>;
