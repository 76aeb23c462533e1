import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { reasonCode } from '../fields.js';
import { reservationId } from '../named-fields.js';

export const reservationRefused = defineEvent({
  description: 'The tokens could not be held.',
  type: 'metering.reservation-refused',
  schemaVersion: 1,
  data: z.object({
    reservationId,
    reason: described(reasonCode, 'Why the tokens could not be held.', 'insufficient_tokens'),
  }),
});
export type ReservationRefused = EventOf<typeof reservationRefused>;
