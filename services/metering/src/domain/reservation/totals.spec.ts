import { microTokens } from '@specie/quantities';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chargeUsage,
  confirmReservation,
  evolve,
  requestRedemption,
  reservationAggregate,
  tokensFor,
  type ChargeUsage,
  type PlacedEvent,
  type RequestRedemption,
  type Reservation,
  type ReservationEvent,
  type UsageRecord,
} from './index.js';

const reservationId = '4e5e0000-0000-4000-8000-000000000001';
const partyId = 'ada00000-0000-4000-8000-000000000001';
const seriesId = '5e51e500-0000-4000-8000-000000000001';
const captureId = 'ca970000-0000-4000-8000-000000000001';
const metadata = { now: '2026-03-01T12:00:00.000Z', actor: partyId };
const expiresAt = '2026-03-31T00:00:00.000Z';
const twoTokens = microTokens(2_000_000n);

const request: RequestRedemption = {
  data: {
    reservationId,
    partyId,
    seriesId,
    sku: 'H100-SXM',
    quantity: twoTokens,
    expiresAt,
    eligible: true,
  },
  metadata,
};
const record = (n: number, fields: Partial<UsageRecord> = {}): UsageRecord => ({
  usageId: `05a6e000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  source: 'urn:gpu:north/node-7',
  recordId: `session-${n}:0`,
  gpuCount: 1,
  fraction7000: 7_000,
  startedAt: '2026-03-01T10:00:00.000Z',
  seconds: 3_600,
  evidenceHash: 'aa'.repeat(32),
  ...fields,
});
const charge = (
  records: readonly UsageRecord[],
  fields: Partial<ChargeUsage['data']> = {},
): ChargeUsage => ({
  data: { reservationId, captureId, records, charged: new Map(), backfill: false, ...fields },
  metadata,
});

const fold = (
  events: readonly ReservationEvent[],
  from = reservationAggregate.initialState(),
): Reservation => events.reduce(evolve, from);
const eventsOf = <E>(decision: {
  readonly outcome: string;
  readonly events?: readonly E[];
}): readonly E[] => {
  expect(decision.outcome).toBe('accepted');
  return decision.events ?? [];
};
const onReservation = (placed: readonly PlacedEvent[]): readonly ReservationEvent[] =>
  placed.flatMap(({ stream, event }) => (stream === 'reservation' ? [event] : []));

const unknown = reservationAggregate.initialState();
const requested = fold(eventsOf(requestRedemption(request, unknown)));
describe('Any order, any split and any repetition of records', () => {
  const records = fc.array(
    fc.record({
      gpuCount: fc.integer({ min: 1, max: 128 }),
      fraction7000: fc.integer({ min: 1, max: 7_000 }),
      seconds: fc.integer({ min: 1, max: 5_000_000 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  const generous = confirmedWith(10n ** 15n);

  function confirmedWith(held: bigint): Reservation {
    return fold(
      confirmReservation({ data: { reservationId, held: microTokens(held) } }, requested).events,
      requested,
    );
  }

  function meterOf(batches: readonly (readonly UsageRecord[])[]): unknown {
    const charged = new Map<string, string>();
    let state = generous;
    for (const batch of batches) {
      const placed = eventsOf(chargeUsage(charge(batch, { charged: new Map(charged) }), state));
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
          const usage = drawn.map((fields, index) => record(index, fields));
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
