import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import {
  makerOrderId,
  partyId,
  priceTicks,
  quantityLots,
  selfTradePrevention,
  seriesId,
  takerOrderId,
} from '../named-fields.js';

export const selfTradePrevented = defineEvent({
  description:
    'Two orders of one owner met and did not trade; what became of each follows in the events after it.',
  type: 'market.self-trade-prevented',
  schemaVersion: 1,
  data: z.object({
    seriesId,
    partyId,
    makerOrderId,
    takerOrderId,
    priceTicks,
    quantityLots,
    mode: selfTradePrevention,
  }),
});
export type SelfTradePrevented = EventOf<typeof selfTradePrevented>;
