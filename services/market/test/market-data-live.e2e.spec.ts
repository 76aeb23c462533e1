import { clientOf, send } from '@specie/testing';
import { afterAll, expect, it } from 'vitest';
import { channels } from '../src/market-data/messages.js';
import { FeedClient } from './feed-client.js';
import { openMarket, openVenue, startMarket, type Venue } from './open-venue.js';

let venue: Venue | undefined;
afterAll(() => venue?.close());

it('what parties do in a book is seen by everybody, live and later', async () => {
  venue = await openVenue();
  const service = await startMarket(venue);
  const { ada, bob, seriesId, limit } = await openMarket(venue, service);
  const feed = await FeedClient.connect(
    `${service.url.replace('http', 'ws')}/market-data`,
    seriesId,
  );
  channels.forEach((channel) => feed.subscribe(channel));
  await feed.until(() => feed.book.last.size === channels.length);
  const [asAda, asBob] = [await clientOf(service, ada), await clientOf(service, bob)];
  expect((await asBob.post('/orders', limit('sell', 25_000, 2_000))).status).toBe(201);
  expect((await asBob.post('/orders', limit('sell', 25_100, 500))).status).toBe(201);
  expect((await asAda.post('/orders', limit('buy', 25_000, 700))).status).toBe(201);
  expect((await asAda.post('/orders', limit('buy', 24_900, 100))).status).toBe(201);
  const isThere = (): boolean =>
    feed.book.trades.length === 1 && feed.book.bids.size === 1 && feed.book.asks.size === 2;
  await feed.until(isThere);
  expect([...feed.book.bids.values()]).toEqual([[24_900, 100, 1]]);
  expect([...feed.book.asks.values()]).toEqual([
    [25_000, 1_300, 1],
    [25_100, 500, 1],
  ]);
  const told = { priceTicks: 25_000, quantityLots: 700, takerSide: 'buy' };
  expect(feed.book.trades).toMatchObject([told]);
  await feed.until(() => {
    const top = feed.book.states.get('l1');
    return top?.type === 'l1' && top.bid !== null;
  });
  expect(feed.book.states.get('l1')).toMatchObject({
    bid: [24_900, 100, 1],
    ask: [25_000, 1_300, 1],
    lastPriceTicks: 25_000,
  });
  expect(feed.book.states.get('status')).toMatchObject({ phase: 'continuous', auction: null });
  expect(feed.gaps).toEqual([]);
  const open = async (path: string): Promise<unknown> =>
    (await send(`${service.url}/books/${seriesId}/${path}`, 'GET', { token: null })).body;
  const [trade] = feed.book.trades;
  expect(await open('trades')).toMatchObject({
    items: [{ ...told, tradeNumber: trade?.tradeNumber, executedAt: trade?.executedAt }],
  });
  expect(await open('depth')).toMatchObject({
    bids: [{ priceTicks: 24_900, lots: 100, orders: 1 }],
    asks: [
      { priceTicks: 25_000, lots: 1_300 },
      { priceTicks: 25_100, lots: 500 },
    ],
  });
  expect(await open('candles?interval=1d')).toMatchObject({
    items: [{ openTicks: 25_000, closeTicks: 25_000, volumeLots: 700, turnover: '17.500000' }],
  });
  expect(await open('statistics')).toMatchObject({ lastTicks: 25_000, tradeCount: 1 });
});
