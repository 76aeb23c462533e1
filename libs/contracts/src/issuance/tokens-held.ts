import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { instant, tokenQuantity } from '../fields.js';
import { accountId, draws, holdId, partyId, seriesId } from '../named-fields.js';

export const tokensHeld = defineEvent({
  description: 'Tokens are set aside for a redemption; the draws are pinned now.',
  type: 'issuance.tokens-held',
  schemaVersion: 1,
  data: z.object({
    accountId,
    seriesId,
    partyId,
    holdId,
    quantity: described(tokenQuantity, 'How much is held, over all draws.'),
    draws,
    expiresAt: described(instant, 'When the hold ends at the latest.'),
  }),
});
export type TokensHeld = EventOf<typeof tokensHeld>;
