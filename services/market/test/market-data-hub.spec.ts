import { randomFrom } from '@specie/testing';
import { describe, expect, it } from 'vitest';
import { MarketDataHub } from '../src/market-data/market-data-hub.js';
import type { Subscriber } from '../src/market-data/message-stream.js';
import { channels, type Channel, type ServerMessage } from '../src/market-data/messages.js';
import { serverMessages } from '../src/market-data/messages.dto.js';
import { FollowedBook } from './followed-book.js';
import { RandomBook } from './random-book.js';

const seriesId = '5e12e500-0000-4000-8000-000000000001';
const at = '2026-03-01T12:00:00.000Z';

class Recorder implements Subscriber {
  readonly taken: Buffer[] = [];
  flushCount = 0;
  isEnded = false;

  take(bytes: Buffer): void {
    this.taken.push(bytes);
  }

  flush(): void {
    this.flushCount += 1;
  }

  end(): void {
    this.isEnded = true;
  }

  messages(): readonly ServerMessage[] {
    return this.taken.map((bytes) => JSON.parse(bytes.toString()) as ServerMessage);
  }

  ofType<Type extends ServerMessage['type']>(
    type: Type,
  ): readonly Extract<ServerMessage, { readonly type: Type }>[] {
    return this.messages().filter(
      (message): message is Extract<ServerMessage, { readonly type: Type }> =>
        message.type === type,
    );
  }
}

interface Scene {
  readonly hub: MarketDataHub;
  readonly book: RandomBook;
  readonly faults: unknown[];
  /** The shard performs so many commands. */
  readonly run: (commandCount: number) => void;
}

function openHub({ seed = 1, changeCountMax = 10_000 } = {}): Scene {
  const faults: unknown[] = [];
  const hub = new MarketDataHub({
    firstSequence: () => 1_000,
    changeCountMax,
    onFault: (error) => faults.push(error),
  });
  const book = new RandomBook(seriesId, randomFrom(seed));
  hub.opened([book.shown()]);
  const run = (commandCount: number): void => {
    for (let count = 0; count < commandCount; count += 1) {
      hub.updated(book.change(), at);
    }
  };
  return { hub, book, faults, run };
}

function subscribe(hub: MarketDataHub, channel: Channel, from?: number): Recorder {
  const recorder = new Recorder();
  expect(hub.subscribe(recorder, { channel, seriesId, from })).toBe(true);
  return recorder;
}

function followed(recorder: Recorder): FollowedBook {
  const follower = new FollowedBook();
  expect(recorder.messages().map((message) => follower.take(message))).not.toContain('l2');
  return follower;
}

function expectBook(follower: FollowedBook, book: RandomBook): void {
  const wire = (side: 'buy' | 'sell'): unknown =>
    Object.fromEntries(
      book
        .levels(side)
        .map(({ priceTicks, lots, orders }) => [priceTicks, [priceTicks, lots, orders]]),
    );
  expect(Object.fromEntries(follower.bids)).toEqual(wire('buy'));
  expect(Object.fromEntries(follower.asks)).toEqual(wire('sell'));
}

describe('The market data of a book', () => {
  it.each([1, 2, 3, 4, 5])('is the same for all, whenever they came (seed %i)', (seed) => {
    const { hub, book, run } = openHub({ seed });
    const random = randomFrom(seed);
    const recorders: Recorder[] = [];
    for (let turn = 0; turn < 60; turn += 1) {
      recorders.push(subscribe(hub, 'l2'));
      run(random(6));
      if (random(3) > 0) {
        hub.flush();
      }
    }
    hub.flush();
    recorders.forEach((recorder) => expectBook(followed(recorder), book));
  });

  it('has no gap in any channel, and every trade and phase in it', () => {
    const { hub, book } = openHub();
    const recorders = new Map(channels.map((channel) => [channel, subscribe(hub, channel)]));
    const phases: string[] = [book.phase];
    for (let turn = 0; turn < 200; turn += 1) {
      for (let command = 0; command < 5; command += 1) {
        const updates = book.change();
        phases.push(...updates.flatMap((each) => (each.kind === 'phase' ? [each.phase] : [])));
        hub.updated(updates, at);
      }
      hub.flush();
    }
    for (const [channel, recorder] of recorders) {
      const [{ sequence: start = 0 } = {}] = recorder.ofType('subscribed');
      const sent = recorder.ofType(channel).map(({ sequence }) => sequence);
      const expected = sent.map((_, index) => start + index);
      // Those with a state begin with it, under the number of the message that led to it.
      expect(sent).toEqual(
        channel === 'l2' || channel === 'trades' ? expected.map((each) => each + 1) : expected,
      );
    }
    const tape = recorders
      .get('trades')
      ?.ofType('trades')
      .flatMap(({ trades }) => trades);
    expect(tape?.map(({ tradeNumber }) => tradeNumber)).toEqual(
      book.trades.map(({ tradeNumber }) => tradeNumber),
    );
    expect(
      recorders
        .get('status')
        ?.ofType('status')
        .map(({ phase }) => phase),
    ).toEqual(phases);
  });

  it('fits its description, message by message', () => {
    const { hub, run } = openHub();
    const recorders = channels.map((channel) => subscribe(hub, channel));
    run(300);
    hub.updated(
      [
        { kind: 'auction', seriesId, priceTicks: 25_000, volumeLots: 7, imbalanceLots: -2 },
        { kind: 'phase', seriesId, phase: 'halt' },
      ],
      at,
    );
    hub.heartbeat(at);
    const messages = recorders.flatMap((recorder) => recorder.messages());
    expect(new Set(messages.map(({ type }) => type)).size).toBe(7);
    for (const message of messages) {
      expect(serverMessages[message.type].safeParse(message).error).toBeUndefined();
    }
  });

  it('is encoded once for 200 subscribers, who are given the same bytes in one turn', () => {
    const { hub, run } = openHub();
    const recorders = Array.from({ length: 200 }, () => subscribe(hub, 'l2'));
    const [before, flushed] = [hub.encodedCount, recorders[0]?.flushCount ?? 0];
    run(50);
    hub.flush();
    const [first] = recorders;
    expect(hub.encodedCount).toBe(before + 1);
    expect(first?.flushCount).toBe(flushed + 1);
    for (const recorder of recorders) {
      expect(recorder.taken.at(-1)).toBe(first?.taken.at(-1));
    }
    expect(first?.taken[1]).toBe(recorders[199]?.taken[1]);
  });

  it('costs no encoding where nobody listens', () => {
    const { hub, run } = openHub();
    run(100);
    hub.flush();
    expect(hub.encodedCount).toBe(0);
  });

  it('says no best prices twice', () => {
    const { hub } = openHub();
    const recorder = subscribe(hub, 'l1');
    const far = { kind: 'level', seriesId, side: 'buy', priceTicks: 10, orders: 1 } as const;
    hub.updated([{ ...far, lots: 5, sequence: 1 }], at);
    hub.flush();
    hub.updated([{ ...far, priceTicks: 9, lots: 5, sequence: 2 }], at);
    hub.flush();
    expect(recorder.ofType('l1').map(({ bid }) => bid)).toEqual([null, [10, 5, 1]]);
  });
});

describe('Who comes back', () => {
  it('is given what was missed, or a snapshot', () => {
    const { hub, book, run } = openHub({ changeCountMax: 40 });
    const left = subscribe(hub, 'l2');
    run(5);
    hub.flush();
    hub.unsubscribe(left, { channel: 'l2', seriesId });
    const last = followed(left).last.get('l2');
    run(3);
    hub.flush();
    run(2);
    const resumed = subscribe(hub, 'l2', last);
    expect(resumed.messages()).toEqual([]);
    hub.flush();
    expect(resumed.messages().map(({ type }) => type)).toEqual(['subscribed', 'l2', 'l2']);
    const both = new FollowedBook();
    [...left.messages(), ...resumed.messages()].forEach((message) =>
      expect(both.take(message)).toBeNull(),
    );
    expectBook(both, book);
    for (let turn = 0; turn < 30; turn += 1) {
      run(2);
      hub.flush();
    }
    const late = subscribe(hub, 'l2', last);
    expect(late.messages().map(({ type }) => type)).toEqual(['subscribed', 'l2-snapshot']);
    expect(late.ofType('subscribed')[0]?.isResumed).toBe(false);
    expectBook(followed(late), book);
  });

  it('is not resumed from the numbers of an earlier opening', () => {
    const { hub, book, run } = openHub();
    const before = subscribe(hub, 'l2');
    run(10);
    hub.flush();
    const last = followed(before).last.get('l2');
    hub.closed();
    expect(before.isEnded).toBe(true);
    expect(hub.subscribe(new Recorder(), { channel: 'l2', seriesId })).toBe(false);
    hub.opened([book.shown()]);
    const after = subscribe(hub, 'l2', last);
    expect(after.ofType('subscribed')[0]).toMatchObject({ isResumed: false });
    expectBook(followed(after), book);
  });

  it('notices a message that was left out, by the next one or by the heartbeat', () => {
    const { hub, run } = openHub();
    const recorder = subscribe(hub, 'l2');
    const turn = (): void => {
      run(3);
      hub.flush();
    };
    turn();
    turn();
    turn();
    hub.heartbeat(at);
    const messages = recorder.messages();
    const skipped = (...left: readonly number[]): readonly (Channel | null)[] => {
      const follower = new FollowedBook();
      return messages
        .filter((_, index) => !left.includes(index))
        .map((each) => follower.take(each));
    };
    expect(skipped()).toEqual([null, null, null, null, null, null]);
    expect(skipped(3)).toEqual([null, null, null, 'l2', 'l2']);
    expect(skipped(4)).toEqual([null, null, null, null, 'l2']);
  });
});

describe('A shard that tells what cannot be', () => {
  it('ends what can no longer be trusted, until it opens again', () => {
    const { hub, book, faults, run } = openHub();
    const recorder = subscribe(hub, 'trades');
    book.change();
    run(1);
    expect(faults).toHaveLength(1);
    expect(recorder.isEnded).toBe(true);
    expect(hub.isOpen).toBe(false);
    run(5);
    expect(faults).toHaveLength(1);
    hub.opened([book.shown()]);
    run(5);
    expect(faults).toHaveLength(1);
  });

  it('begins a new book with its phase', () => {
    const { hub, faults } = openHub();
    const other = '5e12e500-0000-4000-8000-000000000002';
    hub.updated([{ kind: 'phase', seriesId: other, phase: 'pre_open' }], at);
    const recorder = new Recorder();
    expect(hub.subscribe(recorder, { channel: 'status', seriesId: other })).toBe(true);
    hub.flush();
    expect(recorder.ofType('status')).toMatchObject([{ phase: 'pre_open', auction: null }]);
    const unknown = '5e12e500-0000-4000-8000-000000000003';
    hub.updated(
      [{ kind: 'auction', seriesId: unknown, priceTicks: 1, volumeLots: 1, imbalanceLots: 0 }],
      at,
    );
    expect(faults).toHaveLength(1);
  });
});
