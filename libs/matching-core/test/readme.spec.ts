import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// #region objects
import { MatchingCore, executionReports } from '../src/index.js';

const venue = new MatchingCore({ accountCapacity: 1000, bookCapacity: 1 });
const [ada, ben] = [1, 2];
venue.apply({
  kind: 'configure_book',
  book: 1,
  config: {
    tickSize: 1,
    lotSize: 1,
    minPrice: 1,
    maxPrice: 1_000_000,
    minQuantity: 1,
    maxQuantity: 1_000_000,
    minNotional: 0,
    maxNotional: 1_000_000_000_000,
    protectionTicks: 500,
    makerFeePpm: 1_000,
    takerFeePpm: 2_000,
    auctionFeePpm: 1_500,
    reduceKeepsPriority: true,
    selfTradeAllowed: false,
    referenceFollowsTrades: true,
  },
});
for (const account of [ada, ben])
  venue.apply({ kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 0 });
venue.apply({ kind: 'deposit', account: ada, asset: 1, amount: 500 }); // 5.00 tokens
venue.apply({ kind: 'deposit', account: ben, asset: 0, amount: 50_000_000 }); // $50
venue.apply({ kind: 'set_phase', book: 1, phase: 'continuous' });

const terms = { kind: 'new_order', book: 1, type: 'limit', timeInForce: 'gtc' } as const;
const stp = 'cancel_newest';
venue.apply({
  ...terms,
  account: ada,
  orderId: 1,
  side: 'sell',
  price: 20_000,
  quantity: 300,
  stp,
});
const events = venue.apply({
  ...terms,
  account: ben,
  orderId: 2,
  side: 'buy',
  price: 20_100,
  quantity: 100,
  stp,
});
// #endregion
// #region binary
import {
  BatchWriter,
  COMMAND_WIDTH,
  EventCode,
  NEW_ORDER,
  eventLength,
  packTerms,
} from '../src/index.js';

const command = new Float64Array(COMMAND_WIDTH); // one record, used again for every command
const journal = new BatchWriter();
const buyLimit = packTerms({ side: 'buy', type: 'limit', timeInForce: 'gtc', stp });

function buy(orderId: number, price: number, quantity: number): number {
  command[0] = 0; // new_order
  command[NEW_ORDER.book] = 1;
  command[NEW_ORDER.account] = 2;
  command[NEW_ORDER.orderId] = orderId;
  command[NEW_ORDER.terms] = buyLimit;
  command[NEW_ORDER.price] = price;
  command[NEW_ORDER.quantity] = quantity;
  journal.append(command);
  venue.events.clear();
  venue.execute(command);
  const { values, length } = venue.events;
  let bought = 0;
  for (let at = 0; at < length; at += eventLength(values, at))
    if (values[at] === EventCode.trade) bought += values[at + 4] ?? 0; // EVENT_FIELDS.trade
  return bought;
}
// #endregion

describe('README', () => {
  it('shows these events for the second order', () => {
    expect(events.map((event) => event.type)).toEqual(['accepted', 'trade', 'level']);
    expect(events[1]).toMatchObject({
      price: 20_000,
      quantity: 100,
      makerFee: 2_000,
      takerFee: 4_000,
    });
    expect(events.flatMap(executionReports).map((report) => report.ordStatus)).toEqual([
      '0',
      '1',
      '2',
    ]);
    expect(venue.stateView().accounts[2]?.cash).toEqual({ available: 47_996_000, reserved: 0 });
  });

  it('trades through the binary interface', () => {
    expect(buy(3, 20_000, 50)).toBe(50);
    expect(buy(4, 19_999, 50)).toBe(0);
    expect(journal.count).toBe(2);
  });

  it.each(['objects', 'binary'])('quotes the region "%s" of this test', (region) => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const from = source.indexOf(`// #region ${region}\n`);
    const body = source.slice(
      source.indexOf('\n', from) + 1,
      source.indexOf('// #endregion', from),
    );
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(body.length).toBeGreaterThan(100);
    expect(words(readme)).toContain(
      words(body.replaceAll('../src/index.js', '@specie/matching-core')),
    );
  });
});

/** Line breaks and trailing commas are the formatter's business. */
const words = (text: string): string => text.replace(/[\s,]+/g, ' ');
