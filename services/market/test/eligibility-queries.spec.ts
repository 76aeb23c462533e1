import { eventCodec } from '@specie/contracts';
import { InMemoryEventStore, type CommandContext } from '@specie/event-sourcing';
import { expect, it } from 'vitest';
import type { ExchangeCommand } from '../src/exchange/exchange.commands.js';
import { plainMatching } from '../src/exchange/plain-matching.js';
import { ShardWriter } from '../src/exchange/shard-writer.adapter.js';
import { buy, cash, openBook, sell, tokens, uuidOf } from './exchange-story.js';

const buyers = Array.from({ length: 40 }, (_, n) => uuidOf('ada00000')(n));
const sellers = Array.from({ length: 10 }, (_, n) => uuidOf('b0b00000')(n));

it('asks for the eligibility of all parties that a batch of orders meets by one query', async () => {
  const asked: (readonly string[])[] = [];
  const batches: (readonly ExchangeCommand[])[] = [];
  const writer = new ShardWriter({
    store: new InMemoryEventStore(),
    codec: eventCodec,
    newMatching: () => plainMatching(),
    earlierUses: (commands) => {
      batches.push(commands);
      return Promise.resolve(new Map());
    },
    partyStandings: (partyIds) => {
      asked.push(partyIds);
      return Promise.resolve(new Map(partyIds.map((partyId) => [partyId, 'eligible'])));
    },
    tradeIdOf: uuidOf('77ade000'),
  });
  await writer.open();
  let commandCount = 0;
  const send = async (command: ExchangeCommand): Promise<void> => {
    const commandId = uuidOf('c0000000')((commandCount += 100));
    const ids = { commandId, correlationId: commandId, causationId: commandId };
    const context: CommandContext = { ...ids, now: '2026-03-01T12:00:00.000Z', actor: 'nobody' };
    expect((await writer.submit({ command, context })).outcome).toBe('accepted');
  };
  await send(openBook);
  await Promise.all([
    ...buyers.map((partyId, n) => send(cash(n, partyId, 100_000_000n))),
    ...sellers.map((partyId, n) => send(tokens(n, partyId, 50_000_000n))),
  ]);
  await Promise.all(buyers.map((partyId, n) => send(buy(n, { partyId, quantityLots: 10 }))));
  asked.length = 0;
  batches.length = 0;

  // Each offer meets three bids behind those that the offers before it took; two of the bids leave the book before.
  await Promise.all([
    send({ kind: 'cancel-order', partyId: buyers[1] ?? '', orderId: buy(1).orderId }),
    send({ kind: 'cancel-all-orders', partyId: buyers[2] ?? '' }),
    ...sellers.map((partyId, n) => send(sell(100 + n, { partyId, quantityLots: 30 }))),
  ]);
  expect(Math.max(...batches.map(({ length }) => length))).toBeGreaterThan(sellers.length / 2);
  expect(asked.length).toBeLessThanOrEqual(batches.length);
  expect(new Set(asked.flat()).size).toBe(asked.flat().length);
  expect(asked.flat().length).toBeGreaterThanOrEqual(30 + sellers.length);
});
