import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id, instant, ppm, sku } from '../fields.js';

/** A token holder asks to use GPU time; tokens must be held first. */
export const redemptionRequested = defineEvent({
  type: 'metering.redemption-requested',
  schemaVersion: 1,
  data: z.object({
    reservationId: id,
    partyId: id,
    seriesId: id,
    sku,
    weightVersion: z.int().min(1),
    weightPpm: ppm,
    quantity: tokenQuantity,
    expiresAt: instant,
  }),
});
export type RedemptionRequested = EventOf<typeof redemptionRequested>;
