import { execFileSync, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { DemoReport } from '../src/summary.js';

const root = resolve(import.meta.dirname, '../../..');
const minutes = 60_000;

/** Runs the demo as a user does and reads the last line of its standard output. */
function runDemo(...options: readonly string[]): {
  readonly status: number | null;
  readonly output: string;
  readonly report: DemoReport;
} {
  const entry = join(root, 'libs/demo/dist/main.js');
  const run = spawnSync(process.execPath, [entry, ...options, '--json'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 5 * minutes,
  });
  const lines = run.stdout.trimEnd().split('\n');
  return {
    status: run.status,
    output: run.stdout + run.stderr,
    report: JSON.parse(lines.at(-1) ?? '{}') as DemoReport,
  };
}

describe('The demo', () => {
  beforeAll(() => {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  }, 5 * minutes);

  it(
    'plays the story over PostgreSQL and everything adds up',
    () => {
      const { status, output, report } = runDemo();
      expect(status, output).toBe(0);
      expect(report).toMatchObject({
        ok: true,
        transport: 'postgres',
        gpuSeconds: '13194780',
        jobs: 240,
        deal: { status: 'completed', tokens: '100000.000000', shares: '1111111' },
        audit: { source: 'postgres', digestsEqual: true, findings: 0 },
      });
      expect(Object.entries(report.audit.invariants).filter(([, holds]) => !holds)).toEqual([]);
      expect(Object.keys(report.audit.invariants)).toEqual(
        expect.arrayContaining(['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'S10']),
      );
    },
    6 * minutes,
  );

  const kafkaSkipReason = inject('kafkaSkipReason');

  const skipNote = kafkaSkipReason === null ? '' : ` (skipped: ${kafkaSkipReason})`;
  it.skipIf(kafkaSkipReason !== null)(
    `plays the story over Kafka with two instances of every service${skipNote}`,
    () => {
      const { status, output, report } = runDemo('--kafka', '--instances', '2');
      expect(status, output).toBe(0);
      expect(report).toMatchObject({
        ok: true,
        transport: 'kafka',
        audit: { source: 'kafka', digestsEqual: true },
      });
    },
    8 * minutes,
  );

  it('says what to fix about its arguments', () => {
    const entry = join(root, 'libs/demo/dist/main.js');
    const run = spawnSync(process.execPath, [entry, '--usage', '/nowhere.csv'], {
      encoding: 'utf8',
    });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('--usage: there is no file /nowhere.csv');
  });
});
