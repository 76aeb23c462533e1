import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { reasonCode } from '../fields.js';
import {
  orderId,
  orderKind,
  orderSide,
  partyId,
  priceTicks,
  quantityLots,
  seriesId,
  timeInForce,
} from '../named-fields.js';

export const orderRefused = defineEvent({
  description:
    'An order was refused; the refusal is provable later. What it asked for came later and is missing in the oldest: with it, the same order sent again can be told from another one under its id.',
  type: 'market.order-refused',
  schemaVersion: 1,
  data: z.object({
    orderId,
    seriesId,
    partyId,
    reason: described(reasonCode, 'Why.', 'insufficient_cash'),
    side: orderSide.optional(),
    kind: orderKind.optional(),
    timeInForce: timeInForce.optional(),
    priceTicks: priceTicks.optional(),
    quantityLots: quantityLots.optional(),
  }),
});
export type OrderRefused = EventOf<typeof orderRefused>;
