import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { providerId, uptimeHaircutBps } from '../named-fields.js';

export const providerRegistered = defineEvent({
  description: 'A compute provider may commit capacity and issue series.',
  type: 'issuance.provider-registered',
  schemaVersion: 1,
  data: z.object({
    providerId,
    uptimeHaircutBps,
  }),
});
export type ProviderRegistered = EventOf<typeof providerRegistered>;
