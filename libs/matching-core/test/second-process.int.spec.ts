import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { play, type Played } from './process/played.js';

const file = (name: string) => fileURLToPath(new URL(`./process/${name}`, import.meta.url));

async function playElsewhere(seed: number, length: number): Promise<Played> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--no-warnings',
      `--import=${file('../../../testing/typescript-sources.mjs')}`,
      file('child.ts'),
      String(seed),
      String(length),
    ],
    { maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout) as Played;
}

/** M4: the same commands give the same bytes in another process. */
describe('Determinism across processes', () => {
  it.each([701, 702, 703])(
    'gives the same bytes of events, snapshot and hash for seed %i',
    { timeout: 60_000 },
    async (seed) => {
      const here = play(seed, 2_000);
      const elsewhere = await playElsewhere(seed, 2_000);
      expect(here.events.length).toBeGreaterThan(100_000);
      expect(elsewhere.hash).toBe(here.hash);
      expect(elsewhere.events === here.events, 'events').toBe(true);
      expect(elsewhere.snapshot === here.snapshot, 'snapshot').toBe(true);
    },
  );
});
