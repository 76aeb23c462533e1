import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accept,
  type AppendOutcome,
  type AppendRequest,
  canonicalJson,
  CommandHandler,
  type CommandContext,
  deriveEventId,
  type DomainEvent,
  type EventCodec,
  InMemoryEventStore,
  type JsonValue,
  KeyedQueue,
  place,
  reject,
} from './index.js';

// A till: a stream of coins going in and out that may never be overdrawn.
interface CoinsMoved extends DomainEvent<'till.coins-moved', { readonly change: number }> {
  readonly type: 'till.coins-moved';
}
const till = {
  initialState: (): number => 0,
  evolve: (state: number, event: CoinsMoved): number => state + event.data.change,
};
const moved = (change: number): CoinsMoved => ({ type: 'till.coins-moved', data: { change } });
const move =
  (change: number) =>
  (state: number): ReturnType<typeof accept<CoinsMoved>> | ReturnType<typeof reject<'overdrawn'>> =>
    state + change < 0 ? reject('overdrawn') : accept(moved(change));

const codec: EventCodec = {
  encode: (event) => ({ type: event.type, schemaVersion: 1, data: event.data as JsonValue }),
  decode: (event) => ({ type: event.type, data: event.data }),
};

const commandId = (n: number): string =>
  `0192d1a0-7b5e-7c3d-8e4f-${n.toString(16).padStart(12, '0')}`;
const context = (n: number, extra: Partial<CommandContext> = {}): CommandContext => ({
  commandId: commandId(n * 1_000),
  now: '2026-03-01T12:00:00.000Z',
  actor: 'service:test',
  correlationId: commandId(1),
  causationId: commandId(1),
  ...extra,
});
const withKey = (n: number, key: string, bodyHash = 'a'): CommandContext =>
  context(n, { idempotency: { scope: 'anna POST /coins', key, bodyHash } });

describe('Command handler', () => {
  it('folds, decides and appends, and answers with the new version', async () => {
    const handler = new CommandHandler(new InMemoryEventStore(), codec);
    const handled = await handler.handle({
      streamId: 'till-1',
      aggregate: till,
      decide: move(5),
      context: context(1),
      answer: (streamVersion) => ({ streamVersion }),
    });
    expect(handled).toMatchObject({
      outcome: 'accepted',
      repeated: false,
      answer: { streamVersion: 1 },
    });
    expect(await handler.load('till-1', till)).toEqual({ version: 1, state: 5 });
  });

  it('refuses with the code of the decider and records nothing', async () => {
    const store = new InMemoryEventStore();
    const handler = new CommandHandler(store, codec);
    const handled = await handler.handle({
      streamId: 'till-1',
      aggregate: till,
      decide: move(-1),
      context: context(1),
    });
    expect(handled).toEqual({
      outcome: 'rejected',
      violations: [{ code: 'overdrawn' }],
      repeated: false,
    });
    expect(await store.readAll(0, 10)).toEqual([]);
  });

  it('gives a repeat of an idempotency key the first answer, and has one effect', async () => {
    const handler = new CommandHandler(new InMemoryEventStore(), codec);
    const send = (n: number): Promise<unknown> =>
      handler.handle({
        streamId: 'till-1',
        aggregate: till,
        decide: move(5),
        context: withKey(n, 'k1'),
        answer: (streamVersion) => ({ streamVersion }),
      });
    await send(1);
    expect(await send(1)).toMatchObject({
      outcome: 'accepted',
      repeated: true,
      answer: { streamVersion: 1 },
    });
    expect((await handler.load('till-1', till)).state).toBe(5);
  });

  it('repeats a refusal too, even when the command would now succeed', async () => {
    const handler = new CommandHandler(new InMemoryEventStore(), codec);
    const take = {
      streamId: 'till-1',
      aggregate: till,
      decide: move(-5),
      context: withKey(1, 'k1'),
    };
    await handler.handle(take);
    await handler.handle({
      streamId: 'till-1',
      aggregate: till,
      decide: move(9),
      context: context(2),
    });
    expect(await handler.handle(take)).toEqual({
      outcome: 'rejected',
      violations: [{ code: 'overdrawn' }],
      repeated: true,
    });
  });

  it('refuses a used key with another body', async () => {
    const handler = new CommandHandler(new InMemoryEventStore(), codec);
    const put = { streamId: 'till-1', aggregate: till, decide: move(5) };
    await handler.handle({ ...put, context: withKey(1, 'k1', 'a') });
    expect(await handler.handle({ ...put, context: withKey(2, 'k1', 'b') })).toEqual({
      outcome: 'conflicting_repeat',
    });
  });

  it('has one effect per consumed event', async () => {
    const handler = new CommandHandler(new InMemoryEventStore(), codec);
    const inbox = { consumer: 'test', eventId: commandId(77) };
    const put = {
      streamId: 'till-1',
      aggregate: till,
      decide: move(5),
      context: context(1, { inbox }),
    };
    await handler.handle(put);
    expect(await handler.handle(put)).toMatchObject({ outcome: 'accepted', repeated: true });
    expect((await handler.load('till-1', till)).state).toBe(5);
  });

  it('moves coins between two tills in one append, or not at all', async () => {
    const store = new InMemoryEventStore();
    const handler = new CommandHandler(store, codec);
    await handler.handle({
      streamId: 'till-1',
      aggregate: till,
      decide: move(5),
      context: context(1),
    });
    const streams = {
      from: { streamId: 'till-1', aggregate: till },
      to: { streamId: 'till-2', aggregate: till },
    };
    const transfer = (coins: number, n: number) =>
      handler.handleMany({
        streams,
        decide: ({ from }) =>
          from < coins
            ? reject('overdrawn')
            : accept(place(streams.from, moved(-coins)), place(streams.to, moved(coins))),
        context: context(n),
      });
    expect(await transfer(3, 2)).toMatchObject({ outcome: 'accepted' });
    expect(await transfer(3, 3)).toMatchObject({
      outcome: 'rejected',
      violations: [{ code: 'overdrawn' }],
    });
    expect([
      (await handler.load('till-1', till)).state,
      (await handler.load('till-2', till)).state,
    ]).toEqual([2, 3]);
  });

  it('decides again on the log when another instance was faster', async () => {
    const store = new InMemoryEventStore();
    const here = new CommandHandler(store, codec);
    const there = new CommandHandler(store, codec);
    const put = (handler: CommandHandler, n: number, change: number) =>
      handler.handle({
        streamId: 'till-1',
        aggregate: till,
        decide: move(change),
        context: context(n),
      });
    await put(here, 1, 5);
    await put(there, 2, 5);
    expect(await put(here, 3, -8)).toMatchObject({ outcome: 'accepted' });
    // `there` still remembers 10 coins; the refusal must come from the log, and so must an acceptance.
    expect(await put(there, 4, -8)).toMatchObject({ outcome: 'rejected' });
    expect(await put(here, 5, -2)).toMatchObject({ outcome: 'accepted' });
  });

  it('takes an impossible history or nothing to do from the log only, never from memory', async () => {
    const store = new InMemoryEventStore();
    const here = new CommandHandler(store, codec);
    const there = new CommandHandler(store, codec);
    const run = (
      handler: CommandHandler,
      n: number,
      decide: (state: number) => ReturnType<typeof accept<CoinsMoved>>,
    ) => handler.handle({ streamId: 'till-1', aggregate: till, decide, context: context(n) });
    await run(here, 1, () => accept(moved(5)));
    await run(there, 2, () => accept(moved(5)));
    const takeTen = (state: number) => {
      if (state < 10) throw new Error('impossible history: ten coins were promised');
      return accept(moved(-10));
    };
    expect(await run(here, 3, takeTen)).toMatchObject({ outcome: 'accepted' });
    const fillUp = (state: number) =>
      state >= 10 ? accept<CoinsMoved>() : accept(moved(10 - state));
    await run(there, 4, fillUp);
    expect((await here.load('till-1', till)).state).toBe(10);
    await expect(run(here, 5, (state) => (state === 10 ? takeTen(0) : accept()))).rejects.toThrow(
      'impossible',
    );
  });

  it('asks the log before it refuses or finds nothing to do: a replaced writer answers neither', async () => {
    class Replaced extends InMemoryEventStore {
      isReplaced = false;
      override append(request: AppendRequest): Promise<AppendOutcome> {
        return this.isReplaced ? Promise.resolve({ outcome: 'fenced' }) : super.append(request);
      }
    }
    const store = new Replaced();
    const handler = new CommandHandler(store, codec);
    const send = (n: number, decide: ReturnType<typeof move>) =>
      handler.handle({ streamId: 'till-1', aggregate: till, decide, context: withKey(n, `k${n}`) });
    await send(1, move(5));
    store.isReplaced = true;
    expect(await send(2, move(-8))).toEqual({ outcome: 'fenced' });
    expect(await send(3, () => accept())).toEqual({ outcome: 'fenced' });
    expect(await store.findAnswer('anna POST /coins', 'k2')).toBeNull();
    expect(await store.findAnswer('anna POST /coins', 'k3')).toBeNull();
  });

  it('gives the refusal of a concurrent repeat, not an acceptance without an answer', async () => {
    const store = new InMemoryEventStore();
    const [here, there] = [new CommandHandler(store, codec), new CommandHandler(store, codec)];
    const take = { streamId: 'till-1', aggregate: till, decide: move(-5) };
    const sent = await Promise.all(
      [here, there].map((handler) => handler.handle({ ...take, context: withKey(1, 'k1') })),
    );
    expect(sent).toEqual([
      { outcome: 'rejected', violations: [{ code: 'overdrawn' }], repeated: false },
      { outcome: 'rejected', violations: [{ code: 'overdrawn' }], repeated: true },
    ]);
  });

  it('decides again when a stream that it only read has moved', async () => {
    const store = new InMemoryEventStore();
    const [here, there] = [new CommandHandler(store, codec), new CommandHandler(store, codec)];
    const streams = {
      limit: { streamId: 'limit', aggregate: till },
      used: { streamId: 'used', aggregate: till },
    };
    const use = (handler: CommandHandler, n: number, coins: number) =>
      handler.handleMany({
        streams,
        decide: ({ limit, used }) =>
          used + coins > limit ? reject('overdrawn') : accept(place(streams.used, moved(coins))),
        context: context(n),
      });
    const setLimit = (n: number, change: number) =>
      there.handle({
        streamId: 'limit',
        aggregate: till,
        decide: move(change),
        context: context(n),
      });
    await setLimit(1, 10);
    expect(await use(here, 2, 4)).toMatchObject({ outcome: 'accepted' });
    await setLimit(3, -5);
    expect(await use(here, 4, 4)).toMatchObject({
      outcome: 'rejected',
      violations: [{ code: 'overdrawn' }],
    });
  });

  it('gives up after a bounded number of lost races', async () => {
    class AlwaysLate extends InMemoryEventStore {
      override append(request: AppendRequest): Promise<AppendOutcome> {
        return Promise.resolve({
          outcome: 'wrong_expected_version',
          streamId: request.streams[0]?.streamId ?? '',
        });
      }
    }
    const handler = new CommandHandler(new AlwaysLate(), codec);
    const handled = await handler.handle({
      streamId: 'till-1',
      aggregate: till,
      decide: move(1),
      context: context(1),
    });
    expect(handled).toEqual({ outcome: 'contended' });
  });

  it('never overdraws a till under concurrent commands from two instances', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 40 }),
        async (changes) => {
          const store = new InMemoryEventStore();
          const here = new CommandHandler(store, codec);
          const there = new CommandHandler(store, codec);
          const results = await Promise.all(
            changes.map((change, index) =>
              (index % 2 === 0 ? here : there).handle({
                streamId: 't',
                aggregate: till,
                decide: move(change),
                context: context(index + 1),
              }),
            ),
          );
          const accepted = changes.filter((_, index) => results[index]?.outcome === 'accepted');
          let balance = 0;
          for (const event of await store.readAll(0, 1_000)) {
            balance += (event.data as { change: number }).change;
            expect(balance).toBeGreaterThanOrEqual(0);
          }
          expect(balance).toBe(accepted.reduce((sum, change) => sum + change, 0));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('Keyed queue', () => {
  it('runs tasks that share a key in order and others side by side', async () => {
    const queue = new KeyedQueue();
    const order: string[] = [];
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const first = queue.run(['a', 'b'], async () => {
      await gate;
      order.push('ab');
    });
    const second = queue.run(['b'], () => Promise.resolve(order.push('b')));
    await queue.run(['c'], () => Promise.resolve(order.push('c')));
    release();
    await Promise.all([first, second]);
    expect(order).toEqual(['c', 'ab', 'b']);
  });

  it('goes on after a task that failed', async () => {
    const queue = new KeyedQueue();
    const failed = queue.run(['a'], () => Promise.reject(new Error('broken')));
    const next = queue.run(['a'], () => Promise.resolve('done'));
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('done');
  });
});

describe('Canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    const flat = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
    fc.assert(
      fc.property(flat, (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('refuses numbers that JSON readers may round', () => {
    for (const value of [0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => canonicalJson({ value })).toThrow(TypeError);
    }
  });
});

describe('Event ids', () => {
  it('are the command id plus the ordinal, and wrap within their last part', () => {
    expect(deriveEventId(commandId(5), 0)).toBe(commandId(5));
    expect(deriveEventId(commandId(5), 3)).toBe(commandId(8));
    expect(deriveEventId('0192d1a0-7b5e-7c3d-8e4f-ffffffffffff', 1)).toBe(
      '0192d1a0-7b5e-7c3d-8e4f-000000000000',
    );
  });
});
