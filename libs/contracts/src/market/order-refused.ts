import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { reasonCode } from '../fields.js';
import {
  clientOrderId,
  displayLots,
  expiresAt,
  ocoOrderId,
  orderId,
  orderKind,
  orderSide,
  partyId,
  postOnly,
  priceTicks,
  quantityLots,
  quoteAmount,
  selfTradePrevention,
  seriesId,
  stopPriceTicks,
  timeInForce,
} from '../named-fields.js';

export const orderRefused = defineEvent({
  description:
    'An order was refused; the refusal is provable later. What it asked for came later and is missing in the oldest: with it, the same order sent again can be told from another one under its id.',
  type: 'market.order-refused',
  schemaVersion: 2,
  data: z.object({
    orderId,
    clientOrderId: clientOrderId.optional(),
    seriesId,
    partyId,
    reason: described(reasonCode, 'Why.', 'insufficient_cash'),
    side: orderSide.optional(),
    kind: orderKind.optional(),
    timeInForce: timeInForce.optional(),
    priceTicks: priceTicks.optional(),
    quantityLots: quantityLots.optional(),
    quoteAmount: quoteAmount.optional(),
    displayLots: displayLots.optional(),
    stopPriceTicks: stopPriceTicks.optional(),
    expiresAt: expiresAt.optional(),
    selfTradePrevention: selfTradePrevention.optional(),
    postOnly: postOnly.optional(),
    ocoOrderId: ocoOrderId.optional(),
  }),
  upcasters: { 1: (data) => data },
});
export type OrderRefused = EventOf<typeof orderRefused>;
