import { describe, expect, it } from 'vitest';
import { fastEngine, naiveTwin } from './engines.js';
import { runSeed } from './simulation/differential.js';

/**
 * M1: random commands over everything SPEC.md has; the engine and the twin agree on every event and on the
 * state after every command, and the invariants of `simulation/invariants.ts` hold.
 * SPECIE_FULL=1 runs 1,000 seeds x 10,000 commands, SEED=n one seed alone.
 */
const full = process.env['SPECIE_FULL'] === '1';
const only = process.env['SEED'];
const commandCount = full || only !== undefined ? 10_000 : 2_000;
const seedCount = full ? 1_000 : 60;
const seeds =
  only === undefined ? Array.from({ length: seedCount }, (_, i) => i + 1) : [Number(only)];
const groups = Array.from({ length: Math.ceil(seeds.length / 10) }, (_, i) =>
  seeds.slice(i * 10, i * 10 + 10),
);

describe('MatchingCore against its naive twin', () => {
  it.each(groups)('agrees on seeds %d..', { timeout: 600_000 }, (...group) => {
    for (const seed of group)
      runSeed({ subject: fastEngine, oracle: naiveTwin }, seed, commandCount);
    expect(group.length).toBeGreaterThan(0);
  });
});
