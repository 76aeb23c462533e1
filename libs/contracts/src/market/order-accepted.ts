import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
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
  reserved,
  selfTradePrevention,
  seriesId,
  stopPriceTicks,
  timeInForce,
} from '../named-fields.js';

export const orderAccepted = defineEvent({
  description:
    'An order was accepted; cash or tokens are reserved for it. What is reserved later is `reserved / quantityLots` times the leaves, unless a later event of the order states it; an order by amount reserves nothing beyond its own command. Without `selfTradePrevention` it is `cancel_newest`.',
  type: 'market.order-accepted',
  schemaVersion: 2,
  data: z.object({
    orderId,
    orderNumber: z
      .int()
      .min(1)
      .meta({ description: 'Orders of the shard, counted from 1.', examples: [17] }),
    clientOrderId: clientOrderId.optional(),
    seriesId,
    partyId,
    side: orderSide,
    kind: orderKind,
    timeInForce,
    priceTicks,
    askedPriceTicks: described(
      priceTicks,
      'What was asked, where a post-only order slid behind the best price.',
    ).optional(),
    quantityLots,
    quoteAmount: quoteAmount.optional(),
    displayLots: displayLots.optional(),
    stopPriceTicks: stopPriceTicks.optional(),
    expiresAt: expiresAt.optional(),
    selfTradePrevention: selfTradePrevention.optional(),
    postOnly: postOnly.optional(),
    ocoOrderId: ocoOrderId.optional(),
    reserved,
  }),
  upcasters: { 1: (data) => data },
});
export type OrderAccepted = EventOf<typeof orderAccepted>;
