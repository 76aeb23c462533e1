import { expect, describe, it } from 'vitest';
import {
  BatchWriter,
  COMMAND_WIDTH,
  encodeCommand,
  MatchingCore,
  readJournal,
} from '../src/index.js';
import type { Command } from '../src/types.js';
import { firstDifference } from './simulation/equality.js';
import { CommandGenerator } from './simulation/generator.js';
import { Random } from './simulation/random.js';

/** M4 over every feature: an engine that is restored again and again, and one that replays, go on like one that never stopped. */
const COMMANDS = 1_500;
const seeds = Array.from({ length: 12 }, (_, i) => 501 + i);

describe('MatchingCore', () => {
  it.each(seeds)('goes on alike through restores at random points, seed %i', (seed) => {
    const random = new Random(seed * 7919);
    const generator = new CommandGenerator(seed);
    const steady = new MatchingCore(generator.limits);
    let restarted = new MatchingCore(generator.limits);
    const step = (command: Command) => {
      if (random.chance(5)) restarted = MatchingCore.restore(restarted.snapshot());
      const events = steady.apply(command);
      expect(firstDifference(restarted.apply(command), events, 'events')).toBeUndefined();
      expect(restarted.stateHash()).toBe(steady.stateHash());
    };
    for (const command of generator.opening()) step(command);
    for (let i = 0; i < COMMANDS; i += 1) step(generator.next(steady.stateView()));
    expect(Buffer.compare(restarted.snapshot(), steady.snapshot())).toBe(0);
    expect(firstDifference(restarted.stateView(), steady.stateView(), 'state')).toBeUndefined();
  });

  it.each(seeds)('replays snapshot and journal to the same bytes, seed %i', (seed) => {
    const random = new Random(seed);
    const generator = new CommandGenerator(seed);
    const engine = new MatchingCore(generator.limits);
    const batch = new BatchWriter();
    const encoded = new Float64Array(COMMAND_WIDTH);
    const journal: Uint8Array[] = [];
    let base = { snapshot: engine.snapshot(), batches: 0 };
    const commands = generator.opening();
    for (let i = 0; i < COMMANDS; i += 1) {
      const command = commands[i] ?? generator.next(engine.stateView());
      encodeCommand(command, encoded);
      batch.append(encoded);
      engine.apply(command);
      if (random.chance(10)) {
        journal.push(batch.seal().slice());
        if (random.chance(10)) base = { snapshot: engine.snapshot(), batches: journal.length };
      }
    }
    if (batch.count > 0) journal.push(batch.seal().slice());
    const recovered = MatchingCore.restore(base.snapshot);
    for (const bytes of journal.slice(base.batches))
      readJournal(bytes, (command) => recovered.execute(command));
    expect(recovered.stateHash()).toBe(engine.stateHash());
    expect(Buffer.compare(recovered.snapshot(), engine.snapshot())).toBe(0);
  });
});
