import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import {
  providerId,
  region,
  seriesId,
  skus,
  transferable,
  treasuryAccountId,
  windowFromOn,
  windowToOn,
} from '../named-fields.js';

export const seriesOpened = defineEvent({
  description: 'A series of tokens exists: same provider, delivery window, SKUs and rules.',
  type: 'issuance.series-opened',
  schemaVersion: 1,
  data: z.object({
    providerId,
    seriesId,
    treasuryAccountId,
    windowFromOn,
    windowToOn,
    skus,
    region,
    transferable,
  }),
});
export type SeriesOpened = EventOf<typeof seriesOpened>;
