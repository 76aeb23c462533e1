import { codeOf } from '@specie/event-sourcing';
import { describe, expect, it } from 'vitest';
import {
  captureId,
  charge,
  closed,
  confirmed,
  confirmedWith,
  eventsOf,
  expiresAt,
  fold,
  metadata,
  onReservation,
  partyId,
  providerId,
  record,
  request,
  requested,
  reservationId,
  seriesId,
  twoTokens,
  unknown,
} from '../../test/reservation-story.js';
import { expireReservation } from '../reservation/reservation.decider.js';
import type { Reservation } from '../reservation/reservation.state.js';
import type { ChargeUsage, UsageRecord } from './usage.commands.js';
import {
  chargeUsage,
  chargeUsageRejections,
  tokensFor,
  type ChargeUsageRejection,
} from './usage.decider.js';

describe('Charging usage', () => {
  it('charges each record exactly and captures one slice', () => {
    const half = record(1, { fraction7000: 3_500, seconds: 100 });
    const { usageId: _usageId, ...usage } = half;
    const placed = eventsOf(chargeUsage(charge([half]), confirmed));
    expect(placed).toEqual([
      {
        streamId: `usage-${half.usageId}`,
        isFirst: true,
        event: {
          type: 'metering.usage-charged',
          data: {
            ...usage,
            reservationId,
            partyId,
            providerId,
            sku: 'H100-SXM',
            weightVersion: 1,
            weightPpm: 1_000_000,
            gpuSeconds: 100n,
            atoms: 350_000_000_000n,
          },
        },
      },
      {
        streamId: `reservation-${reservationId}`,
        event: {
          type: 'metering.slice-captured',
          data: {
            reservationId,
            partyId,
            seriesId,
            captureId,
            sliceNumber: 1,
            usageCount: 1,
            gpuSeconds: 100n,
            atoms: 350_000_000_000n,
            atomsCumulative: 350_000_000_000n,
            // 13,888.89 micro-tokens, rounded up.
            captured: 13_889n,
            capturedCumulative: 13_889n,
          },
        },
      },
    ]);
  });

  it('reaches the golden amounts of an hour', () => {
    const hour = (weightPpm: bigint, fraction7000: bigint): bigint =>
      tokensFor(3_600n * fraction7000 * weightPpm);
    expect([hour(1_000_000n, 7_000n), hour(1_000_000n, 3_500n), hour(315_311n, 7_000n)]).toEqual([
      1_000_000n,
      500_000n,
      315_311n,
    ]);
  });

  it('counts a repeated record nothing, in another batch, in the same batch and after the close (R3)', () => {
    const charged = new Map([[record(1).usageId, record(1).evidenceHash]]);
    for (const state of [confirmed, closed]) {
      expect(chargeUsage(charge([record(1)], { charged }), state)).toEqual({
        outcome: 'accepted',
        events: [],
      });
    }
    const placed = eventsOf(chargeUsage(charge([record(2), record(2)]), confirmed));
    expect(placed.map(({ streamId }) => streamId)).toEqual([
      `usage-${record(2).usageId}`,
      `reservation-${reservationId}`,
    ]);
  });

  it('closes a reservation that is used up', () => {
    const placed = eventsOf(chargeUsage(charge([record(1), record(2)]), confirmed));
    expect(onReservation(placed).at(-1)).toMatchObject({
      data: { captured: twoTokens, released: 0n, reason: 'exhausted' },
    });
    expect(fold(onReservation(placed), confirmed).status).toBe('closed');
  });

  it('takes old records only as a backfill, and only where the holder agreed to arrears', () => {
    const old = record(1, { startedAt: '2017-09-04T17:30:41.000Z' });
    const inArrears = confirmedWith({ usageFromAt: '2017-09-04T17:30:41.000Z' });
    expect(chargeUsage(charge([old]), inArrears)).toMatchObject({
      violations: [{ code: 'usage_too_old' }],
    });
    expect(chargeUsage(charge([old], { backfill: true }), inArrears).outcome).toBe('accepted');
    expect(chargeUsage(charge([old], { backfill: true }), confirmed)).toMatchObject({
      violations: [{ code: 'usage_before_reservation' }],
    });
    const justBefore = record(1, { startedAt: '2017-09-04T17:30:40.999Z' });
    expect(chargeUsage(charge([justBefore], { backfill: true }), inArrears)).toMatchObject({
      violations: [{ code: 'usage_before_reservation' }],
    });
  });

  describe('at the borders of its interval (R7)', () => {
    const outcomeOf = (fields: Partial<UsageRecord>, now = metadata.now): string => {
      const command = charge([record(1, fields)]);
      const decision = chargeUsage({ ...command, metadata: { ...metadata, now } }, confirmed);
      return decision.outcome === 'rejected' ? codeOf(decision) : decision.outcome;
    };
    it.each([
      // An agent's clock may be 30 s off ours.
      ['2026-03-01T11:59:59.000Z', 31, 'accepted'],
      ['2026-03-01T11:59:59.001Z', 31, 'usage_in_future'],
      ['2026-03-01T08:59:30.000Z', 1, 'accepted'],
      ['2026-03-01T08:59:29.999Z', 1, 'usage_before_reservation'],
    ])('takes work of %s for %i s: %s', (startedAt, seconds, outcome) => {
      expect(outcomeOf({ startedAt, seconds })).toBe(outcome);
    });
    it.each([
      ['2026-03-30T23:59:59.000Z', 'accepted'],
      ['2026-03-30T23:59:59.001Z', 'usage_after_expiry'],
    ])('takes a second of work of %s before its expiry: %s', (startedAt, outcome) => {
      expect(outcomeOf({ startedAt, seconds: 1 }, '2026-03-31T00:00:03.000Z')).toBe(outcome);
    });
    it.each([
      ['2026-03-31T00:59:59.999Z', 'accepted'],
      ['2026-03-31T01:00:00.000Z', 'reservation_closed'],
    ])('takes finished work until the grace is over, at %s: %s (R8)', (now, outcome) => {
      expect(outcomeOf({ startedAt: '2026-03-30T23:00:00.000Z', seconds: 60 }, now)).toBe(outcome);
    });
    it('keeps to what a reservation without these terms was made on', () => {
      const before = confirmedWith({ requestedAt: undefined, graceSeconds: undefined });
      const old = record(1, { startedAt: '2017-09-04T17:30:41.000Z' });
      expect(chargeUsage(charge([old], { backfill: true }), before).outcome).toBe('accepted');
      const { reservationId: id } = request.data;
      const now = { ...metadata, now: expiresAt };
      expect(
        expireReservation({ data: { reservationId: id }, metadata: now }, before).events,
      ).toHaveLength(1);
    });
  });

  const at = (startedAt: string): ChargeUsage => charge([record(1), record(2, { startedAt })]);
  const cases = {
    reservation_unknown: [charge([record(1)]), unknown, []],
    usage_record_conflict: [
      charge([record(1), record(2), record(1, { evidenceHash: 'bb'.repeat(32) })]),
      confirmed,
      [2],
    ],
    reservation_not_confirmed: [charge([record(1)]), requested, []],
    reservation_closed: [charge([record(1)]), closed, []],
    usage_in_future: [at('2026-03-01T11:00:30.001Z'), confirmed, [1]],
    usage_too_old: [at('2026-01-25T11:59:59.999Z'), confirmed, [1]],
    usage_before_reservation: [at('2026-03-01T08:59:29.999Z'), confirmed, [1]],
    usage_after_expiry: [
      charge([record(1), record(2, { startedAt: '2026-03-01T10:00:00.001Z' })]),
      confirmedWith({ expiresAt: '2026-03-01T11:00:00.000Z', graceSeconds: 7_200 }),
      [1],
    ],
    usage_exceeds_hold: [charge([record(1), record(2, { seconds: 3_601 })]), confirmed, []],
  } satisfies Record<ChargeUsageRejection, readonly [ChargeUsage, Reservation, readonly number[]]>;
  it.each(chargeUsageRejections)('refuses the whole batch with %s', (code) => {
    const [command, state, records] = cases[code];
    const refusal = chargeUsage(command, state);
    expect(refusal).toMatchObject({ outcome: 'rejected', violations: [{ code }] });
    expect(placesIn(refusal)).toEqual(records);
  });
  it('refuses a changed record that was charged before', () => {
    const charged = new Map([[record(1).usageId, 'bb'.repeat(32)]]);
    const refusal = chargeUsage(charge([record(1)], { charged }), confirmed);
    expect(refusal).toMatchObject({
      outcome: 'rejected',
      violations: [{ code: 'usage_record_conflict' }],
    });
    expect(placesIn(refusal)).toEqual([0]);
  });
});

/** Which records of the batch a refusal is about. */
function placesIn(decision: ReturnType<typeof chargeUsage>): readonly number[] {
  const details = decision.outcome === 'rejected' ? decision.violations[0].details : undefined;
  const places = String(details?.['places'] ?? '');
  return places === '' ? [] : places.split(', ').map(Number);
}
