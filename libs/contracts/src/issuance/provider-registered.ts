import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, bps } from '../fields.js';

/** A compute provider may commit capacity and issue series. */
export const providerRegistered = defineEvent({
  type: 'issuance.provider-registered',
  schemaVersion: 1,
  data: z.object({
    providerId: id,
    uptimeHaircutBps: bps,
  }),
});
export type ProviderRegistered = EventOf<typeof providerRegistered>;
