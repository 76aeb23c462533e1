import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { runFaults } from './faults.js';
import { loadUsage, type Usage } from '../src/story/usage.js';

const root = resolve(import.meta.dirname, '../../..');
const full = process.env['SPECIE_FULL'] === '1';
const seed = Number(process.env['SEED'] ?? 20261122);
const minutes = 60_000;

/** At least 60 kills and pauses over each transport in the full run, a seeded part of it otherwise. */
const faultCountMin = full ? 60 : 8;
const faultsPerStory = full ? 15 : 8;
/** With two, instances are paused and replaced too, a backup is restored and topics are forged: the full run. */
const instances = full ? 2 : 1;

describe('The platform under SIGKILL, and in the full run SIGSTOP', () => {
  let usage: Usage;

  beforeAll(async () => {
    // The services run as processes of their own, so they must be built.
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
    usage = await loadUsage(join(root, 'libs/demo/sample/usage.csv'));
  }, 5 * minutes);

  it(
    'loses nothing and repeats nothing over PostgreSQL',
    async () => {
      const result = await runFaults({
        seed,
        transport: 'postgres',
        instances,
        faultCountMin,
        faultsPerStory,
        usage,
        say: show,
      });
      expect(result.findings, `SEED=${seed} ${JSON.stringify(result.faults)}`).toEqual([]);
      expect(result.faultCount).toBeGreaterThanOrEqual(faultCountMin);
    },
    full ? 60 * minutes : 8 * minutes,
  );

  const kafkaSkipReason = inject('kafkaSkipReason');

  const skipNote = kafkaSkipReason === null ? '' : ` (skipped: ${kafkaSkipReason})`;
  it.skipIf(kafkaSkipReason !== null)(
    `loses nothing and repeats nothing over Kafka${skipNote}`,
    async () => {
      const result = await runFaults({
        seed: seed + 1,
        transport: 'kafka',
        instances,
        faultCountMin,
        faultsPerStory,
        usage,
        say: show,
      });
      expect(result.findings, `SEED=${seed} ${JSON.stringify(result.faults)}`).toEqual([]);
      expect(result.faultCount).toBeGreaterThanOrEqual(faultCountMin);
    },
    full ? 60 * minutes : 8 * minutes,
  );
});

function show(line: string): void {
  if (full) process.stdout.write(`${line}\n`);
}
