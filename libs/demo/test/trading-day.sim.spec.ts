import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { loadUsage } from '../src/story/usage.js';
import { runTradingDay } from './trading-day.js';

const root = resolve(import.meta.dirname, '../../..');
const minutes = 60_000;
const seed = Number(process.env['SEED'] ?? 20261128);
const steps = process.env['SPECIE_FULL'] === '1' ? 5_000 : 400;

it(
  'leaves the audit green after a completed deal, a day of random trade and a wound-up series',
  async () => {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
    const usage = await loadUsage(join(root, 'libs/demo/sample/usage.csv'));
    const result = await runTradingDay({ seed, transport: 'postgres', steps, usage });
    const { afterDay, afterWindUp, series } = result;
    const sound = { ok: true, findings: [], discrepancies: [], digestsEqual: true };
    expect(afterDay, `SEED=${seed}`).toMatchObject(sound);
    expect(afterWindUp, `SEED=${seed}`).toMatchObject(sound);
    expect(series['burned']).toBe(series['minted']);
    expect(afterWindUp['tokens']).toMatchObject({ held: '0.000000', escrow: '0.000000' });
    expect(result.trades).toBeGreaterThan(steps / 20);
    expect(result.refused).toBeGreaterThan(0);
  },
  10 * minutes,
);
