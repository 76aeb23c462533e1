import { microTokens } from '@specie/quantities';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  charge,
  confirmedWith,
  eventsOf,
  fold,
  onReservation,
  record,
} from '../../test/reservation-story.js';
import type { UsageRecord } from './usage.commands.js';
import { chargeUsage, tokensFor } from './usage.decider.js';

describe('Any order, any split and any repetition of records', () => {
  const records = fc.array(
    fc.record({
      gpuCount: fc.integer({ min: 1, max: 128 }),
      fraction7000: fc.integer({ min: 1, max: 7_000 }),
      seconds: fc.integer({ min: 1, max: 5_000_000 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  const startedAt = '2026-01-01T00:00:00.000Z';
  const generous = confirmedWith({ usageFromAt: startedAt }, microTokens(10n ** 15n));

  function meterOf(batches: readonly (readonly UsageRecord[])[]): unknown {
    const charged = new Map<string, string>();
    let state = generous;
    for (const batch of batches) {
      const placed = eventsOf(
        chargeUsage(charge(batch, { charged: new Map(charged), backfill: true }), state),
      );
      batch.forEach(({ usageId, evidenceHash }) => charged.set(usageId, evidenceHash));
      state = fold(onReservation(placed), state);
    }
    if (state.status !== 'confirmed') {
      throw new Error(`unexpectedly ${state.status}`);
    }
    const { sliceCount: _sliceCount, ...totals } = state.meter;
    return totals;
  }

  it('give the same totals (R2)', () => {
    fc.assert(
      fc.property(
        records,
        fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
        (drawn, choices) => {
          const usage = drawn.map((fields, index) => record(index, { ...fields, startedAt }));
          const whole = meterOf([usage]);
          // Every record at least once, some twice, in an order and in batches that the choices decide.
          const shuffled = [
            ...usage,
            ...usage.filter((_record, index) => (choices[index] ?? 0) % 2 === 0),
          ]
            .map((entry, index) => ({ entry, key: choices[index] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ entry }) => entry);
          const batches: UsageRecord[][] = [];
          shuffled.forEach((entry, index) => {
            if ((choices[59 - index] ?? 0) % 3 === 0 || batches.length === 0) {
              batches.push([]);
            }
            batches.at(-1)?.push(entry);
          });
          expect(meterOf(batches)).toEqual(whole);
          const atoms = usage.reduce(
            (sum, { seconds, gpuCount, fraction7000 }) =>
              sum + BigInt(seconds) * BigInt(gpuCount) * BigInt(fraction7000) * 1_000_000n,
            0n,
          );
          expect(whole).toEqual({
            usageCount: usage.length,
            gpuSeconds: usage.reduce(
              (sum, { seconds, gpuCount }) => sum + BigInt(seconds) * BigInt(gpuCount),
              0n,
            ),
            atoms,
            captured: tokensFor(atoms),
          });
        },
      ),
    );
  });
});
