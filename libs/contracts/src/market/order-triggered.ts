import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import {
  leavesLots,
  orderId,
  partyId,
  priceTicks,
  reserved,
  seriesId,
  stopPriceTicks,
} from '../named-fields.js';

export const orderTriggered = defineEvent({
  description:
    'A trade reached the stop price of an order: it is a market or limit order from now on.',
  type: 'market.order-triggered',
  schemaVersion: 1,
  data: z.object({
    orderId,
    seriesId,
    partyId,
    stopPriceTicks,
    lastPriceTicks: described(priceTicks, 'The price of the trade.'),
    leavesLots,
    reserved,
  }),
});
export type OrderTriggered = EventOf<typeof orderTriggered>;
