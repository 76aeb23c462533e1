import { microTokens, type GpuSku } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  chargeUsage,
  chargeUsageRejections,
  closeReservation,
  closeReservationRejections,
  confirmReservation,
  expireReservation,
  refuseReservation,
  requestRedemption,
  requestRedemptionRejections,
  tokensFor,
  type ChargeUsage,
  type ChargeUsageRejection,
  type CloseReservationRejection,
  type PlacedEvent,
  type RequestRedemption,
  type RequestRedemptionRejection,
  type Reservation,
  type ReservationEvent,
  type UsageRecord,
} from './index.js';
import {
  captureId,
  charge,
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
  requestedAt,
  reservationId,
  seriesId,
  twoTokens,
  unknown,
} from '../../../test/reservation-story.js';

const confirmed = fold(
  confirmReservation({ data: { reservationId, held: twoTokens } }, requested).events,
  requested,
);
const refused = fold(
  refuseReservation({ data: { reservationId, reason: 'insufficient_tokens' } }, requested).events,
  requested,
);
const closed = fold(eventsOf(closeReservation({ data: { reservationId } }, confirmed)), confirmed);

describe('Requesting a redemption', () => {
  it('pins the weight of its SKU (R5)', () => {
    const { eligible: _eligible, deliveryEndsAt: _deliveryEndsAt, ...asked } = request.data;
    expect(
      requestRedemption({ ...request, data: { ...request.data, sku: 'A100-80GB' } }, unknown),
    ).toEqual({
      outcome: 'accepted',
      events: [
        {
          type: 'metering.redemption-requested',
          data: { ...asked, sku: 'A100-80GB', requestedAt, weightVersion: 1, weightPpm: 315_311 },
        },
      ],
    });
  });
  it('stays quiet when it was requested before', () => {
    expect(requestRedemption(request, confirmed)).toEqual({ outcome: 'accepted', events: [] });
    const shorterGrace = withData({ graceSeconds: 0, deliveryEndsAt: requestedAt });
    expect(requestRedemption(shorterGrace, confirmed)).toEqual({ outcome: 'accepted', events: [] });
  });
  it('is another request with another begin of the usage', () => {
    const inArrears = withData({ usageFromAt: '2026-02-01T00:00:00.000Z' });
    expect(requestRedemption(inArrears, requested)).toMatchObject({ code: 'reservation_exists' });
    const asked = fold(eventsOf(requestRedemption(inArrears, unknown)));
    expect(requestRedemption(request, asked)).toMatchObject({ code: 'reservation_exists' });
    const respelled = withData({ usageFromAt: '2026-02-01T00:00:00Z' });
    expect(requestRedemption(respelled, asked)).toEqual({ outcome: 'accepted', events: [] });
  });
  it('reaches to the end of the delivery window', () => {
    const { outcome } = requestRedemption(withData({ deliveryEndsAt: expiresAt }), unknown);
    expect(outcome).toBe('accepted');
  });
  const withData = (fields: Partial<RequestRedemption['data']>): RequestRedemption => ({
    ...request,
    data: { ...request.data, ...fields },
  });
  const cases = {
    reservation_exists: [withData({ quantity: microTokens(1n) }), requested],
    party_ineligible: [withData({ eligible: false }), unknown],
    sku_without_weight: [withData({ sku: 'H9000' as GpuSku }), unknown],
    quantity_not_positive: [withData({ quantity: microTokens(0n) }), unknown],
    expiry_in_past: [withData({ expiresAt: requestedAt }), unknown],
    usage_interval_empty: [withData({ usageFromAt: expiresAt }), unknown],
    expiry_after_delivery_window: [
      withData({ deliveryEndsAt: '2026-03-30T23:59:59.999Z' }),
      unknown,
    ],
  } satisfies Record<RequestRedemptionRejection, readonly [RequestRedemption, Reservation]>;
  it.each(requestRedemptionRejections)('refuses with %s', (code) => {
    expect(requestRedemption(...cases[code])).toMatchObject({ outcome: 'rejected', code });
  });
});

describe('The answer of the issuer', () => {
  it('confirms or refuses a waiting reservation, once', () => {
    expect(confirmed).toMatchObject({ status: 'confirmed', held: twoTokens });
    expect(refused.status).toBe('refused');
    expect(
      confirmReservation({ data: { reservationId, held: twoTokens } }, confirmed).events,
    ).toEqual([]);
    expect(
      refuseReservation({ data: { reservationId, reason: 'insufficient_tokens' } }, refused).events,
    ).toEqual([]);
  });
  it('releases a hold that comes after the reservation gave up (R6)', () => {
    const { events } = confirmReservation({ data: { reservationId, held: twoTokens } }, refused);
    expect(events).toMatchObject([
      { data: { held: twoTokens } },
      { data: { captured: 0n, released: twoTokens, reason: 'expired' } },
    ]);
    expect(fold(events, refused).status).toBe('closed');
  });
  it('is ignored for a reservation that is not ours', () => {
    expect(
      confirmReservation({ data: { reservationId, held: twoTokens } }, unknown).events,
    ).toEqual([]);
  });
});

describe('Charging usage', () => {
  it('charges each record exactly and captures one slice', () => {
    const half = record(1, { fraction7000: 3_500, seconds: 100 });
    const { usageId: _usageId, ...usage } = half;
    const { events } = chargeUsage(charge([half]), confirmed) as { events: readonly PlacedEvent[] };
    expect(events).toEqual([
      {
        stream: 'usage',
        usageId: half.usageId,
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
        stream: 'reservation',
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
    const { events } = chargeUsage(charge([record(2), record(2)]), confirmed) as {
      events: readonly PlacedEvent[];
    };
    expect(events.map(({ stream }) => stream)).toEqual(['usage', 'reservation']);
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
    expect(chargeUsage(charge([old]), inArrears)).toMatchObject({ code: 'usage_too_old' });
    expect(chargeUsage(charge([old], { backfill: true }), inArrears).outcome).toBe('accepted');
    expect(chargeUsage(charge([old], { backfill: true }), confirmed)).toMatchObject({
      code: 'usage_before_reservation',
    });
    const justBefore = record(1, { startedAt: '2017-09-04T17:30:40.999Z' });
    expect(chargeUsage(charge([justBefore], { backfill: true }), inArrears)).toMatchObject({
      code: 'usage_before_reservation',
    });
  });

  describe('at the borders of its interval (R7)', () => {
    const outcomeOf = (fields: Partial<UsageRecord>, now = metadata.now): string => {
      const command = charge([record(1, fields)]);
      const decision = chargeUsage({ ...command, metadata: { ...metadata, now } }, confirmed);
      return decision.outcome === 'rejected' ? decision.code : decision.outcome;
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
    expect(chargeUsage(command, state)).toMatchObject({ outcome: 'rejected', code, records });
  });
  it('refuses a changed record that was charged before', () => {
    const charged = new Map([[record(1).usageId, 'bb'.repeat(32)]]);
    expect(chargeUsage(charge([record(1)], { charged }), confirmed)).toMatchObject({
      outcome: 'rejected',
      code: 'usage_record_conflict',
      records: [0],
    });
  });
});

describe('Ending a reservation', () => {
  it('releases what was not captured (R1)', () => {
    const used = fold(
      onReservation(eventsOf(chargeUsage(charge([record(1, { seconds: 1 })]), confirmed))),
      confirmed,
    );
    expect(closeReservation({ data: { reservationId } }, used)).toEqual({
      outcome: 'accepted',
      events: [
        {
          type: 'metering.reservation-closed',
          data: {
            reservationId,
            partyId,
            seriesId,
            captured: 278n,
            released: 1_999_722n,
            reason: 'requested',
          },
        },
      ],
    });
  });
  it('stays quiet when it is closed', () => {
    expect(closeReservation({ data: { reservationId } }, closed)).toEqual({
      outcome: 'accepted',
      events: [],
    });
  });
  const cases = {
    reservation_unknown: unknown,
    hold_pending: requested,
    reservation_refused: refused,
  } satisfies Record<CloseReservationRejection, Reservation>;
  it.each(closeReservationRejections)('refuses with %s', (code) => {
    expect(closeReservation({ data: { reservationId } }, cases[code])).toMatchObject({
      outcome: 'rejected',
      code,
    });
  });

  describe('by its deadline', () => {
    const expire = (now: string, state: Reservation): readonly ReservationEvent[] =>
      expireReservation({ data: { reservationId }, metadata: { ...metadata, now } }, state).events;
    const graceEndsAt = '2026-03-31T01:00:00.000Z';
    it('does nothing before it', () => {
      expect(expire('2026-03-30T23:59:59.999Z', requested)).toEqual([]);
    });
    it('leaves an open reservation its grace (R8)', () => {
      expect(expire(expiresAt, confirmed)).toEqual([]);
      expect(expire('2026-03-31T00:59:59.999Z', confirmed)).toEqual([]);
    });
    it('closes an open reservation and gives up a waiting one', () => {
      expect(expire(graceEndsAt, confirmed)).toMatchObject([
        { data: { released: twoTokens, reason: 'expired' } },
      ]);
      expect(expire(expiresAt, requested)).toMatchObject([
        { data: { reason: 'hold_not_answered' } },
      ]);
    });
    it.each([unknown, refused, closed])('leaves what has ended alone', (state) => {
      expect(expire(graceEndsAt, state)).toEqual([]);
    });
  });
});

describe('Folding', () => {
  it('refuses impossible history', () => {
    const slice = onReservation(eventsOf(chargeUsage(charge([record(1)]), confirmed)));
    expect(() => fold(slice, requested)).toThrow('usage needs a confirmed reservation');
    expect(() => fold([...slice, ...slice], confirmed)).toThrow('slices are numbered');
  });
});
