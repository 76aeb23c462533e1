import type { BookConfig, NewOrder, Side } from '@specie/matching-core';
import { MarketFold } from '../src/folds/market.fold.js';
import { Invariants } from '../src/invariants.js';
import type { EventOfService, WireData } from '../src/wire-events.js';
import type { StoryCommand, StoryEvent } from './log-writer.js';
import {
  MatchingLog,
  orderIdOf,
  partyOf,
  seriesOf,
  tradeIdOf,
  type FloorCommand,
} from './matching-log.js';
import { at, command, event, id } from './story-parts.js';

const stream = 'shard-main';
const openedAtMs = Date.parse(at);
const terms: BookConfig = {
  tickSize: 5,
  lotSize: 10,
  minPrice: 10,
  maxPrice: 1_000,
  minQuantity: 10,
  maxQuantity: 1_000,
  minNotional: 100,
  maxNotional: 500_000,
  protectionTicks: 0,
  makerFeePpm: 1_000,
  takerFeePpm: 2_000,
  auctionFeePpm: 1_500,
  reduceKeepsPriority: true,
  selfTradeAllowed: false,
  referenceFollowsTrades: true,
};
const opening: readonly FloorCommand[] = [
  { kind: 'set_time', time: openedAtMs },
  { kind: 'configure_book', book: 1, config: terms },
  ...[1, 2, 3].flatMap((account): FloorCommand[] => [
    { kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 3 },
    { kind: 'deposit', account, asset: 0, amount: 10_000_000 },
    { kind: 'deposit', account, asset: 1, amount: 10_000 },
  ]),
  { kind: 'set_phase', book: 1, phase: 'continuous' },
];

/** An order without its number, which it gets from its place in the scene: the first is 1. */
export type Placed = Omit<NewOrder, 'orderId'>;

/** What the market records of commands in an open book, in which three parties have cash and tokens. */
export function scene(...commands: readonly (FloorCommand | Placed)[]): StoryCommand[] {
  const log = new MatchingLog(1_024);
  return [...opening, ...commands].flatMap((each) => {
    const orderId = log.core.lastOrderId + 1;
    const told = log.perform(each.kind === 'new_order' ? { ...each, orderId } : each);
    if (told.length === 0) throw new Error(`the core does not take ${JSON.stringify(each)}`);
    return command(
      ...told.map(({ type, data }) => event(stream, type, data as StoryEvent['data'])),
    );
  });
}

/** What the fold says of a log: every invariant that does not hold, with its first counterexample. */
export function verdict(commands: readonly StoryCommand[]): Readonly<Record<string, string>> {
  const invariants = new Invariants();
  const fold = new MarketFold(invariants);
  let position = 0;
  for (const { commandId, events } of commands) {
    for (const { streamId, type, data } of events) {
      position += 1;
      const place = { service: 'market', streamId, position, eventId: id(position), commandId };
      const instants = { occurredAtMs: openedAtMs, recordedAtMs: openedAtMs };
      fold.apply({ type, data, ...place, ...instants } as unknown as EventOfService<'market'>);
    }
    fold.closeCommand();
  }
  return Object.fromEntries(
    Object.entries(invariants.results()).flatMap(([name, { counterexample }]) =>
      counterexample === null ? [] : [[name, counterexample]],
    ),
  );
}

type Terms = Partial<Omit<Placed, 'kind' | 'account' | 'side' | 'price' | 'quantity'>>;

/** A limit order of the account, at a price: `limit(1, 'buy', 20, 100)` buys 20 lots at 100 ticks. */
export function limit(
  account: number,
  side: Side,
  quantity: number,
  price: number,
  others: Terms = {},
): Placed {
  const usual = { type: 'limit', timeInForce: 'gtc', stp: 'cancel_newest' } as const;
  return { kind: 'new_order', book: 1, account, side, quantity, price, ...usual, ...others };
}

export const phase = (to: Extract<FloorCommand, { kind: 'set_phase' }>['phase']): FloorCommand => ({
  ...{ kind: 'set_phase', book: 1, phase: to },
});
export const later = (seconds: number): FloorCommand => ({
  ...{ kind: 'set_time', time: openedAtMs + seconds * 1_000 },
});
export const inSeconds = (seconds: number): number => openedAtMs + seconds * 1_000;
export const order = (number: number) => ({ orderId: orderIdOf(number) });
export const trade = (number: number) => ({ tradeId: tradeIdOf(number) });
export const series = seriesOf(1);

/** A trade that was never made: of 10 lots at 20 ticks, between a selling maker and a buying taker. */
export function forgedTrade(sides: {
  readonly maker: readonly [account: number, order: number];
  readonly taker: readonly [account: number, order: number];
}): StoryEvent {
  const data = {
    ...{ ...trade(99), tradeNumber: 1, seriesId: series, takerSide: 'buy' as const },
    ...{ makerOrderId: orderIdOf(sides.maker[1]), takerOrderId: orderIdOf(sides.taker[1]) },
    ...{ sellerPartyId: partyOf(sides.maker[0]), buyerPartyId: partyOf(sides.taker[0]) },
    ...{ priceTicks: 20, quantityLots: 10, notional: 200, buyerFee: 1, sellerFee: 1 },
  };
  return event(stream, 'market.trade-executed', data satisfies WireData<'market.trade-executed'>);
}

/** An event of the market as it stands in a log. */
export function told<Type extends `market.${string}`>(
  type: Type,
  data: StoryEvent['data'],
): StoryEvent {
  return event(stream, type, { seriesId: series, ...data });
}
