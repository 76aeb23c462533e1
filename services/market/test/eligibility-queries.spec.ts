import { eventCodec } from '@specie/contracts';
import type { TimedStanding } from '@specie/eligibility';
import { InMemoryEventStore, type CommandContext } from '@specie/event-sourcing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ShardCommand } from '../src/shard/shard.commands.js';
import { shardStreamId } from '../src/shard/shard-events.js';
import { ShardWriter } from '../src/shard/shard-writer.adapter.js';
import { buy, cancel, cash, openBook, sell, tokens, uuidOf } from './shard-story.js';

const buyers = Array.from({ length: 40 }, (_, n) => uuidOf('ada00000')(n));
const sellers = Array.from({ length: 10 }, (_, n) => uuidOf('b0b00000')(n));

let asked: (readonly string[])[];
let batches: (readonly ShardCommand[])[];
let mark: string;
let frozen: Set<string>;
let store: InMemoryEventStore;
let send: (command: ShardCommand) => Promise<string>;

beforeEach(async () => {
  [asked, batches, mark, frozen] = [[], [], '1', new Set()];
  store = new InMemoryEventStore();
  const writer = new ShardWriter({
    store,
    codec: eventCodec,
    earlierUses: (commands) => {
      batches.push(commands);
      return Promise.resolve(new Map());
    },
    partyStandings: (partyIds) => {
      asked.push(partyIds);
      const timed = (partyId: string): TimedStanding => ({
        standing: frozen.has(partyId) ? 'frozen' : 'eligible',
        validUntil: new Date('2099-01-01T00:00:00.000Z'),
      });
      return Promise.resolve(new Map(partyIds.map((partyId) => [partyId, timed(partyId)])));
    },
    standingsMark: () => Promise.resolve(mark),
    tradeIdOf: uuidOf('77ade000'),
  });
  await writer.open();
  let commandCount = 0;
  send = async (command) => {
    const commandId = uuidOf('c0000000')((commandCount += 100));
    const ids = { commandId, correlationId: commandId, causationId: commandId };
    const context: CommandContext = { ...ids, now: '2026-03-01T12:00:00.000Z', actor: 'nobody' };
    return (await writer.submit({ command, context })).outcome;
  };
  await send(openBook);
  await Promise.all([
    ...buyers.map((partyId, n) => send(cash(n, partyId, 100_000_000n))),
    ...sellers.map((partyId, n) => send(tokens(n, partyId, 50_000_000n))),
  ]);
  await Promise.all(buyers.map((partyId, n) => send(buy(n, { partyId, quantityLots: 10 }))));
});

/** Each offer meets three bids behind those that the offers before it took; two of the bids leave the book before. */
const offer = () =>
  Promise.all([
    send(cancel(1, buyers[1] ?? '')),
    send({ kind: 'mass-cancel', partyId: buyers[2] ?? '', reason: 'mass_cancel' }),
    ...sellers.map((partyId, n) => send(sell(100 + n, { partyId, quantityLots: 30 }))),
  ]);

describe('The eligibility of the parties of a batch of orders', () => {
  it('is asked for by one query for those who place them, and not again for those they meet', async () => {
    expect(asked.flat().sort()).toEqual([...buyers].sort());
    expect(asked.length).toBeLessThanOrEqual(batches.length);
    asked.length = 0;
    batches.length = 0;
    expect(new Set(await offer())).toEqual(new Set(['accepted']));
    expect(Math.max(...batches.map(({ length }) => length))).toBeGreaterThan(sellers.length / 2);
    expect(asked.flat().sort()).toEqual([...sellers].sort());
    expect(asked.length).toBeLessThanOrEqual(batches.length);
  });

  it('is asked for again, by one query for all, once anything changed that it rests on', async () => {
    asked.length = 0;
    mark = '2';
    const barred = buyers[3] ?? '';
    frozen.add(barred);
    await send(sell(100, { partyId: sellers[0] ?? '', quantityLots: 30 }));
    expect(asked.map((ids) => [...ids].sort())).toEqual([
      [...buyers, ...sellers.slice(0, 1)].sort(),
    ]);
    const events = (await store.readStream(shardStreamId)).slice(-6);
    expect(events.map(({ type, data }) => [type, data])).toMatchObject([
      ['market.orders-mass-cancelled', { partyId: barred, reason: 'ineligible', orderCount: 1 }],
      ['market.order-cancelled', { partyId: barred, reason: 'ineligible' }],
      ['market.order-accepted', {}],
      ['market.trade-executed', { buyerPartyId: buyers[0] }],
      ['market.trade-executed', { buyerPartyId: buyers[1] }],
      ['market.trade-executed', { buyerPartyId: buyers[2] }],
    ]);
  });

  it('is not waited for by what cannot trade', async () => {
    mark = '2';
    buyers.forEach((partyId) => frozen.add(partyId));
    const before = (await store.readStream(shardStreamId)).length;
    await send(cash(900, buyers[0] ?? '', 1n));
    expect((await store.readStream(shardStreamId)).length).toBe(before + 1);
  });
});
