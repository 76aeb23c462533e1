import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { captured, partyId, released, reservationId, seriesId } from '../named-fields.js';

export const reservationClosed = defineEvent({
  description: 'No more usage; what is left of the hold is released.',
  type: 'metering.reservation-closed',
  schemaVersion: 1,
  data: z.object({
    reservationId,
    partyId,
    seriesId,
    captured,
    released,
    reason: z
      .enum(['requested', 'expired', 'exhausted'])
      .meta({ description: 'Why it was closed.' }),
  }),
});
export type ReservationClosed = EventOf<typeof reservationClosed>;
