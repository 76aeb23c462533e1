import { describe, expect, it } from 'vitest';
import type { SetBands, SetKillSwitch } from './shard.commands.js';
import {
  changePhaseRejections,
  setBandsRejections,
  setKillSwitchRejections,
  type ChangePhaseRejection,
  type SetBandsRejection,
  type SetKillSwitchRejection,
} from './shard-rejections.js';
import {
  ada,
  bob,
  buy,
  eve,
  orderId,
  otherId,
  phase,
  refuses,
  sell,
  series,
  Story,
  venue,
  type Case,
} from '../../test/shard-story.js';

describe('A kill switch', () => {
  const kill = (by: SetKillSwitch['by'], engaged = true): SetKillSwitch => ({
    ...{ kind: 'set-kill-switch', partyId: ada, engaged, by },
  });
  it('takes the open orders along, and refuses new ones until it is released', () => {
    const story = new Story([...venue, buy(1), sell(2, { priceTicks: 30_000 })]);
    expect(story.when(kill('party')).events).toMatchObject([
      { type: 'market.kill-switch-set', data: { partyId: ada, engaged: true, by: 'party' } },
      { data: { orderId: orderId(1), reason: 'kill_switch', leavesLots: 100 } },
    ]);
    expect(story.when(buy(3))).toMatchObject({ violations: [{ code: 'account_killed' }] });
    story.when(kill('party', false));
    expect(story.when(buy(4)).outcome).toBe('accepted');
    expect(story.venue.orders.named(sell(2))).toMatchObject({ side: 'sell', priceTicks: 30_000 });
  });
  it('stays quiet when it stands so already', () => {
    const story = new Story([...venue, kill('party')]);
    expect(story.when(kill('party'))).toEqual({ outcome: 'accepted', events: [] });
    expect(new Story(venue).when(kill('party', false)).events).toEqual([]);
  });
  it('stays engaged until both have released it who engaged it', () => {
    const story = new Story([...venue, kill('party'), kill('operator'), kill('party', false)]);
    expect(story.when(buy(1))).toMatchObject({ violations: [{ code: 'account_killed' }] });
    story.when(kill('operator', false));
    expect(story.when(buy(2)).outcome).toBe('accepted');
  });
  const cases = {
    kill_switch_of_operator: { given: [...venue, kill('operator')], when: kill('party', false) },
  } satisfies Record<SetKillSwitchRejection, Case>;
  refuses(setKillSwitchRejections, cases);
});

describe('A mass cancel', () => {
  it('stays quiet for a party without orders, and opens no account for one', () => {
    const story = new Story(venue);
    const command = { kind: 'mass-cancel', partyId: otherId(9), reason: 'mass_cancel' } as const;
    expect(story.when(command)).toEqual({ outcome: 'accepted', events: [] });
    expect(story.venue.accounts.numberOf(otherId(9))).toBe(0);
  });
  it('leaves other books and other parties alone', () => {
    const other = otherId(8);
    const [openBook] = venue;
    const story = new Story([
      ...venue,
      { ...openBook, seriesId: other } as never,
      buy(1),
      buy(2, { seriesId: other }),
      buy(3, { partyId: eve }),
    ]);
    const reason = 'disconnected' as const;
    const command = { kind: 'mass-cancel', partyId: ada, seriesId: series, reason } as const;
    expect(story.when(command).events).toMatchObject([
      { data: { partyId: ada, seriesId: series, reason, orderCount: 1 } },
      { data: { orderId: orderId(1), reason } },
    ]);
    expect([...story.venue.orders.all()].map((order) => order.orderId)).toEqual(
      [2, 3].map(orderId),
    );
  });
});

describe('A limit of open orders', () => {
  it('is one of its party alone, and none at 0', () => {
    const limit = (openOrdersMax: number) =>
      ({ kind: 'set-account-limit', partyId: ada, openOrdersMax }) as const;
    const story = new Story([...venue, buy(1)]);
    expect(story.when(limit(1)).events).toEqual([
      { type: 'market.account-limit-set', data: { partyId: ada, openOrdersMax: 1 } },
    ]);
    expect(story.when(buy(2)).outcome).toBe('rejected');
    expect(story.when(buy(3, { partyId: eve })).outcome).toBe('accepted');
    story.when(limit(0));
    expect(story.when(buy(4)).outcome).toBe('accepted');
  });
});

describe('The phase of a book', () => {
  it('ends an auction with one price for all, and says so', () => {
    const story = new Story([
      ...venue,
      phase('opening_auction'),
      sell(1, { priceTicks: 19_000 }),
      buy(2, { priceTicks: 21_000, quantityLots: 60 }),
      buy(3, { partyId: eve, priceTicks: 19_500, timeInForce: 'DAY' }),
    ]);
    expect(story.when(phase('closed')).events).toMatchObject([
      {
        type: 'market.phase-changed',
        data: { from: 'opening_auction', to: 'closed', cause: 'operator' },
      },
      {
        type: 'market.auction-uncrossed',
        data: { priceTicks: 19_500, volumeLots: 100, imbalanceLots: 60 },
      },
      {
        data: {
          execution: 'auction',
          takerOrderId: orderId(2),
          priceTicks: 19_500,
          buyerFee: 1_755,
        },
      },
      { data: { execution: 'auction', takerOrderId: orderId(3), quantityLots: 40 } },
      { data: { orderId: orderId(3), reason: 'expired_day', leavesLots: 60 } },
    ]);
  });
  const crossed = [sell(1, { priceTicks: 19_000 }), buy(2)];
  const cases = {
    book_unknown: { given: [], when: phase('halt') },
    phase_unchanged: { when: phase('continuous'), details: { phase: 'continuous' } },
    book_crossed: {
      given: [...venue, phase('pre_open'), ...crossed],
      when: phase('continuous'),
      details: { phase: 'pre_open' },
    },
  } satisfies Record<ChangePhaseRejection, Case>;
  refuses(changePhaseRejections, cases);
});

describe('The bands of a book', () => {
  const bands: SetBands = {
    ...{ kind: 'set-bands', seriesId: series, staticLowTicks: 15_000, staticHighTicks: 25_000 },
    ...{ dynamicPpm: 50_000, referencePriceTicks: 20_000 },
  };
  it('stop an order that reaches beyond, and the book with it', () => {
    const story = new Story([...venue, bands, sell(1, { priceTicks: 22_000, partyId: bob })]);
    const { events } = story.when(buy(2, { priceTicks: 21_000 }));
    expect(events.slice(1)).toEqual([
      {
        type: 'market.phase-changed',
        data: { seriesId: series, from: 'continuous', to: 'limit_state', cause: 'band' },
      },
    ]);
    expect(story.when(buy(3, { priceTicks: 21_001 }))).toMatchObject({
      violations: [{ code: 'price_outside_band', details: { highTicks: 21_000 } }],
    });
  });
  const cases = {
    book_unknown: { given: [], when: bands },
    bands_invalid: { when: { ...bands, staticLowTicks: 25_001 } },
  } satisfies Record<SetBandsRejection, Case>;
  refuses(setBandsRejections, cases);
});
