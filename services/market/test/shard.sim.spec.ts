import { describe, expect, it } from 'vitest';
import { shardStreamId } from '../src/shard/shard-events.js';
import { partyIds, uuidOf } from './random-commands.js';
import { checkCredits, checkInvariants, checkNames } from './shard-invariants.js';
import { Simulation } from './shard-simulation.js';
import { stateOf } from './shard-state.js';

const seeds = Array.from({ length: 12 }, (_, index) => 20_261_122 + index);

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
    await simulation.revive();
  }
  return simulation;
}

/** The last answered command may have left the writer with memory to throw away; one more makes it current. */
async function makeCurrent(simulation: Simulation): Promise<void> {
  await simulation.send({ kind: 'mass-cancel', partyId: uuidOf(1, 99), reason: 'mass_cancel' });
}

describe('The shard under random commands and a log that fails', () => {
  it.each(seeds)('keeps its invariants and equals its log, SEED=%i', async (seed) => {
    const simulation = await run(seed, 1_500);
    const commands = await simulation.recordedCommands();
    const events = commands.flat();
    const replayed = await simulation.replayed();
    checkInvariants(replayed.venue, commands);
    checkNames(events);
    checkCredits(simulation.escrowed, events);
    await makeCurrent(simulation);
    expect(simulation.engine.stateHash()).toBe(replayed.stateHash());
    expect(stateOf(simulation.engine)).toEqual(stateOf(replayed));
    expect(events.filter(({ type }) => type === 'market.trade-executed').length).toBeGreaterThan(
      50,
    );
  });

  it('takes over with the same books: a second writer agrees with the first', async () => {
    const simulation = await run(7, 800);
    await makeCurrent(simulation);
    const second = simulation.newWriter();
    await second.open();
    expect(second['engine'] && stateOf(second['engine'])).toEqual(stateOf(simulation.engine));
    expect(simulation.engine.venue.orders.size).toBeGreaterThan(0);
  });

  it('never trades with a party that may not trade (X7)', async () => {
    const simulation = await run(11, 600);
    const barred = partyIds[2] ?? '';
    const before = (await simulation.log()).length;
    simulation.bar([barred]);
    await Promise.all(
      Array.from({ length: 400 }, () => simulation.send(simulation.randomCommand())),
    );
    const after = (await simulation.log()).slice(before);
    const trades = after.flatMap(({ type, data }) =>
      type === 'market.trade-executed' ? [data.buyerPartyId, data.sellerPartyId] : [],
    );
    expect(trades.length).toBeGreaterThan(0);
    expect(trades).not.toContain(barred);
    expect(simulation.engine.venue.orders.countOf(barred)).toBe(0);
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
