import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery, writeResponse } from '@specie/nest-platform';
import { z } from 'zod';

const orderStatus = z.enum(['open', 'filled', 'cancelled']).meta({
  description: '`open`: some of it waits in the book; `cancelled`: the rest left it unfilled.',
});
const sequence = z.int().min(0);
const tradeNumber = described(sequence, 'Trades of the shard, counted from 1.', 2);

export const seriesParams = z.strictObject({ seriesId: named.seriesId });
export const partyParams = z.strictObject({ partyId: named.partyId });
export const orderParams = z.strictObject({ orderId: named.orderId });
export const withdrawalParams = z.strictObject({ withdrawalId: named.withdrawalId });

export const openBookRequest = z.strictObject({
  seriesId: named.seriesId,
  currency: fields.currency,
  makerFeeBps: named.makerFeeBps,
  takerFeeBps: named.takerFeeBps,
  minimumLots: named.minimumLots,
  maximumLots: named.maximumLots,
});
export const bookResponse = z.strictObject({
  seriesId: named.seriesId,
  currency: fields.currency,
  makerFeeBps: named.makerFeeBps,
  takerFeeBps: named.takerFeeBps,
  minimumLots: named.minimumLots,
  maximumLots: named.maximumLots,
  openedAt: described(fields.instant, 'When trading began.'),
});
export const bookStateResponse = bookResponse.extend({
  bestBidTicks: described(
    fields.ticks,
    'The highest price that is bid; null where nobody buys.',
    24900,
  ).nullable(),
  bestAskTicks: described(
    fields.ticks,
    'The lowest price that is asked; null where nobody sells.',
    25000,
  ).nullable(),
  lastPriceTicks: described(
    fields.ticks,
    'The price of the last trade; null before the first.',
  ).nullable(),
  lastTradeNumber: described(sequence, 'The number of the last trade; 0 before the first.', 2),
  openOrders: described(fields.count, 'How many orders are open.', 5),
});
export const booksResponse = pageOf(bookResponse);

export const depthQuery = z.strictObject({
  levels: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'Expected a whole number from 1 to 999.')
    .meta({ description: 'How many prices of each side, 1 to 999.', examples: ['20'] })
    .transform(Number)
    .prefault('20'),
});
const depthLevel = z.strictObject({
  priceTicks: named.priceTicks,
  lots: z
    .int()
    .min(1)
    .meta({
      description: 'How much is open at the price, in lots of 0.01 token.',
      examples: [2000],
    }),
  orders: z
    .int()
    .min(1)
    .meta({ description: 'How many orders that is.', examples: [2] }),
});
export const depthResponse = z.strictObject({
  seriesId: named.seriesId,
  bids: z
    .array(depthLevel)
    .max(999)
    .meta({ description: 'Who would buy, the highest price first.' }),
  asks: z
    .array(depthLevel)
    .max(999)
    .meta({ description: 'Who would sell, the lowest price first.' }),
});

/** The public tape: what traded, never who. */
export const tapeItem = z.strictObject({
  tradeNumber,
  takerSide: named.takerSide,
  priceTicks: named.priceTicks,
  quantityLots: named.quantityLots,
  executedAt: described(fields.instant, 'When.'),
});
export const tapeResponse = pageOf(tapeItem);

export const cashDepositRequest = z.strictObject({
  depositId: chosenId(named.depositId),
  partyId: named.partyId,
  currency: fields.currency,
  amount: described(fields.moneyQuantity, 'How much came in.', '10000.000000'),
});
export const cashWithdrawalRequest = z.strictObject({
  withdrawalId: chosenId(named.withdrawalId),
  currency: fields.currency,
  amount: described(fields.moneyQuantity, 'How much to take out.', '500.000000'),
});
export const tokenWithdrawalRequest = z.strictObject({
  withdrawalId: chosenId(named.withdrawalId),
  seriesId: named.seriesId,
  quantity: described(fields.tokenQuantity, 'How much to take out.'),
});
export const withdrawalResponse = z.strictObject({
  withdrawalId: named.withdrawalId,
  partyId: named.partyId,
  seriesId: named.seriesId,
  quantity: described(fields.tokenQuantity, 'How much is taken out.'),
  status: z.enum(['requested', 'completed', 'reverted']).meta({
    description:
      '`completed`: the tokens are at the issuer; `reverted`: they are back in the trading account.',
  }),
  reason: described(fields.reasonCode, 'Why the issuer refused; null otherwise.').nullable(),
  requestedAt: described(fields.instant, 'When it was asked for.'),
  endedAt: described(
    fields.instant,
    'When it was completed or reverted; null while it waits.',
  ).nullable(),
});

export const balancesResponse = z.strictObject({
  partyId: named.partyId,
  cash: z
    .array(
      z.strictObject({
        currency: fields.currency,
        available: described(
          fields.moneyQuantity,
          'What can be spent or taken out.',
          '7949.900000',
        ),
        reserved: described(
          fields.moneyQuantity,
          'What is set aside for open orders.',
          '50.100000',
        ),
      }),
    )
    .max(1)
    .meta({ description: 'The cash of the account, by currency.' }),
  tokens: z
    .array(
      z.strictObject({
        seriesId: named.seriesId,
        available: described(fields.tokenQuantity, 'What can be sold or taken out.'),
        reserved: described(fields.tokenQuantity, 'What is set aside for open orders.', '5.000000'),
      }),
    )
    .max(10_000)
    .meta({ description: 'The tokens of the account, by series.' }),
});
export const feesResponse = z.strictObject({
  fees: z
    .array(
      z.strictObject({
        currency: fields.currency,
        earned: described(fields.moneyQuantity, 'All fees so far.', '5.355000'),
      }),
    )
    .max(8)
    .meta({ description: 'What the venue has earned, by currency.' }),
});

export const placeOrderRequest = z.strictObject({
  orderId: chosenId(named.orderId),
  seriesId: named.seriesId,
  side: named.orderSide,
  kind: named.orderKind,
  timeInForce: named.timeInForce,
  priceTicks: named.priceTicks,
  quantityLots: named.quantityLots,
});
export const placeOrderResponse = writeResponse.extend({
  status: orderStatus,
  filledLots: described(fields.lots, 'What is filled.', 1500),
  leavesLots: named.leavesLots,
});
export const cancelOrdersResponse = writeResponse.extend({
  cancelled: described(fields.count, 'How many orders were cancelled.', 3),
});

/** Whose, where several parties gave their order or withdrawal the same id; your own unless you may see others'. */
export const ownerQuery = z.strictObject({
  partyId: described(
    named.partyId,
    'Whose, where several parties gave theirs the same id; your own unless you may see others.',
  ).optional(),
});

export const ordersQuery = pageQuery.extend({
  status: orderStatus.optional(),
  seriesId: named.seriesId.optional(),
  partyId: named.partyId.optional(),
});
export const orderResponse = z.strictObject({
  orderId: named.orderId,
  orderNumber: described(sequence, 'Orders of the shard, counted from 1.', 17),
  seriesId: named.seriesId,
  partyId: named.partyId,
  side: named.orderSide,
  kind: named.orderKind,
  timeInForce: named.timeInForce,
  priceTicks: named.priceTicks,
  quantityLots: named.quantityLots,
  filledLots: described(fields.lots, 'What is filled.', 1500),
  leavesLots: named.leavesLots,
  status: orderStatus,
  cancelReason: described(
    fields.reasonCode,
    'Why the rest left the book; null otherwise.',
    'requested',
  ).nullable(),
  acceptedAt: described(fields.instant, 'When the order was accepted.'),
});
/** What was asked for is null in an order that was refused before it was kept. */
export const refusedOrderResponse = z.strictObject({
  orderId: named.orderId,
  seriesId: named.seriesId,
  partyId: named.partyId,
  status: z.literal('refused').meta({ description: 'The order was refused.' }),
  refusalReason: described(fields.reasonCode, 'Why.', 'insufficient_cash'),
  side: named.orderSide.nullable(),
  kind: named.orderKind.nullable(),
  timeInForce: named.timeInForce.nullable(),
  priceTicks: named.priceTicks.nullable(),
  quantityLots: named.quantityLots.nullable(),
  refusedAt: described(fields.instant, 'When.'),
});
export const oneOrderResponse = z.discriminatedUnion('status', [
  orderResponse,
  refusedOrderResponse,
]);
export const ordersResponse = pageOf(orderResponse);

export const tradesQuery = pageQuery.extend({
  seriesId: named.seriesId.optional(),
  partyId: named.partyId.optional(),
});
export const tradeResponse = z.strictObject({
  tradeId: named.tradeId,
  tradeNumber,
  seriesId: named.seriesId,
  makerOrderId: named.makerOrderId,
  takerOrderId: named.takerOrderId,
  takerSide: named.takerSide,
  buyerPartyId: named.buyerPartyId,
  sellerPartyId: named.sellerPartyId,
  priceTicks: named.priceTicks,
  quantityLots: named.quantityLots,
  notional: described(fields.moneyQuantity, 'Price times quantity.', '1785.000000'),
  buyerFee: described(fields.moneyQuantity, 'What the buyer paid on top.', '3.570000'),
  sellerFee: described(fields.moneyQuantity, 'What the seller got less.', '1.785000'),
  executedAt: described(fields.instant, 'When.'),
});
export const tradesResponse = pageOf(tradeResponse);

/** Where a newest-first page goes on. */
export const numberCursor = z.strictObject({ before: z.int().min(0) });
export const seriesCursor = z.strictObject({ after: fields.id });

export type PlaceOrderResponse = z.output<typeof placeOrderResponse>;
export type RefusedOrderResponse = z.output<typeof refusedOrderResponse>;
export type OrderResponse = z.output<typeof orderResponse>;
export type TradeResponse = z.output<typeof tradeResponse>;
