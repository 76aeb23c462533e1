import { microTokens, type GpuSku } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  charge,
  closed,
  confirmed,
  eventsOf,
  expiresAt,
  fold,
  metadata,
  onReservation,
  partyId,
  record,
  request,
  requested,
  requestedAt,
  reservationId,
  seriesId,
  twoTokens,
  unknown,
} from '../../test/reservation-story.js';
import { chargeUsage } from '../usage/usage.decider.js';
import type { RequestRedemption } from './reservation.commands.js';
import {
  closeReservation,
  closeReservationRejections,
  confirmReservation,
  expireReservation,
  refuseReservation,
  requestRedemption,
  requestRedemptionRejections,
  type CloseReservationRejection,
  type RequestRedemptionRejection,
} from './reservation.decider.js';
import type { Reservation, ReservationEvent } from './reservation.state.js';

const refused = fold(
  refuseReservation({ data: { reservationId, reason: 'insufficient_tokens' } }, requested).events,
  requested,
);

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
    expect(requestRedemption(inArrears, requested)).toMatchObject({
      violations: [{ code: 'reservation_exists' }],
    });
    const asked = fold(eventsOf(requestRedemption(inArrears, unknown)));
    expect(requestRedemption(request, asked)).toMatchObject({
      violations: [{ code: 'reservation_exists' }],
    });
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
    expect(requestRedemption(...cases[code])).toMatchObject({
      outcome: 'rejected',
      violations: [{ code }],
    });
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
      violations: [{ code }],
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
