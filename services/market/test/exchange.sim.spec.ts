import { describe, expect, it } from 'vitest';
import {
  evolve,
  newExchange,
  shardStreamId,
  type Exchange,
  type ExchangeEvent,
} from '../src/exchange/exchange.state.js';
import { ordersWithin } from '../src/exchange/order-queue.js';
import { checkCredits, checkInvariants, checkNames, checkPriority } from './exchange-invariants.js';
import { partyIds, seriesIds, Simulation, uuid } from './exchange-simulation.js';

const seeds = Array.from({ length: 12 }, (_, index) => 20_261_122 + index);

function rebuild(events: readonly ExchangeEvent[]): Exchange {
  const exchange = newExchange();
  events.forEach((event) => evolve(exchange, event));
  return exchange;
}

async function run(seed: number, commandCount: number): Promise<Simulation> {
  const simulation = new Simulation(seed);
  await simulation.open();
  while (commandCount > 0) {
    // Bursts of commands are under way together, as requests of many clients are.
    const burst = Math.min(commandCount, 1 + simulation.random(40));
    commandCount -= burst;
    const sent = Array.from({ length: burst }, () => simulation.send(simulation.randomCommand()));
    await Promise.all(sent);
    simulation.barAnother();
  }
  return simulation;
}

describe('The exchange under random commands and a log that fails', () => {
  it.each(seeds)('keeps its invariants and equals its log, SEED=%i', async (seed) => {
    const simulation = await run(seed, 1_500);
    const events = await simulation.log();
    const rebuilt = rebuild(events);
    checkInvariants(rebuilt, events);
    checkPriority(events);
    checkNames(events);
    checkCredits(simulation.escrowed, events);
    // The last answered command may have left the writer with memory to throw away; one more makes it current.
    await simulation.send({ kind: 'cancel-all-orders', partyId: uuid(1, 99) });
    expect(simulation.memories.at(-1)).toEqual(rebuild(await simulation.log()));
    expect(events.filter(({ type }) => type === 'market.trade-executed').length).toBeGreaterThan(
      50,
    );
  });

  it('takes over with the same books: a second writer agrees with the first', async () => {
    const simulation = await run(7, 800);
    const second = simulation.newWriter();
    await second.open();
    const exchange = simulation.memories.at(-1);
    expect(exchange).toEqual(rebuild(await simulation.log()));
    expect(
      [
        ...ordersWithin(
          exchange?.books.get(seriesIds[0] ?? '')?.bids ?? {
            side: 'buy',
            prices: [],
            levels: new Map(),
          },
          0,
        ),
      ].length,
    ).toBeGreaterThan(0);
  });

  it('never trades with a party that may not trade (X7)', async () => {
    const simulation = await run(11, 600);
    const barred = partyIds[2] ?? '';
    const before = (await simulation.log()).length;
    simulation.ineligible.clear();
    simulation.ineligible.add(barred);
    await Promise.all(
      Array.from({ length: 400 }, () => simulation.send(simulation.randomCommand())),
    );
    const after = (await simulation.log()).slice(before);
    const trades = after.flatMap(({ type, data }) =>
      type === 'market.trade-executed' ? [data.buyerPartyId, data.sellerPartyId] : [],
    );
    expect(trades.length).toBeGreaterThan(0);
    expect(trades).not.toContain(barred);
  });

  it('answers every command exactly once whatever was lost (S9)', async () => {
    const simulation = await run(13, 300);
    const commandIds = (await simulation.store.readStream(shardStreamId)).map(
      ({ commandId }) => commandId,
    );
    const runs = commandIds.filter((commandId, index) => commandId !== commandIds[index - 1]);
    expect(new Set(runs).size).toBe(runs.length);
  });
});
