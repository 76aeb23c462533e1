import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accept,
  InMemoryEventStore,
  PipelinedWriter,
  reject,
  type AppendOutcome,
  type AppendRequest,
  type CommandContext,
  type Decision,
  type DomainEvent,
  type EventCodec,
  type JsonValue,
  type Memory,
} from './index.js';

type Coins = DomainEvent<'till.coins-moved', number>;
type Decided = Decision<Coins, 'overdrawn'>;

/** A till in memory that may never be overdrawn beyond a limit, which is a fact. */
class Till implements Memory<number, number, Coins, 'overdrawn'> {
  coins = 0;

  preview(change: number, limit: number): Decided {
    return this.coins + change < -limit
      ? reject('overdrawn', { left: this.coins })
      : accept<Coins>({ type: 'till.coins-moved', data: change });
  }

  execute(change: number, limit: number): Decided {
    const decision = this.preview(change, limit);
    decision.events?.forEach((event) => this.replay(event));
    return decision;
  }

  replay({ data }: Coins): void {
    this.coins += data;
  }
}

const codec: EventCodec = {
  encode: ({ type, data }) => ({ type, schemaVersion: 1, data: data as JsonValue }),
  decode: ({ type, data }) => ({ type, data }),
};
const context = (n: number, more: Partial<CommandContext> = {}): CommandContext => ({
  commandId: `0192d1a0-7b5e-7c3d-8e4f-${(n * 16).toString(16).padStart(12, '0')}`,
  now: '2026-03-01T12:00:00.000Z',
  actor: 'service:test',
  correlationId: '0192d1a0-7b5e-7c3d-8e4f-000000000001',
  causationId: '0192d1a0-7b5e-7c3d-8e4f-000000000001',
  ...more,
});
const answer = (_events: readonly Coins[], streamVersion: number) => ({ streamVersion });

async function openWriter(
  store: InMemoryEventStore,
  { limit = 0, newMemory = () => new Till() } = {},
) {
  const learned: number[] = [];
  const ended: number[] = [];
  const writer = new PipelinedWriter<number, number, Coins, 'overdrawn', Till>({
    store,
    codec,
    streamId: 'till-1',
    newMemory,
    factsOn: () => () => {
      let known = false;
      return {
        learn: (requests) => {
          if (known) return undefined;
          known = true;
          learned.push(requests.length);
          return Promise.resolve();
        },
        factsOf: () => limit,
        decided:
          ({ command }) =>
          () =>
            ended.push(command),
      };
    },
  });
  await writer.open();
  return { writer, learned, ended };
}

describe('A pipelined writer', () => {
  it('decides in memory in order and answers after the append of each', async () => {
    const store = new InMemoryEventStore();
    const { writer, learned, ended } = await openWriter(store);
    const handled = await Promise.all(
      [5, -3, -9, 1].map((command, n) =>
        writer.submit({ command, context: context(n + 1), answer }),
      ),
    );
    expect(handled.map((one) => ('answer' in one ? one.answer : one))).toEqual([
      { streamVersion: 1 },
      { streamVersion: 2 },
      {
        outcome: 'rejected',
        violations: [{ code: 'overdrawn', details: { left: 2 } }],
        repeated: false,
      },
      { streamVersion: 3 },
    ]);
    expect((await store.readAll(0, 10)).map(({ data }) => data)).toEqual([5, -3, 1]);
    // The first command starts a batch of its own; the others wait together.
    expect(learned.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(learned.length).toBeLessThan(4);
    expect(ended).toEqual([5, -3, -9, 1]);
  });

  it('rebuilds its memory when the log moved without it, and asks those affected to send again', async () => {
    const store = new InMemoryEventStore();
    const [here, there] = [await openWriter(store), await openWriter(store)];
    await here.writer.submit({ command: 5, context: context(1) });
    expect(await there.writer.submit({ command: 1, context: context(2) })).toEqual({
      outcome: 'contended',
    });
    expect(await there.writer.submit({ command: -6, context: context(3) })).toMatchObject({
      outcome: 'rejected',
      violations: [{ details: { left: 5 } }],
    });
  });

  it('steps down when a newer writer holds the log', async () => {
    class Fenced extends InMemoryEventStore {
      override append(_request: AppendRequest): Promise<AppendOutcome> {
        return Promise.resolve({ outcome: 'fenced' });
      }
    }
    const { writer } = await openWriter(new Fenced());
    expect(await writer.submit({ command: 1, context: context(1) })).toEqual({ outcome: 'fenced' });
    expect(await writer.submit({ command: 1, context: context(2) })).toEqual({ outcome: 'fenced' });
  });

  it('answers a repeat from the stored answer', async () => {
    const { writer } = await openWriter(new InMemoryEventStore());
    const idempotency = { scope: 'anna POST /coins', key: 'k', bodyHash: 'a' };
    const put = (bodyHash: string) =>
      writer.submit({
        command: 1,
        context: context(1, { idempotency: { ...idempotency, bodyHash } }),
        answer,
      });
    expect(await put('a')).toMatchObject({ answer: { streamVersion: 1 }, repeated: false });
    expect(await put('a')).toMatchObject({ answer: { streamVersion: 1 }, repeated: true });
    expect(await put('b')).toEqual({ outcome: 'conflicting_repeat' });
  });

  it('answers a command whose facts could not be read, and goes on', async () => {
    let fails = true;
    const writer = new PipelinedWriter<number, number, Coins, 'overdrawn', Till>({
      store: new InMemoryEventStore(),
      codec,
      streamId: 'till-1',
      newMemory: () => new Till(),
      factsOn: () => () => ({
        learn: (requests) =>
          fails && requests.length === 1 ? Promise.reject(new Error('away')) : undefined,
        factsOf: () => 0,
        decided: () => undefined,
      }),
    });
    await writer.open();
    await expect(writer.submit({ command: 1, context: context(1) })).rejects.toThrow('away');
    fails = false;
    expect(await writer.submit({ command: 1, context: context(2) })).toMatchObject({
      outcome: 'accepted',
    });
  });

  it('answers a preview that fails, and goes on', async () => {
    class Torn extends Till {
      override preview(change: number, limit: number): Decided {
        if (change === 7) throw new Error('torn');
        return super.preview(change, limit);
      }
    }
    const newMemory = () => new Torn();
    const { writer } = await openWriter(new InMemoryEventStore(), { newMemory });
    const preview = { command: 7, context: context(1, { dryRun: true }) };
    await expect(writer.submit(preview)).rejects.toThrow('torn');
    expect(await writer.submit({ command: 1, context: context(2) })).toMatchObject({
      outcome: 'accepted',
    });
  });

  it('previews what it then does', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 20 }),
        async (changes) => {
          const store = new InMemoryEventStore();
          const { writer } = await openWriter(store, { limit: 3 });
          for (const [n, command] of changes.entries()) {
            const send = (dryRun: boolean) =>
              writer.submit({ command, context: context(n + 1, { dryRun }), answer });
            const previewed = await send(true);
            expect(await send(false)).toEqual(previewed);
          }
        },
      ),
    ));
});
