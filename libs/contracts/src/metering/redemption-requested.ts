import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, graceSeconds, id, instant, ppm, sku } from '../fields.js';

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
    /** When it was asked for; usage that began earlier does not count, unless `usageFromAt` says so. */
    requestedAt: instant.optional(),
    /** The holder agreed that usage counts from this instant on. */
    usageFromAt: instant.optional(),
    /** How long after its end finished work may still be reported. Without it there is no such time. */
    graceSeconds: graceSeconds.optional(),
  }),
});
export type RedemptionRequested = EventOf<typeof redemptionRequested>;
