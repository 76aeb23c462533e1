import { randomFrom, seedOr } from '@specie/testing';
import { MatchingCore } from '@specie/matching-core';
import { describe, expect, it } from 'vitest';
import { playedLimits, playedLog } from '../../test/played-log.js';
import {
  ada,
  bob,
  buy,
  eve,
  orderId,
  sell,
  series,
  Story,
  tradeIdOf,
  venue,
} from '../../test/shard-story.js';
import { stateOf } from '../../test/shard-state.js';
import { replayCommand } from './replay-command.js';
import { ShardEngine } from './shard-engine.js';
import type { ShardEvent } from './shard-events.js';
import { readSnapshot, writeSnapshot } from './snapshot.js';
import { Venue } from './venue.js';

const seed = seedOr(20_261_128);

/** What an event tells that no state rests on: who caused it, and names that only tell things apart. */
const labels = new Set([
  'market.book-opened currency',
  'market.cash-deposited depositId',
  'market.cash-deposited currency',
  'market.cash-withdrawn withdrawalId',
  'market.cash-withdrawn currency',
  'market.tokens-deposited escrowId',
  'market.withdrawal-reverted reason',
  'market.order-cancelled reason',
  'market.phase-changed cause',
  // Of an order that has ended, and of what is refused.
  'market.order-accepted clientOrderId',
  'market.order-refused',
  // Whatever is less than what is filled ends the order.
  'market.order-replaced askedQuantityLots',
]);

function replayed(commands: readonly (readonly ShardEvent[])[], from: Uint8Array): Venue {
  const venue = readSnapshot(from);
  commands.forEach((events) => replayCommand(events, { venue, tradeIdOf }));
  return venue;
}

/** The same value, but wrong. */
function flipped(value: unknown): unknown {
  if (typeof value === 'bigint') return value + 1n;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  const text = String(value);
  const last = text.endsWith('1') ? '2' : '1';
  if (/^[0-9a-f-]{36}$/.test(text)) return `${text.slice(0, -1)}${last}`;
  if (/Z$/.test(text)) return new Date(Date.parse(text) + 1_000).toISOString();
  const others: Readonly<Record<string, string>> = {
    ...{ buy: 'sell', sell: 'buy', limit: 'market', market: 'limit', stop: 'stop_limit' },
    ...{ stop_limit: 'stop', GTC: 'DAY', DAY: 'GTC', GTD: 'GTC', IOC: 'FOK', FOK: 'IOC' },
    ...{ reject: 'slide', slide: 'reject', party: 'operator', operator: 'party' },
    ...{ calendar: 'operator', continuous: 'pause', pause: 'continuous' },
    ...{ requested: 'ineligible', mass_cancel: 'disconnected', none: 'cancel_newest' },
    ...{ cancel_newest: 'cancel_oldest', cancel_both: 'cancel_oldest' },
  };
  return others[text] ?? (text.startsWith('c-') ? `${text}1` : 'requested');
}

describe('Doing a recorded command again', () => {
  const empty = writeSnapshot(new Venue(new MatchingCore(playedLimits)));
  const { venue: played, commands } = playedLog(seed, 500);

  it('gives the same venue', () => {
    const again = replayed(commands, empty);
    expect(again.core.stateHash()).toBe(played.core.stateHash());
    expect(writeSnapshot(again).length).toBe(writeSnapshot(played).length);
  });

  it(`finds every field of every event that is changed, SEED=${seed}`, () => {
    const unfound = new Set<string>();
    let flips = 0;
    // Of every type of event the last that came are tried, each with what followed it.
    const random = randomFrom(seed);
    const tried = new Map<string, number>();
    const whole = writeSnapshot(replayed(commands, empty));
    const before: Uint8Array[] = [];
    const stepping = readSnapshot(empty);
    for (const events of commands) {
      before.push(writeSnapshot(stepping));
      replayCommand(events, { venue: stepping, tradeIdOf });
    }
    for (const index of commands.keys()) {
      for (const [place, event] of (commands[index] ?? []).entries()) {
        const key = [event.type, ...Object.keys(event.data)].join();
        const count = tried.get(key) ?? 0;
        if (count >= 3 || (count > 0 && random(4) > 0)) continue;
        tried.set(key, count + 1);
        for (const name of Object.keys(event.data)) {
          flips += 1;
          const value = flipped((event.data as unknown as Record<string, unknown>)[name]);
          const wrong = { ...event, data: { ...event.data, [name]: value } } as ShardEvent;
          const events = (commands[index] ?? []).with(place, wrong);
          const rest = [events, ...commands.slice(index + 1)];
          if (!isFound(rest, before[index] as Uint8Array, whole)) {
            unfound.add(`${event.type} ${name}`);
          }
        }
      }
    }
    expect(flips).toBeGreaterThan(200);
    expect(
      [...unfound].filter((one) => !labels.has(one) && !labels.has(one.split(' ')[0] ?? '')),
    ).toEqual([]);
  });

  /** Whether the replay throws, or ends elsewhere than the log as it was. */
  function isFound(
    rest: readonly (readonly ShardEvent[])[],
    from: Uint8Array,
    whole: Uint8Array,
  ): boolean {
    try {
      return !Buffer.from(writeSnapshot(replayed(rest, from))).equals(whole);
    } catch {
      return true;
    }
  }

  it('names the event that differs', () => {
    const story = new Story([...venue, sell(1)]);
    const events = story.when(buy(2, { quantityLots: 40 })).events;
    const [accepted, trade] = events as [ShardEvent, ShardEvent];
    const other = { ...trade, data: { ...trade.data, buyerFee: 1 } } as ShardEvent;
    const again = () => new Story([...venue, sell(1)]).engine;
    expect(() => again().replay({ events: [accepted, other] })).toThrow(
      /the log has market\.trade-executed .*"buyerFee":1,.* where the command does market\.trade-executed .*"buyerFee":2000,/,
    );
    expect(() => again().replay({ events: [accepted] })).toThrow('the log has nothing where');
    expect(() => again().replay({ events: [...events, trade] })).toThrow(
      'no command explains market.trade-executed',
    );
    const twice = again();
    twice.replay({ events });
    expect(() =>
      twice.replay({
        events: [{ type: 'market.time-advanced', data: { at: '1969-01-01T00:00:00.000Z' } }],
      }),
    ).toThrow('market.time-advanced is recorded, but the command does nothing');
  });
});

describe('The log of the market before it had the core', () => {
  const cancelled = (n: number, partyId: string, reason: 'ineligible' | 'kill_switch') =>
    ({
      type: 'market.order-cancelled',
      data: { orderId: orderId(n), seriesId: series, partyId, leavesLots: 100, reason },
    }) as const;

  it('has the orders of parties that may not trade cancelled on the way of the one that met them', () => {
    const given = [...venue, sell(1), sell(2, { partyId: eve })];
    const told = new Story(given);
    told.when({ kind: 'cancel-order', orderId: orderId(1), partyId: bob });
    const { events } = told.when(buy(3, { quantityLots: 50 }));
    const [accepted, trade] = events as [ShardEvent, ShardEvent];
    const recorded = [accepted, cancelled(1, bob, 'ineligible'), trade];
    const again = new Story(given);
    again.engine.replay({ events: recorded });
    expect(again.engine.stateHash()).toBe(told.engine.stateHash());
    expect(stateOf(again.engine)).toEqual(stateOf(told.engine));
  });

  it('has all orders of a party cancelled one by one', () => {
    const again = new Story([...venue, buy(1), buy(2)]);
    again.engine.replay({
      events: [cancelled(1, ada, 'kill_switch'), cancelled(2, ada, 'kill_switch')],
    });
    expect(again.venue.orders.size).toBe(0);
  });

  it('says nothing of a self-trade but that the newer order was cancelled', () => {
    const given = [...venue, sell(1, { partyId: eve })];
    const { events } = new Story(given).when(buy(2, { partyId: eve }));
    const types = ['market.order-accepted', 'market.order-cancelled'];
    const recorded = events.filter(({ type }) => types.includes(type));
    expect(recorded.map(({ type }) => type)).toEqual(types);
    const again = new ShardEngine(tradeIdOf, writeSnapshot(new Story(given).venue));
    again.replay({ events: recorded });
    expect(again.venue.orders.size).toBe(1);
  });
});
