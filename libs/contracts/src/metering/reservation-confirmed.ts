import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import { reservationId } from '../named-fields.js';

export const reservationConfirmed = defineEvent({
  description: 'The tokens are held; usage may be metered.',
  type: 'metering.reservation-confirmed',
  schemaVersion: 1,
  data: z.object({
    reservationId,
    held: described(tokenQuantity, 'How much is held.'),
  }),
});
export type ReservationConfirmed = EventOf<typeof reservationConfirmed>;
