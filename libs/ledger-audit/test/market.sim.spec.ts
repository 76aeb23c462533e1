import { eventDefinitions } from '@specie/contracts';
import type { BalanceView, BookView, StateView } from '@specie/matching-core';
import { formatMicro } from '@specie/quantities';
import { seedOr } from '@specie/testing';
import { describe, expect, it } from 'vitest';
import { MarketFold } from '../src/folds/market.fold.js';
import { Invariants } from '../src/invariants.js';
import type { EventOfService, WireEvent } from '../src/wire-events.js';
import { MatchingLog, orderIdOf, partyOf, seriesOf, tokensOf } from './matching-log.js';
import { RandomTrading } from './random-trading.js';
import { id } from './story-parts.js';

const [seedCount, commandCount] = [30, 1_000];
const firstSeed = seedOr(1);
/** Types of events, and reasons of cancels, that any run had. */
const happened = new Set<string>();

describe('The market fold beside the matching core', () => {
  it.each(Array.from({ length: seedCount }, (_, index) => firstSeed + index))(
    'finds nothing wrong and has the balances and orders of the engine: SEED=%i',
    (seed) => {
      const trading = new RandomTrading(seed);
      const log = new MatchingLog(trading.ladderTicks);
      const audit = new Audit();
      for (const command of trading.opening()) audit.take(log.perform(command));
      for (let number = 1; number <= commandCount; number += 1) {
        audit.take(log.perform(trading.next(log.core.stateView())));
        expect(audit.violations(), `SEED=${seed} command ${number}`).toEqual([]);
      }
      const view = log.core.stateView();
      expect(audit.rows('cash')).toEqual(cashRows(view));
      expect(audit.rows('tokens')).toEqual(tokenRows(view));
      expect(audit.rows('fees')).toEqual([['USD', { earned: money(feesOf(view)) }]]);
      expect(audit.rows('orders').filter(isOpen)).toEqual(orderRows(view, trading.ladderTicks));
    },
  );

  it('sees every event of trading and every reason to end an order', () => {
    const events = [...eventDefinitions.keys()].filter((type) => type.startsWith('market.'));
    const unseen = [...events, ...reasons].filter((each) => !happened.has(each));
    expect(unseen).toEqual(notTrading);
  });
});

const notTrading = [
  'market.calendar-set',
  'market.input-discarded',
  'market.order-refused',
  'market.reference-price-published',
  'market.state-attested',
  'market.withdrawal-completed',
  'market.withdrawal-reverted',
];
const reasons = [
  ...['requested', 'mass_cancel', 'kill_switch', 'immediate_or_cancel', 'fill_or_kill'],
  ...['no_liquidity', 'quote_spent', 'self_trade_prevented', 'oco', 'expired_day'],
  ...['expired_time', 'auction_remainder', 'price_outside_band'],
];

/** The fold, fed with commands one after another. */
class Audit {
  private readonly invariants = new Invariants();
  private readonly fold = new MarketFold(this.invariants);
  private position = 0;

  take(events: readonly WireEvent[]): void {
    for (const event of events) {
      this.position += 1;
      happened.add(event.type);
      if (event.type === 'market.order-cancelled') happened.add(event.data.reason);
      const read = eventDefinitions.get(event.type)?.data.safeParse(event.data);
      expect(read?.error, JSON.stringify(event)).toBeUndefined();
      const eventId = id(this.position);
      this.fold.apply({
        ...event,
        ...{ service: 'market', streamId: 'shard-main', position: this.position },
        ...{ eventId, commandId: eventId, occurredAtMs: 0, recordedAtMs: 0 },
      } as EventOfService<'market'>);
    }
    this.fold.closeCommand();
  }

  violations(): unknown[] {
    return Object.entries(this.invariants.results()).filter(([, { holds }]) => !holds);
  }

  rows(name: string): Row[] {
    const collection = this.fold.collections().find((each) => each.name === name);
    return [...(collection?.rows ?? [])].sort(byKey);
  }
}

type Row = readonly [key: string, value: unknown];
const byKey = ([a]: Row, [b]: Row): number => (a < b ? -1 : 1);
const isOpen = ([, value]: Row): boolean => (value as { leavesLots: number }).leavesLots > 0;
const money = (microDollars: number): string => formatMicro(BigInt(microDollars));
const feesOf = ({ accounts }: StateView): number => accounts[0]?.cash.available ?? 0;

function balance({ available, reserved }: BalanceView, text: (amount: number) => string) {
  return { available: text(available), reserved: text(reserved) };
}

function cashRows({ accounts }: StateView): Row[] {
  const [, ...parties] = accounts;
  return parties
    .map(({ account, cash }): Row => [partyOf(account), balance(cash, money)])
    .sort(byKey);
}

function tokenRows({ accounts }: StateView): Row[] {
  const [, ...parties] = accounts;
  return parties
    .flatMap(({ account, tokens }) =>
      tokens.map((each): Row => [
        `${seriesOf(each.book)}/${partyOf(account)}`,
        balance(each, tokensOf),
      ]),
    )
    .sort(byKey);
}

function orderRows({ books }: StateView, ladderTicks: number): Row[] {
  return books.flatMap((book) => orderRowsOf(book, ladderTicks)).sort(byKey);
}

function orderRowsOf(book: BookView, ladderTicks: number): Row[] {
  const sides = { bids: 'buy', buyStops: 'buy', asks: 'sell', sellStops: 'sell' } as const;
  return Object.entries(sides).flatMap(([list, side]) =>
    book[list as keyof typeof sides].flatMap(({ orders }) =>
      orders.map(({ orderId, account, price, leavesQuantity }): Row => {
        // A market order without a price waits for an auction at the end of the ladder.
        const priceTicks = price === ladderTicks - 1 ? 0 : price;
        const partyId = partyOf(account);
        const owned = { seriesId: seriesOf(book.book), partyId, side };
        const key = `${partyId}/${orderIdOf(orderId)}`;
        return [key, { ...owned, priceTicks, leavesLots: leavesQuantity }];
      }),
    ),
  );
}
