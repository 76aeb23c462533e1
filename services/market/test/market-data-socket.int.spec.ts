import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { randomFrom, seedOr, type RandomBelow } from '@specie/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { channels, feedEnds } from '../src/market-data/messages.js';
import { FeedClient } from './feed-client.js';
import { openFeed, seriesId, type FeedServer } from './feed-server.js';

const seed = seedOr(20_261_128);
let feed: FeedServer;
afterEach(() => feed.close());

describe('What a client sends', () => {
  it.each([
    ['{', 'message_malformed'],
    [Buffer.from([1, 2, 3]), 'message_malformed'],
    ['null', 'message_invalid'],
    ['[]', 'message_invalid'],
    ['{"op":"trade"}', 'message_invalid'],
    ['{"op":"ping","more":1}', 'message_invalid'],
    ['{"op":"subscribe","channel":"l3","seriesId":"x"}', 'message_invalid'],
    [`{"op":"subscribe","channel":"l1","seriesId":"${seriesId}","from":-1}`, 'message_invalid'],
    [`{"op":"subscribe","channel":"l1","seriesId":"${seriesId}","from":1.5}`, 'message_invalid'],
    [
      `{"op":"subscribe","channel":"l1","seriesId":"${seriesId.replace('5', '6')}"}`,
      'book_unknown',
    ],
    [`{"op":"unsubscribe","channel":"l1","seriesId":"${seriesId}"}`, 'not_subscribed'],
  ])('is refused with a way out, and the connection goes on: %s', async (data, code) => {
    feed = await openFeed();
    const client = await FeedClient.connect(feed.url, seriesId);
    client.webSocket.send(data);
    const error = await client.next('error');
    expect(error.code).toBe(code);
    expect(error.detail).toMatch(/^(Send|There|Unsubscribe)/);
    client.send({ op: 'ping' });
    expect(await client.next('pong')).toMatchObject({ at: '2026-03-01T12:00:00.000Z' });
  });

  it('ends a subscription', async () => {
    feed = await openFeed();
    const client = await FeedClient.connect(feed.url, seriesId);
    client.subscribe('l1');
    client.send({ op: 'unsubscribe', channel: 'l1', seriesId });
    await client.next('unsubscribed');
    expect(feed.hub.subscriptionCount).toBe(0);
  });

  it('is not more than so many subscriptions', async () => {
    feed = await openFeed({ subscriptionCountMax: 2 });
    const client = await FeedClient.connect(feed.url, seriesId);
    (['l1', 'l2', 'l1', 'trades'] as const).forEach((channel) => client.subscribe(channel));
    expect(await client.next('error')).toMatchObject({ code: 'too_many_subscriptions' });
    expect(feed.hub.subscriptionCount).toBe(2);
  });

  it('is not more than so many messages between heartbeats', async () => {
    feed = await openFeed({ messageCountMax: 5 });
    const client = await FeedClient.connect(feed.url, seriesId);
    const ping = async (): Promise<void> => {
      client.send({ op: 'ping' });
      await client.next('pong');
    };
    for (let count = 0; count < 5; count += 1) {
      await ping();
    }
    feed.server.heartbeat();
    for (let count = 0; count < 5; count += 1) {
      await ping();
    }
    client.send({ op: 'ping' });
    const { code, reason } = await client.closed;
    expect(code).toBe(feedEnds.too_many_messages.code);
    expect(reason).toContain('send fewer');
  });

  it.each([
    ['a message of 5,000 bytes', (to: FeedClient) => to.webSocket.send('x'.repeat(5_000)), 1009],
    [
      'text that is no UTF-8',
      (to: FeedClient) => to.webSocket.send(Buffer.from([0xc3, 0x28]), { binary: false }),
      1007,
    ],
  ])('is cut at %s', async (_case, send, code) => {
    feed = await openFeed();
    const client = await FeedClient.connect(feed.url, seriesId);
    send(client);
    expect((await client.closed).code).toBe(code);
  });

  it('may be no WebSocket frames at all', async () => {
    feed = await openFeed({ seed });
    const random = randomFrom(seed);
    const healthy = await FeedClient.connect(feed.url, seriesId);
    healthy.subscribe('l2');
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const socket = await upgraded(feed.port);
      socket.end(randomFrames(random));
      await once(socket.resume(), 'close');
    }
    feed.run(1);
    await feed.caughtUp(healthy);
    expect(feed.hub.subscriptionCount).toBe(1);
  });

  it('may be any message (fuzz)', async () => {
    feed = await openFeed({ seed, messageCountMax: 100_000 });
    const random = randomFrom(seed);
    let client = await FeedClient.connect(feed.url, seriesId);
    for (let attempt = 0; attempt < 2_000; attempt += 1) {
      client.webSocket.send(randomMessage(random));
      if (attempt % 50 === 0) {
        client.send({ op: 'ping' });
        const ended = await Promise.race([client.next('pong'), client.closed]);
        if ('reason' in ended) {
          expect([1007, 1009]).toContain(ended.code);
          client = await FeedClient.connect(feed.url, seriesId);
        }
      }
    }
    const known = new Set([
      'error',
      'subscribed',
      'unsubscribed',
      'pong',
      'l2-snapshot',
      'l1',
      'status',
    ]);
    expect(client.messages.filter(({ type }) => !known.has(type))).toEqual([]);
  });
});

describe('A connection', () => {
  it('is cut where nobody answers', async () => {
    feed = await openFeed();
    const silent = await FeedClient.connect(feed.url, seriesId, { autoPong: false });
    const alive = await FeedClient.connect(feed.url, seriesId);
    for (let beat = 0; beat < 4; beat += 1) {
      const ping = once(alive.webSocket, 'ping');
      feed.server.heartbeat();
      if (beat < 3) await ping;
      alive.send({ op: 'ping' });
      await alive.next('pong');
    }
    expect((await silent.closed).code).toBe(feedEnds.silent.code);
    expect(alive.webSocket.readyState).toBe(WebSocket.OPEN);
  });

  it('ends with the writer role, and none is taken without it', async () => {
    feed = await openFeed();
    const client = await FeedClient.connect(feed.url, seriesId);
    client.subscribe('l2');
    await client.next('l2-snapshot');
    feed.hub.closed();
    const { code, reason } = await client.closed;
    expect(code).toBe(feedEnds.not_writing.code);
    expect(reason).toContain('connect again');
    expect(await refusedStatus(feed.url)).toBe(404);
    feed.hub.opened([feed.book.shown()]);
    await FeedClient.connect(feed.url, seriesId);
  });

  it.each([
    ['at the next heartbeat', () => feed.server.heartbeat()],
    ['when it asks for something', (client: FeedClient) => client.subscribe('l1')],
  ])('that asked for nothing yet ends with the writer role %s', async (_case, act) => {
    feed = await openFeed();
    const client = await FeedClient.connect(feed.url, seriesId);
    feed.hub.closed();
    act(client);
    expect((await client.closed).code).toBe(feedEnds.not_writing.code);
  });

  it('ends at the next heartbeat where the shard did not say that it stopped', async () => {
    feed = await openFeed();
    const client = await FeedClient.connect(feed.url, seriesId);
    client.subscribe('l2');
    await client.next('l2-snapshot');
    feed.role.state = 'standby';
    feed.server.heartbeat();
    expect((await client.closed).code).toBe(feedEnds.not_writing.code);
    expect(feed.hub.isOpen).toBe(false);
  });

  it('ends when the instance stops', async () => {
    feed = await openFeed();
    const client = await FeedClient.connect(feed.url, seriesId);
    feed.server.beforeApplicationShutdown();
    expect((await client.closed).code).toBe(1001);
  });

  it.each([{ connectionCountMax: 2 }, { connectionsPerAddressMax: 2 }])(
    'is one of not too many: %j',
    async (limits) => {
      feed = await openFeed(limits);
      const first = await FeedClient.connect(feed.url, seriesId);
      await FeedClient.connect(feed.url, seriesId);
      // Refusals are answered by the application, here one that knows nothing.
      expect(await refusedStatus(feed.url)).toBe(404);
      first.webSocket.terminate();
      await first.closed;
      const ping = await FeedClient.connect(feed.url, seriesId).catch(() => null);
      expect(ping).not.toBeNull();
    },
  );

  it.each([true, false])(
    'for another protocol or path is a plain request (asked first: %s)',
    async (isAsked) => {
      feed = await openFeed();
      if (!isAsked) {
        Object.assign(feed.http, { shouldUpgradeCallback: () => true });
      }
      const socket = connect(feed.port, '127.0.0.1');
      socket.write(
        'GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n',
      );
      const answer: string[] = [];
      socket.on('data', (data) => answer.push(data.toString()));
      await once(socket, 'close');
      expect(answer.join('')).toMatch(/^HTTP\/1\.1 404 [^]*plain \/health/);
    },
  );
});

async function refusedStatus(url: string): Promise<number | undefined> {
  const webSocket = new WebSocket(url);
  webSocket.on('error', () => undefined);
  const [, response] = (await once(webSocket, 'unexpected-response')) as [
    unknown,
    { readonly statusCode: number },
  ];
  webSocket.terminate();
  return response.statusCode;
}

/** A connection that has just become one of WebSocket. */
async function upgraded(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    'GET /market-data HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(socket, 'data');
  return socket;
}

function randomFrames(random: RandomBelow): Buffer {
  return Buffer.from(Array.from({ length: 1 + random(200) }, () => random(256)));
}

function randomMessage(random: RandomBelow): string | Buffer {
  const values = [
    null,
    true,
    -1,
    1.5,
    2 ** 53,
    '',
    'l2',
    'x'.repeat(300),
    [],
    {},
    seriesId,
    channels,
  ];
  const value = (): unknown => values[random(values.length)];
  switch (random(5)) {
    case 0:
      return randomFrames(random);
    case 1:
      return JSON.stringify(value());
    case 2:
      return JSON.stringify({
        op: 'subscribe',
        channel: value(),
        seriesId: value(),
        from: value(),
      });
    case 3:
      return JSON.stringify({
        op: ['subscribe', 'unsubscribe'][random(2)],
        channel: channels[random(4)],
        seriesId,
        ...(random(2) === 0 ? {} : { from: random(2 ** 31) }),
      });
    default: {
      const text = JSON.stringify({ op: 'subscribe', channel: 'l2', seriesId });
      const place = random(text.length);
      return (
        text.slice(0, place) + String.fromCharCode(random(0xd7ff)) + text.slice(place + random(3))
      );
    }
  }
}
