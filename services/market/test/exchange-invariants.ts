import { assertNever } from '@specie/event-sourcing';
import { microTokensPerLot } from '@specie/quantities';
import { expect } from 'vitest';
import type { Exchange, ExchangeEvent } from '../src/exchange/exchange.state.js';
import { partyIds, seriesIds } from './exchange-simulation.js';

function sum(values: Iterable<bigint>): bigint {
  return [...values].reduce((total, value) => total + value, 0n);
}

function totalOf(
  events: readonly ExchangeEvent[],
  type: ExchangeEvent['type'],
  seriesId?: string,
): bigint {
  return sum(
    events
      .filter(
        (event) =>
          event.type === type &&
          (seriesId === undefined ||
            ('seriesId' in event.data && event.data.seriesId === seriesId)),
      )
      .map(({ data }) =>
        'amount' in data ? data.amount : 'quantity' in data ? data.quantity : 0n,
      ),
  );
}

/** X1 to X4 of the exchange, from the log alone on the one side and memory on the other. */
export function checkInvariants(exchange: Exchange, events: readonly ExchangeEvent[]): void {
  const cash = [...exchange.cash.values()];
  const deposits =
    totalOf(events, 'market.cash-deposited') - totalOf(events, 'market.cash-withdrawn');
  expect(deposits).toBe(
    sum(cash.map(({ available, reserved }) => available + reserved)) + exchange.feesEarned,
  );
  expect(exchange.cashTotal).toBe(deposits);
  for (const seriesId of seriesIds) {
    const held = [...exchange.tokens]
      .filter(([key]) => key.startsWith(seriesId))
      .map(([, { available, reserved }]) => available + reserved);
    const pending = [...exchange.pendingWithdrawals.values()]
      .filter((data) => data.seriesId === seriesId)
      .map(({ quantity }) => quantity);
    expect(
      totalOf(events, 'market.tokens-deposited', seriesId) -
        totalOf(events, 'market.withdrawal-completed', seriesId),
    ).toBe(sum(held) + sum(pending));
    const book = exchange.books.get(seriesId);
    const bestBid = book?.bids.prices[0] ?? 0;
    expect(bestBid < (book?.asks.prices[0] ?? 2 ** 20)).toBe(true);
  }
  const orders = [...exchange.openOrders.values()];
  for (const partyId of partyIds) {
    const own = orders.filter((order) => order.partyId === partyId);
    const buys = own
      .filter(({ side }) => side === 'buy')
      .map(({ leavesLots, reservedPerLot }) => BigInt(leavesLots) * reservedPerLot);
    expect(exchange.cash.get(partyId)?.reserved ?? 0n).toBe(sum(buys));
    for (const seriesId of seriesIds) {
      const sells = own.filter((order) => order.side === 'sell' && order.seriesId === seriesId);
      expect(exchange.tokens.get(`${seriesId}/${partyId}`)?.reserved ?? 0n).toBe(
        sum(sells.map(({ leavesLots }) => BigInt(leavesLots) * microTokensPerLot)),
      );
    }
  }
}

/** X5 and X7 by a second, naive reading of the log: a list of orders, the best of which must be the next maker. */
export function checkPriority(events: readonly ExchangeEvent[]): void {
  const open = new Map<
    string,
    {
      seriesId: string;
      side: string;
      partyId: string;
      price: number;
      number: number;
      leaves: number;
    }
  >();
  for (const event of events) {
    const { type, data } = event;
    switch (type) {
      case 'market.order-accepted':
        open.set(`${data.partyId} ${data.orderId}`, {
          seriesId: data.seriesId,
          side: data.side,
          partyId: data.partyId,
          price: data.priceTicks,
          number: data.orderNumber,
          leaves: data.quantityLots,
        });
        break;
      case 'market.order-cancelled': {
        const key = `${data.partyId} ${data.orderId}`;
        expect(open.get(key)?.leaves).toBe(data.leavesLots);
        open.delete(key);
        break;
      }
      case 'market.trade-executed': {
        const { buyerPartyId, sellerPartyId } = data;
        const [takerPartyId, makerPartyId] =
          data.takerSide === 'buy' ? [buyerPartyId, sellerPartyId] : [sellerPartyId, buyerPartyId];
        const makerKey = `${makerPartyId} ${data.makerOrderId}`;
        const takerKey = `${takerPartyId} ${data.takerOrderId}`;
        const maker = open.get(makerKey);
        const taker = open.get(takerKey);
        if (!maker || !taker) {
          throw new Error('a trade names an order that is not open');
        }
        const better = [...open.values()].filter(
          (order) =>
            order !== taker &&
            order.seriesId === maker.seriesId &&
            order.side === maker.side &&
            (order.price === maker.price
              ? order.number < maker.number
              : order.price < maker.price === (maker.side === 'sell')),
        );
        expect(better).toEqual([]);
        expect(data.priceTicks).toBe(maker.price);
        expect(data.buyerPartyId).not.toBe(data.sellerPartyId);
        for (const [key, order] of [
          [makerKey, maker],
          [takerKey, taker],
        ] as const) {
          order.leaves -= data.quantityLots;
          if (order.leaves === 0) {
            open.delete(key);
          }
        }
        break;
      }
      case 'market.book-opened':
      case 'market.cash-deposited':
      case 'market.cash-withdrawn':
      case 'market.order-refused':
      case 'market.tokens-deposited':
      case 'market.withdrawal-requested':
      case 'market.withdrawal-completed':
      case 'market.withdrawal-reverted':
        break;
      default:
        assertNever(event);
    }
  }
}

/** X8: no kind of thing of a party has an id twice. */
export function checkNames(events: readonly ExchangeEvent[]): void {
  const names = events.flatMap((event) => {
    const { type, data } = event;
    switch (type) {
      case 'market.order-accepted':
      case 'market.order-refused':
        return [`order ${data.partyId} ${data.orderId}`];
      case 'market.cash-deposited':
        return [`${type} ${data.depositId}`];
      case 'market.cash-withdrawn':
      case 'market.withdrawal-requested':
        return [`${type} ${data.partyId} ${data.withdrawalId}`];
      case 'market.book-opened':
      case 'market.order-cancelled':
      case 'market.tokens-deposited':
      case 'market.trade-executed':
      case 'market.withdrawal-completed':
      case 'market.withdrawal-reverted':
        return [];
      default:
        return assertNever(event);
    }
  });
  expect(new Set(names).size).toBe(names.length);
}

/** S3, the market's side: every escrow movement that was told is credited, once and as it was. */
export function checkCredits(
  escrowed: ReadonlyMap<string, bigint>,
  events: readonly ExchangeEvent[],
): void {
  const credited = events.flatMap(({ type, data }) =>
    type === 'market.tokens-deposited'
      ? [
          [
            `credit-tokens ${data.partyId} ${data.seriesId} ${data.escrowId}`,
            data.quantity,
          ] as const,
        ]
      : [],
  );
  expect(new Map(credited)).toEqual(escrowed);
  expect(credited.length).toBe(escrowed.size);
}
