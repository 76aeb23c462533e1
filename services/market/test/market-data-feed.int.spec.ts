import { setImmediate as nextTurn } from 'node:timers/promises';
import { randomFrom, seedOr } from '@specie/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { channels, feedEnds } from '../src/market-data/messages.js';
import { FeedClient } from './feed-client.js';
import { at, openFeed, seriesId, type FeedServer } from './feed-server.js';
import { FollowedBook } from './followed-book.js';

const seed = seedOr(20_261_128);
let feed: FeedServer;
afterEach(() => feed.close());

/** To every channel. */
function subscribed(client: FeedClient): Promise<void> {
  return client.until(() =>
    channels.every((channel) =>
      client.messages.some((each) => each.type === 'subscribed' && each.channel === channel),
    ),
  );
}

function contents({ bids, asks, trades, states }: FollowedBook): unknown {
  const sorted = (levels: FollowedBook['bids']): unknown =>
    [...levels.values()].sort(([a], [b]) => a - b);
  return { bids: sorted(bids), asks: sorted(asks), trades, states };
}

describe(`A client that loses its connection 100 times (seed ${seed})`, () => {
  it.each([
    ['and is resumed', 100_000],
    ['and has to start over now and then', 10],
  ])('%s has the book and the trades of one that never did', async (_case, changeCountMax) => {
    feed = await openFeed({ seed, changeCountMax });
    const random = randomFrom(seed);
    const steady = await FeedClient.connect(feed.url, seriesId);
    channels.forEach((channel) => steady.subscribe(channel));
    await subscribed(steady);
    // Where trades may be missing, a client reads the tape.
    const book = new FollowedBook(() =>
      feed.book.trades.map(({ kind: _, seriesId: _of, ...trade }) => ({
        ...trade,
        executedAt: at,
      })),
    );
    const answers: boolean[] = [];
    for (let loss = 0; loss < 100; loss += 1) {
      const client = await FeedClient.connect(feed.url, seriesId, { book });
      channels.forEach((channel) => client.subscribe(channel));
      if (loss === 0) await subscribed(client);
      const turns = 1 + random(6);
      for (let turn = 0; turn < turns; turn += 1) {
        feed.run(1 + random(4));
        await nextTurn();
      }
      await subscribed(client);
      answers.push(
        ...client.messages.flatMap((each) => (each.type === 'subscribed' ? [each.isResumed] : [])),
      );
      await feed.caughtUp(steady);
      client.webSocket.terminate();
      await client.closed;
      expect(client.gaps).toEqual([]);
      feed.run(random(20));
      await feed.caughtUp(steady);
    }
    const last = await FeedClient.connect(feed.url, seriesId, { book });
    channels.forEach((channel) => last.subscribe(channel));
    await subscribed(last);
    await Promise.all([feed.caughtUp(steady), feed.caughtUp(last)]);
    expect(contents(book)).toEqual(contents(steady.book));
    expect(steady.book.trades).toHaveLength(feed.book.trades.length);
    const levelsOf = (side: 'buy' | 'sell'): unknown =>
      feed.book.levels(side).map(({ priceTicks, lots, orders }) => [priceTicks, lots, orders]);
    expect([...book.bids.values()].sort(([a], [b]) => b - a)).toEqual(levelsOf('buy'));
    expect([...book.asks.values()].sort(([a], [b]) => a - b)).toEqual(levelsOf('sell'));
    // The four of the first connection cannot be.
    const startedOver = answers.filter((isResumed) => !isResumed).length;
    expect(startedOver > 20, `${startedOver} of ${answers.length}`).toBe(changeCountMax === 10);
    expect(startedOver).toBeGreaterThanOrEqual(4);
  });
});

describe('A client that skips a delta', () => {
  it('notices, subscribes again from what it has, and is right again', async () => {
    feed = await openFeed({ seed });
    const client = await FeedClient.connect(feed.url, seriesId);
    client.subscribe('l2');
    await client.next('l2-snapshot');
    feed.run(3);
    await client.next('l2');
    // As if the last one had never come.
    const last = client.book.last.get('l2') ?? 0;
    client.book.last.set('l2', last - 1);
    feed.server.heartbeat();
    await client.until(() => client.gaps.length === 1 && client.book.last.get('l2') === last);
    expect(client.gaps).toEqual(['l2']);
    client.book.last.set('l2', last - 1);
    feed.run(1);
    await client.until(() => client.gaps.length === 2 && client.book.last.get('l2') === last + 1);
    expect(client.gaps).toEqual(['l2', 'l2']);
  });
});

describe('Many clients', () => {
  it('are sent one encoding: 200 subscribers', async () => {
    feed = await openFeed({ seed });
    const clients = await Promise.all(
      Array.from({ length: 200 }, () => FeedClient.connect(feed.url, seriesId)),
    );
    clients.forEach((client) => client.subscribe('l2'));
    await Promise.all(clients.map((client) => client.until(() => client.messages.length === 2)));
    const before = feed.hub.encodedCount;
    feed.run(100);
    expect(feed.hub.encodedCount).toBe(before + 1);
    await Promise.all(clients.map((client) => client.next('l2')));
    const [first] = clients;
    clients.forEach(({ messages }) => expect(messages.at(-1)).toEqual(first?.messages.at(-1)));
    expect(await feed.metrics.registry.metrics()).toContain('specie_market_data_connections{');
  });

  it('go on where one that reads nothing is cut, which is told why', async () => {
    feed = await openFeed({ seed, waitingBytesMax: 65_536, changeCountMax: 1_000_000 });
    const slow = await FeedClient.connect(feed.url, seriesId);
    const healthy = await FeedClient.connect(feed.url, seriesId);
    for (const client of [slow, healthy]) {
      channels.forEach((channel) => client.subscribe(channel));
      await subscribed(client);
    }
    slow.webSocket.pause();
    // The kernel takes some megabytes on its behalf first.
    for (let turn = 0; turn < 1_000 && feed.hub.subscriptionCount === 8; turn += 1) {
      feed.run(2_000);
      await feed.caughtUp(healthy);
    }
    expect(feed.hub.subscriptionCount).toBe(4);
    expect(await feed.metrics.registry.metrics()).toContain('reason="slow_consumer"');
    slow.webSocket.resume();
    const { code, reason } = await slow.closed;
    expect(code).toBe(feedEnds.slow_consumer.code);
    expect(reason).toContain('slow_consumer: ');
    feed.run(1);
    await feed.caughtUp(healthy);
    expect(healthy.gaps).toEqual([]);
    // It had everything up to then, in order, and can go on from there.
    expect(slow.gaps).toEqual([]);
    const back = await FeedClient.connect(feed.url, seriesId, { book: slow.book });
    channels.forEach((channel) => back.subscribe(channel));
    await subscribed(back);
    await Promise.all([feed.caughtUp(back), feed.caughtUp(healthy)]);
    expect(contents(back.book)).toEqual(contents(healthy.book));
  });

  it('leave nothing behind when a slow one never reads again', async () => {
    feed = await openFeed({ seed, waitingBytesMax: 65_536 });
    const slow = await FeedClient.connect(feed.url, seriesId);
    slow.subscribe('trades');
    await slow.next('subscribed');
    slow.webSocket.pause();
    const connectionCount = async (): Promise<string | undefined> =>
      /specie_market_data_connections\{[^}]*\} (\d+)/.exec(
        await feed.metrics.registry.metrics(),
      )?.[1];
    for (let turn = 0; turn < 1_000 && feed.hub.subscriptionCount > 0; turn += 1) {
      feed.run(2_000);
      await nextTurn();
    }
    expect(feed.hub.subscriptionCount).toBe(0);
    expect(await connectionCount()).toBe('1');
    feed.server.heartbeat();
    while ((await connectionCount()) !== '0') {
      await nextTurn();
    }
  });
});
