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
} from './index.js';
import {
  captureId,
  charge,
  eventsOf,
  expiresAt,
  fold,
  metadata,
  onReservation,
  partyId,
  record,
  request,
  requested,
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
    const { eligible: _eligible, ...asked } = request.data;
    expect(
      requestRedemption({ ...request, data: { ...request.data, sku: 'A100-80GB' } }, unknown),
    ).toEqual({
      outcome: 'accepted',
      events: [
        {
          type: 'metering.redemption-requested',
          data: { ...asked, sku: 'A100-80GB', weightVersion: 1, weightPpm: 315_311 },
        },
      ],
    });
  });
  it('stays quiet when it was requested before', () => {
    expect(requestRedemption(request, confirmed)).toEqual({ outcome: 'accepted', events: [] });
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
    expiry_in_past: [withData({ expiresAt: metadata.now }), unknown],
  } satisfies Record<RequestRedemptionRejection, readonly [RequestRedemption, Reservation]>;
  it.each(requestRedemptionRejections)('refuses with %s', (code) => {
    expect(requestRedemption(...cases[code])).toEqual({ outcome: 'rejected', code });
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

  it('takes old records only as a backfill', () => {
    const old = record(1, { startedAt: '2017-09-04T17:30:41.000Z' });
    expect(chargeUsage(charge([old]), confirmed)).toEqual({
      outcome: 'rejected',
      code: 'usage_too_old',
    });
    expect(chargeUsage(charge([old], { backfill: true }), confirmed).outcome).toBe('accepted');
  });

  const at = (startedAt: string): ChargeUsage => charge([record(1), record(2, { startedAt })]);
  const cases = {
    reservation_unknown: [charge([record(1)]), unknown],
    usage_record_conflict: [
      charge([record(1), record(1, { evidenceHash: 'bb'.repeat(32) })]),
      confirmed,
    ],
    reservation_not_confirmed: [charge([record(1)]), requested],
    reservation_closed: [charge([record(1)]), closed],
    usage_in_future: [at('2026-03-01T12:05:00.001Z'), confirmed],
    usage_too_old: [at('2026-01-25T11:59:59.999Z'), confirmed],
    usage_after_expiry: [
      charge([record(1)]),
      fold(confirmReservation({ data: { reservationId, held: twoTokens } }, requested).events, {
        status: 'requested',
        terms: {
          ...request.data,
          weightVersion: 1,
          weightPpm: 1_000_000,
          expiresAt: '2026-03-01T10:00:00.000Z',
        },
      }),
    ],
    usage_exceeds_hold: [charge([record(1), record(2, { seconds: 3_601 })]), confirmed],
  } satisfies Record<ChargeUsageRejection, readonly [ChargeUsage, Reservation]>;
  it.each(chargeUsageRejections)('refuses the whole batch with %s', (code) => {
    expect(chargeUsage(...cases[code])).toEqual({ outcome: 'rejected', code });
  });
  it('refuses a changed record that was charged before', () => {
    const charged = new Map([[record(1).usageId, 'bb'.repeat(32)]]);
    expect(chargeUsage(charge([record(1)], { charged }), confirmed)).toEqual({
      outcome: 'rejected',
      code: 'usage_record_conflict',
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
    expect(closeReservation({ data: { reservationId } }, cases[code])).toEqual({
      outcome: 'rejected',
      code,
    });
  });

  describe('by its deadline', () => {
    const expire = (now: string, state: Reservation): readonly ReservationEvent[] =>
      expireReservation({ data: { reservationId }, metadata: { ...metadata, now } }, state).events;
    it('does nothing before it', () => {
      expect(expire('2026-03-30T23:59:59.999Z', confirmed)).toEqual([]);
    });
    it('closes an open reservation and gives up a waiting one', () => {
      expect(expire(expiresAt, confirmed)).toMatchObject([
        { data: { released: twoTokens, reason: 'expired' } },
      ]);
      expect(expire(expiresAt, requested)).toMatchObject([
        { data: { reason: 'hold_not_answered' } },
      ]);
    });
    it.each([unknown, refused, closed])('leaves what has ended alone', (state) => {
      expect(expire(expiresAt, state)).toEqual([]);
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
