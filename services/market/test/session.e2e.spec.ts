import { streamIds } from '@specie/contracts';
import { FixedClock, type ServiceApp } from '@specie/nest-platform';
import { eventually } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionStory } from './session-story.js';
import { openVenue, startMarket, type Venue } from './open-venue.js';

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const week = {
  changes: [
    { days, at: '08:00', phase: 'pre_open' },
    { days, at: '08:30', phase: 'opening_auction' },
    { days, at: '08:35', phase: 'continuous' },
    { days, at: '16:30', phase: 'closing_auction' },
    { days, at: '16:35', phase: 'closed' },
  ],
};
/** 2 March 2026 is a Monday. */
const at = (time: string, day = 2): string =>
  `2026-03-${String(day).padStart(2, '0')}T${time}.000Z`;

const clock = new FixedClock(at('07:00:00'));
let venue: Venue;
let service: ServiceApp;
beforeAll(async () => {
  venue = await openVenue(clock);
  service = await startMarket(venue);
});
afterAll(() => venue.close());

describe('A day by the calendar', () => {
  it('opens with an auction, interrupts trading at the band, closes with an auction', async () => {
    clock.set(at('07:00:00'));
    const story = await SessionStory.open(venue, service);
    const { seriesId, ada, bob, desk } = story;
    expect(await desk.put(`/books/${seriesId}/calendar`, week)).toMatchObject({ status: 200 });
    expect(await story.session()).toMatchObject({
      ...{ phase: 'closed', cause: 'opened', calendarVersion: 1 },
      next: { phase: 'pre_open', at: at('08:00:00') },
    });
    expect(await ada.post('/orders', story.limit('buy', 10_000, 10))).toMatchObject({
      status: 409,
      body: { code: 'phase_refuses_orders' },
    });

    clock.set(at('08:00:00'));
    await story.reaches('pre_open');
    const early = await story.placed(ada, story.limit('buy', 10_200, 500));
    const offer = await story.placed(bob, story.limit('sell', 10_000, 400));
    expect(await story.change('continuous')).toMatchObject({
      status: 409,
      body: { code: 'book_crossed' },
    });
    clock.set(at('08:30:00'));
    await story.reaches('opening_auction');
    clock.set(at('08:35:00'));
    expect(await story.reaches('continuous')).toMatchObject({
      ...{ since: at('08:35:00'), cause: 'calendar' },
      next: { phase: 'closing_auction', at: at('16:30:00') },
    });
    // 400 lots at 10,200 (only buyers are left over): 4.08 dollars, 0.1 % of it from both.
    expect(await story.order(bob, offer)).toMatchObject({ status: 'filled' });
    expect(await story.order(ada, early)).toMatchObject({ filledLots: 400, leavesLots: 100 });
    expect(await story.balances(bob)).toEqual({
      cash: ['4.075920', '0.000000'],
      tokens: ['96.000000', '0.000000'],
    });

    expect(
      await desk.put(`/books/${seriesId}/bands`, {
        ...{ staticLowTicks: 5_000, staticHighTicks: 20_000 },
        ...{ dynamicPpm: 50_000, referencePriceTicks: 10_000 },
      }),
    ).toMatchObject({ status: 200 });
    expect(await bob.post('/orders', story.limit('sell', 9_000, 1))).toMatchObject({
      status: 409,
      body: { code: 'price_outside_band' },
    });
    clock.set(at('10:00:00'));
    const atTheBand = await story.placed(ada, story.limit('buy', 10_500, 100));
    expect(await story.reaches('limit_state')).toMatchObject({
      ...{ since: at('10:00:00'), cause: 'band' },
      bands: { staticHighTicks: 20_000, dynamicPpm: 50_000, referencePriceTicks: 10_000 },
      next: { phase: 'pause', at: at('10:00:15') },
    });
    clock.set(at('10:00:15'));
    expect(await story.reaches('pause')).toMatchObject({
      next: { phase: 'reopening_auction', at: at('10:05:15') },
    });
    await story.placed(bob, story.limit('sell', 10_300, 50));
    clock.set(at('10:05:15'));
    expect(await story.reaches('reopening_auction')).toMatchObject({
      next: { phase: 'continuous', at: at('10:05:45') },
    });
    clock.set(at('10:05:45'));
    await story.reaches('continuous');
    // 50 lots at 10,500.
    expect(await story.order(ada, atTheBand)).toMatchObject({ filledLots: 50, leavesLots: 50 });
    expect(await story.balances(bob)).toMatchObject({ cash: ['4.600395', '0.000000'] });

    const lasting = await story.placed(bob, {
      ...story.limit('sell', 10_501, 20),
      timeInForce: 'GTC',
    });
    clock.set(at('16:30:00'));
    await story.reaches('closing_auction');
    await story.placed(bob, story.limit('sell', 10_400, 30));
    clock.set(at('16:35:00'));
    expect(await story.reaches('closed')).toMatchObject({
      next: { phase: 'pre_open', at: at('08:00:00', 3) },
    });
    // 30 lots at 10,500; what is left of the DAY orders expires, the GTC order stays.
    expect(await story.order(ada, atTheBand)).toMatchObject({
      ...{ status: 'cancelled', cancelReason: 'expired_day', filledLots: 80 },
    });
    expect(await story.order(ada, early)).toMatchObject({ cancelReason: 'expired_day' });
    expect(await story.order(bob, lasting)).toMatchObject({ status: 'open' });
    // Bought 400 at 10,200, 50 and 30 at 10,500: 4.08 + 0.525 + 0.315 dollars, and the fees.
    expect(await story.balances(ada)).toEqual({
      cash: ['995.075080', '0.000000'],
      tokens: ['4.800000', '0.000000'],
    });
    expect(await story.balances(bob)).toEqual({
      cash: ['4.915080', '0.000000'],
      tokens: ['95.000000', '0.200000'],
    });
  });
});

describe('Time without traffic', () => {
  it('ends a GTD order when it expires', async () => {
    clock.set(at('12:00:00', 3));
    const story = await SessionStory.open(venue, service, 'continuous');
    const terms = { timeInForce: 'GTD', expiresAt: at('12:00:30', 3) };
    const brief = await story.placed(story.ada, story.limit('buy', 10_000, 100, terms));
    const lasting = await story.placed(story.ada, story.limit('buy', 10_000, 1));
    clock.set(at('12:00:30', 3));
    await eventually('the end of the order', async () => {
      const { status, cancelReason } = await story.order(story.ada, brief);
      return status === 'cancelled' && cancelReason === 'expired_time';
    });
    expect(await story.order(story.ada, lasting)).toMatchObject({ status: 'open' });
    expect(await story.balances(story.ada)).toMatchObject({ cash: ['999.989990', '0.010010'] });
  });

  it('takes the orders of a frozen party out of the book', async () => {
    clock.set(at('13:00:00', 3));
    const story = await SessionStory.open(venue, service, 'continuous');
    const { ada, bob } = story;
    const frozen = await story.placed(ada, story.limit('buy', 10_000, 100));
    const others = await story.placed(bob, story.limit('sell', 11_000, 100));
    await venue.publish('compliance', streamIds.party(ada.partyId), 'compliance.party-frozen', {
      partyId: ada.partyId,
      frozenBy: bob.partyId,
      reason: 'court_order',
    });
    await eventually('the end of the order', async () => {
      const { cancelReason } = await story.order(ada, frozen);
      return cancelReason === 'ineligible';
    });
    expect(await story.order(bob, others)).toMatchObject({ status: 'open' });
    expect(await story.balances(ada)).toMatchObject({ cash: ['1000.000000', '0.000000'] });
  });
});

describe('An operator', () => {
  it('halts a book until it ends the halt, and lets orders be cancelled only', async () => {
    clock.set(at('07:00:00', 4));
    const story = await SessionStory.open(venue, service);
    const { seriesId, ada, desk } = story;
    await desk.put(`/books/${seriesId}/calendar`, week);
    clock.set(at('08:35:00', 4));
    await story.reaches('continuous');
    const resting = await story.placed(ada, story.limit('buy', 10_000, 100));
    expect(await story.change('halt')).toMatchObject({ status: 200 });
    expect(await story.change('halt')).toMatchObject({
      status: 409,
      body: { code: 'phase_unchanged' },
    });
    expect(await ada.remove(`/orders/${resting}`)).toMatchObject({
      status: 409,
      body: { code: 'phase_refuses_cancel' },
    });
    clock.set(at('16:40:00', 4));
    expect(await story.session()).toMatchObject({ phase: 'halt', cause: 'operator', next: null });
    expect(await story.change('cancel_only')).toMatchObject({ status: 200 });
    expect(await ada.post('/orders', story.limit('buy', 10_000, 1))).toMatchObject({
      status: 409,
      body: { code: 'phase_refuses_orders' },
    });
    expect(await ada.remove(`/orders/${resting}`)).toMatchObject({ status: 200 });
    expect(await story.change('continuous')).toMatchObject({ status: 200 });
    expect(await story.session()).toMatchObject({
      next: { phase: 'pre_open', at: at('08:00:00', 5) },
    });
    expect(await story.change('limit_state')).toMatchObject({ status: 400 });
  });

  it('announces a calendar ahead, and another one in its place', async () => {
    clock.set(at('07:00:00', 5));
    const story = await SessionStory.open(venue, service);
    const { seriesId, ada, desk } = story;
    const path = `/books/${seriesId}/calendar`;
    const later = { ...week, effectiveAt: at('09:00:00', 5) };
    expect(await desk.put(path, later)).toMatchObject({ body: { streamVersion: 1 } });
    expect(await desk.put(path, later)).toMatchObject({ body: { streamVersion: 1 } });
    expect(await desk.put(path, { ...week, effectiveAt: at('06:59:59', 5) })).toMatchObject({
      status: 422,
      body: { code: 'calendar_takes_effect_in_past' },
    });
    const twice = { changes: [...week.changes, { days, at: '08:00', phase: 'closed' }] };
    expect(await desk.put(path, twice)).toMatchObject({
      status: 422,
      body: { code: 'calendar_changes_collide' },
    });
    expect(await ada.put(path, week)).toMatchObject({ status: 403 });
    clock.set(at('08:40:00', 5));
    expect(await story.session()).toMatchObject({ phase: 'closed', calendarVersion: null });
    clock.set(at('09:00:00', 5));
    expect(await story.reaches('continuous')).toMatchObject({
      ...{ calendarVersion: 1, since: at('09:00:00', 5) },
    });
    const holiday = { ...week, daysWithoutTrading: ['2026-03-06'], pauseSeconds: 60 };
    expect(await desk.put(path, holiday)).toMatchObject({ body: { streamVersion: 2 } });
    expect(await ada.get(path)).toMatchObject({
      body: {
        items: [
          { calendarVersion: 2, effectiveAt: at('09:00:00', 5), pauseSeconds: 60 },
          { calendarVersion: 1, daysWithoutTrading: [], pauseSeconds: 300, reopeningSeconds: 30 },
        ],
        nextCursor: null,
      },
    });
    clock.set(at('16:35:00', 5));
    expect(await story.reaches('closed')).toMatchObject({
      next: { phase: 'pre_open', at: at('08:00:00', 9) },
    });
  });
});

describe('A calendar whose book cannot follow', () => {
  it('uncrosses in an auction before a book that is crossed trades', async () => {
    clock.set(at('07:00:00', 9));
    const story = await SessionStory.open(venue, service);
    const { seriesId, ada, bob, desk } = story;
    const changes = week.changes.filter(({ phase }) => phase !== 'opening_auction');
    await desk.put(`/books/${seriesId}/calendar`, { changes });
    clock.set(at('08:00:00', 9));
    await story.reaches('pre_open');
    await story.placed(ada, story.limit('buy', 10_000, 10));
    const offer = await story.placed(bob, story.limit('sell', 10_000, 10));
    clock.set(at('08:35:00', 9));
    expect(await story.reaches('reopening_auction')).toMatchObject({
      next: { phase: 'continuous', at: at('08:35:30', 9) },
    });
    clock.set(at('08:35:30', 9));
    await story.reaches('continuous');
    expect(await story.order(bob, offer)).toMatchObject({ status: 'filled' });
  });

  it('is caught up with by the next writer: auctions uncross, days end, and the phase is the right one', async () => {
    clock.set(at('07:00:00', 10));
    const story = await SessionStory.open(venue, service);
    const { seriesId, ada, bob, desk } = story;
    await desk.put(`/books/${seriesId}/calendar`, week);
    clock.set(at('08:00:00', 10));
    await story.reaches('pre_open');
    const dayOrder = await story.placed(ada, story.limit('buy', 10_000, 10));
    const offer = await story.placed(bob, story.limit('sell', 10_000, 4));
    const lasting = { timeInForce: 'GTC' };
    const kept = await story.placed(ada, story.limit('buy', 9_000, 1, lasting));
    await service.close();
    clock.set(at('09:00:00', 13));
    service = await startMarket(venue, 'market-b');
    const after = await story.at(service);
    const caughtUp = { phase: 'closing_auction', at: at('16:30:00', 13) };
    await eventually('the present day', async () => {
      const { next } = await after.session();
      return (next as { readonly at: string } | null)?.at === caughtUp.at;
    });
    expect(await after.session()).toMatchObject({
      ...{ phase: 'continuous', cause: 'calendar', since: at('09:00:00', 13), next: caughtUp },
    });
    expect(await after.order(after.bob, offer)).toMatchObject({ status: 'filled' });
    expect(await after.order(after.ada, dayOrder)).toMatchObject({
      ...{ filledLots: 4, cancelReason: 'expired_day' },
    });
    expect(await after.order(after.ada, kept)).toMatchObject({ status: 'open' });
    const phases = (await service.store.readStream('shard-main'))
      .filter(({ type, data }) => {
        const { seriesId: of } = data as { readonly seriesId?: string };
        return type === 'market.phase-changed' && of === seriesId;
      })
      .map(({ data }) => (data as { readonly to: string }).to);
    const day = ['opening_auction', 'continuous', 'closing_auction', 'closed'];
    expect(phases).toEqual([
      ...['pre_open', ...day],
      ...['pre_open', ...day],
      ...['pre_open', 'opening_auction', 'continuous'],
    ]);
  });
});
