import { accept } from '@specie/event-sourcing';
import { microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  acme,
  filled,
  lotId,
  metadata,
  quantity,
  seriesId,
  tooMuch,
  unopened,
} from '../../test/account-story.js';
import { accountAggregate, type Account } from '../account/account.state.js';
import {
  holdAggregate,
  holdRefusals,
  holdTokens,
  type HoldRefusal,
  type HoldTokens,
} from './hold.decider.js';

const { accountId, partyId } = acme;
const holdId = '00000000-0000-4000-8000-0000000000d1';
const withTokens = filled(acme);
const series = { skus: ['H100-SXM'], windowFromOn: '2026-03-01', windowToOn: '2026-03-31' };
const expiresAt = '2026-03-02T12:00:00.000Z';
const command = (change: Partial<HoldTokens['data']> = {}): HoldTokens => ({
  data: {
    holdId,
    conflict: null,
    seriesId,
    partyId,
    sku: 'H100-SXM',
    quantity,
    expiresAt,
    series,
    eligible: true,
    ...change,
  },
  metadata,
});
const unanswered = holdAggregate.initialState();
const hold = (change: Partial<HoldTokens['data']> = {}, account: Account = withTokens) =>
  holdTokens(command(change), { account, hold: unanswered });

describe('Hold', () => {
  it('sets the tokens aside and pins the draws', () => {
    const data = {
      accountId,
      seriesId,
      partyId,
      holdId,
      quantity,
      draws: [{ lotId, quantity }],
      expiresAt,
    };
    expect(hold()).toEqual(
      accept({ streamId: `account-${accountId}`, event: { type: 'issuance.tokens-held', data } }),
    );
  });

  it('accepts a reservation made before the delivery window for a time inside it', () => {
    const ahead = { ...series, windowFromOn: '2026-03-02' };
    expect(hold({ series: ahead }).events).toHaveLength(1);
    expect(hold({ series: ahead, expiresAt: '2026-03-01T23:00:00.000Z' }).events).toMatchObject([
      { event: { data: { reason: 'outside_delivery_window' } } },
    ]);
  });

  it.each([
    // The time before the expiry lies in the window; the expiry itself is not used any more.
    ['2026-03-02T00:00:00.000Z', false],
    ['2026-03-02T00:00:00.001Z', true],
    ['2026-04-01T00:00:00.000Z', true],
    ['2026-04-01T00:00:00.001Z', false],
    ['2027-09-24T00:00:00.000Z', false],
  ])('until %s in a window of 2 to 31 March is held: %s (H2)', (until, isHeld) => {
    const [placed] = hold({
      series: { ...series, windowFromOn: '2026-03-02' },
      expiresAt: until,
    }).events;
    expect(placed?.streamId).toBe(isHeld ? `account-${accountId}` : `hold-${holdId}`);
  });

  it('answers once', () => {
    const [placed] = hold().events;
    if (placed?.event.type !== 'issuance.tokens-held') throw new Error('the hold was refused');
    const held = accountAggregate.evolve(withTokens, placed.event);
    expect(hold({}, held)).toEqual(accept());
    expect(holdTokens(command(), { account: withTokens, hold: { status: 'refused' } })).toEqual(
      accept(),
    );
  });

  const refusals = {
    hold_exists_differently: () => hold({ conflict: 'hold_exists_differently' }),
    conflicts_with_stored_state: () => hold({ conflict: 'conflicts_with_stored_state' }),
    series_unknown: () => hold({ series: null }),
    account_unknown: () => hold({}, unopened),
    party_ineligible: () => hold({ eligible: false }),
    sku_not_in_series: () => hold({ sku: 'B200' }),
    hold_expired: () => hold({ expiresAt: metadata.now }),
    outside_delivery_window: () => hold({ series: { ...series, windowToOn: '2026-02-28' } }),
    quantity_not_positive: () => hold({ quantity: microTokens(0n) }),
    insufficient_tokens: () => hold({ quantity: tooMuch }),
  } satisfies Record<HoldRefusal, () => ReturnType<typeof holdTokens>>;

  it.each(holdRefusals)('records the refusal %s', (reason) => {
    const data = { holdId, seriesId, partyId, reason };
    expect(refusals[reason]()).toEqual(
      accept({ streamId: `hold-${holdId}`, event: { type: 'issuance.hold-refused', data } }),
    );
  });
});
