import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, day, sku, externalId } from '../fields.js';

/** A series of tokens exists: same provider, delivery window, SKUs and rules. */
export const seriesOpened = defineEvent({
  type: 'issuance.series-opened',
  schemaVersion: 1,
  data: z.object({
    providerId: id,
    seriesId: id,
    treasuryAccountId: id,
    windowFromOn: day,
    windowToOn: day,
    skus: z.array(sku).min(1).max(32),
    region: externalId,
    transferable: z.boolean(),
  }),
});
export type SeriesOpened = EventOf<typeof seriesOpened>;
