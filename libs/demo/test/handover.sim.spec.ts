import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { runHandover } from './handover.js';
import { loadUsage } from '../src/story/usage.js';

const root = resolve(import.meta.dirname, '../../..');
const minutes = 60_000;
const kafkaSkipReason = inject('kafkaSkipReason');
const skipNote = kafkaSkipReason === null ? '' : ` (skipped: ${kafkaSkipReason})`;

describe('Two instances of every service', () => {
  it.skipIf(kafkaSkipReason !== null)(
    `hand over when the first ones are killed for good${skipNote}`,
    async () => {
      execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
      const usage = await loadUsage(join(root, 'libs/demo/sample/usage.csv'));
      const { report, killed } = await runHandover({ usage });
      expect(killed).toHaveLength(6);
      expect(report).toMatchObject({ ok: true, audit: { digestsEqual: true, findings: 0 } });
    },
    8 * minutes,
  );
});
