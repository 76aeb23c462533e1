import { randomUUID } from 'node:crypto';
import type { ServiceApp } from '@specie/nest-platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SessionStory, traderOf } from './session-story.js';
import { openVenue, startMarket, type Venue } from './open-venue.js';

let venue: Venue;
let service: ServiceApp;
let story: SessionStory;
beforeAll(async () => {
  venue = await openVenue();
  service = await startMarket(venue);
});
beforeEach(async () => {
  story = await SessionStory.open(venue, service, 'continuous');
});
afterAll(() => venue.close());

const killed = { status: 409, body: { code: 'account_killed' } };

describe('The kill switch', () => {
  it('cancels the orders of the party that engages it, until the party releases it', async () => {
    const { ada } = story;
    const resting = await story.placed(ada, story.limit('buy', 10_000, 100));
    expect(await ada.put('/kill-switch', { engaged: true })).toMatchObject({
      status: 200,
      body: { id: ada.partyId },
    });
    expect(await story.order(ada, resting)).toMatchObject({ cancelReason: 'kill_switch' });
    expect(await ada.post('/orders', story.limit('buy', 10_000, 1))).toMatchObject(killed);
    expect((await ada.get('/kill-switch')).body).toEqual({
      ...{ partyId: ada.partyId, engaged: true, byParty: true, byOperator: false },
    });
    expect(await story.balances(ada)).toMatchObject({ cash: ['1000.000000', '0.000000'] });
    expect(await ada.put('/kill-switch', { engaged: false })).toMatchObject({ status: 200 });
    await story.placed(ada, story.limit('buy', 10_000, 1));
  });

  it('is released by an operator only, where an operator engaged it', async () => {
    const { ada, bob, desk } = story;
    const path = `/parties/${ada.partyId}/kill-switch`;
    const resting = await story.placed(ada, story.limit('buy', 10_000, 100));
    expect(await bob.put(path, { engaged: true })).toMatchObject({ status: 403 });
    expect(await desk.put(path, { engaged: true })).toMatchObject({ status: 200 });
    expect(await story.order(ada, resting)).toMatchObject({ cancelReason: 'kill_switch' });
    expect(await ada.put('/kill-switch', { engaged: false })).toMatchObject({
      status: 409,
      body: { code: 'kill_switch_of_operator' },
    });
    // Engaged by both: releasing one's own leaves that of the other.
    expect(await ada.put('/kill-switch', { engaged: true })).toMatchObject({ status: 200 });
    expect(await ada.put('/kill-switch', { engaged: false })).toMatchObject({ status: 200 });
    expect(await ada.post('/orders', story.limit('buy', 10_000, 1))).toMatchObject(killed);
    expect((await desk.get(path)).body).toMatchObject({ byParty: false, byOperator: true });
    expect(await desk.put(path, { engaged: false })).toMatchObject({ status: 200 });
    await story.placed(ada, story.limit('buy', 10_000, 1));
  });

  it('is shown to the party, to operators and to auditors', async () => {
    const { ada, bob } = story;
    const auditor = await traderOf(service, { partyId: randomUUID(), roles: ['auditor'] });
    const path = `/parties/${ada.partyId}/kill-switch`;
    expect((await ada.get(path)).body).toMatchObject({ engaged: false });
    expect((await auditor.get(path)).body).toMatchObject({ engaged: false });
    expect(await bob.get(path)).toMatchObject({ status: 403, body: { code: 'not_your_account' } });
  });
});

describe('The limit of open orders', () => {
  it('refuses the order that is one too many, until it is lifted', async () => {
    const { ada, desk } = story;
    const path = `/parties/${ada.partyId}/order-limit`;
    expect((await ada.get(path)).body).toEqual({ partyId: ada.partyId, openOrdersMax: 0 });
    expect(await ada.put(path, { openOrdersMax: 5 })).toMatchObject({ status: 403 });
    expect(await desk.put(path, { openOrdersMax: 1 })).toMatchObject({ status: 200 });
    await story.placed(ada, story.limit('buy', 10_000, 1));
    expect(await ada.post('/orders', story.limit('buy', 10_000, 1))).toMatchObject({
      status: 409,
      body: { code: 'open_orders_limit' },
    });
    expect((await ada.get(path)).body).toMatchObject({ openOrdersMax: 1 });
    expect(await desk.put(path, { openOrdersMax: 0 })).toMatchObject({ status: 200 });
    await story.placed(ada, story.limit('buy', 10_000, 1));
  });
});
