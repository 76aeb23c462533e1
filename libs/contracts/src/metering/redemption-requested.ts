import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { graceSeconds, instant, sku, tokenQuantity } from '../fields.js';
import { partyId, reservationId, seriesId, weightPpm, weightVersion } from '../named-fields.js';

export const redemptionRequested = defineEvent({
  description: 'A token holder asks to use GPU time; tokens must be held first.',
  type: 'metering.redemption-requested',
  schemaVersion: 1,
  data: z.object({
    reservationId,
    partyId,
    seriesId,
    sku,
    weightVersion,
    weightPpm,
    quantity: described(tokenQuantity, 'How much is to be held.'),
    expiresAt: described(
      instant,
      'Use that ends later does not count.',
      '2026-03-02T08:00:00.000Z',
    ),
    requestedAt: described(
      instant,
      'When it was asked for; use that began earlier does not count, unless usageFromAt says so.',
    ).optional(),
    usageFromAt: described(instant, 'Use that began earlier does not count.').optional(),
    graceSeconds: described(
      graceSeconds,
      'How long after its end finished work may still be reported. Without it there is no such time.',
    ).optional(),
  }),
});
export type RedemptionRequested = EventOf<typeof redemptionRequested>;
