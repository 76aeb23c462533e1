import { seedOr } from '@specie/testing';
import { describe, expect, it } from 'vitest';
import { playedLog } from '../../test/played-log.js';
import { ada, buy, orderId, sell, series, Story, venue } from '../../test/shard-story.js';
import { askedBy } from './asked.js';
import { present } from './present.js';
import type { ShardCommand } from './shard.commands.js';

/** What the command says, without what it leaves to its default. */
const said = (command: ShardCommand | null) => command && present(command);

describe('What an event says was asked for', () => {
  it.each<ShardCommand>([
    buy(1),
    buy(1, { timeInForce: 'GTD', expiresAt: '2099-01-01T00:00:00.000Z', clientOrderId: 'ada-1' }),
    buy(1, { orderKind: 'stop', priceTicks: 0, stopPriceTicks: 21_000, quantityLots: 9 }),
    buy(1, { displayLots: 10, selfTradePrevention: 'cancel_both' }),
    {
      ...buy(1, { orderKind: 'market', timeInForce: 'IOC', priceTicks: 0 }),
      quantityLots: 0,
      quoteAmount: 9,
    },
    { kind: 'set-kill-switch', partyId: ada, engaged: true, by: 'operator' },
    { kind: 'set-account-limit', partyId: ada, openOrdersMax: 3 },
    { kind: 'change-phase', seriesId: series, to: 'halt', cause: 'calendar' },
    { kind: 'advance-time', at: '2026-03-02T10:00:00.000Z' },
    ...venue,
  ])('is the command: $kind', (command) => {
    const isGiven = venue.includes(command);
    const story = new Story(isGiven ? venue.slice(0, venue.indexOf(command)) : venue);
    const [event] = story.when(command).events;
    expect(event && askedBy(event)).toMatchObject({ ...command });
  });

  it('is the price before the core slid it, for an order and for its replacement', () => {
    const story = new Story([...venue, sell(1)]);
    const order = buy(2, { priceTicks: 20_500, postOnly: 'slide' });
    expect(askedBy(story.when(order).events[0] as never)).toMatchObject({ priceTicks: 20_500 });
    const named = { orderId: orderId(2), partyId: ada };
    const replace = {
      kind: 'replace-order',
      ...named,
      priceTicks: 20_700,
      quantityLots: 5,
    } as const;
    expect(said(askedBy(story.when(replace).events[0] as never))).toEqual(replace);
  });

  it('is what was asked, where the replaced order ended', () => {
    const story = new Story([...venue, buy(1), sell(2, { quantityLots: 40 })]);
    const named = { orderId: orderId(1), partyId: ada };
    const replace = {
      kind: 'replace-order',
      ...named,
      priceTicks: 19_000,
      quantityLots: 7,
    } as const;
    expect(said(askedBy(story.when(replace).events[0] as never))).toEqual(replace);
  });

  it('is nothing for a refused order and for what came of a command', () => {
    const outcomes = new Set([
      'market.order-refused',
      'market.trade-executed',
      'market.order-restated',
      'market.order-triggered',
      'market.self-trade-prevented',
      'market.auction-uncrossed',
    ]);
    const { commands } = playedLog(seedOr(20_261_128), 600);
    for (const [first, ...others] of commands) {
      expect(first && (askedBy(first) !== null) === !outcomes.has(first.type)).toBe(true);
      const asking = others.filter((event) => askedBy(event) !== null).map(({ type }) => type);
      // The orders that a kill switch ends look as those that were cancelled one by one.
      if (
        first?.type !== 'market.kill-switch-set' &&
        first?.type !== 'market.orders-mass-cancelled'
      ) {
        expect(asking).toEqual([]);
      }
    }
  });
});
