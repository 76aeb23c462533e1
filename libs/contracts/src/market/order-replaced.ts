import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import {
  filledLots,
  leavesLots,
  orderId,
  partyId,
  priceTicks,
  quantityLots,
  reserved,
  seriesId,
  stopPriceTicks,
} from '../named-fields.js';

export const orderReplaced = defineEvent({
  description:
    'The price or the quantity of an open order changed. An order that is reduced to what is filled already ends.',
  type: 'market.order-replaced',
  schemaVersion: 1,
  data: z.object({
    orderId,
    seriesId,
    partyId,
    priceTicks,
    stopPriceTicks: stopPriceTicks.optional(),
    quantityLots,
    filledLots,
    leavesLots,
    keptPriority: z
      .boolean()
      .meta({ description: 'Whether the order kept its place in the queue.' }),
    reserved,
    askedPriceTicks: described(
      priceTicks,
      'What was asked, where it is another price: a post-only order slid, or the order ended.',
    ).optional(),
    askedStopPriceTicks: described(
      stopPriceTicks,
      'What was asked, where the order ended.',
    ).optional(),
    askedQuantityLots: described(
      quantityLots,
      'What was asked, where it is less than what is filled.',
    ).optional(),
  }),
});
export type OrderReplaced = EventOf<typeof orderReplaced>;
