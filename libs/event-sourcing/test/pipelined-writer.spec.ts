import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InMemoryEventStore, type AppendOutcome, type AppendRequest } from '../src/index.js';
import { answer, context, newWriter, noFacts, Till, type Decided } from './till.js';

async function openWriter(
  store: InMemoryEventStore,
  { limit = 0, newMemory = () => new Till() } = {},
) {
  const learned: number[] = [];
  const ended: number[] = [];
  const writer = newWriter(store, {
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

  it('looks for an earlier answer only where there is a key to look for', async () => {
    class Asked extends InMemoryEventStore {
      lookUpCount = 0;
      override findAnswer(scope: string, key: string) {
        this.lookUpCount += 1;
        return super.findAnswer(scope, key);
      }
    }
    const store = new Asked();
    const { writer } = await openWriter(store);
    await writer.submit({ command: 1, context: context(1) });
    expect(store.lookUpCount).toBe(0);
    const idempotency = { scope: 's', key: 'k', bodyHash: 'a' };
    await writer.submit({ command: 1, context: context(2, { idempotency }) });
    expect(store.lookUpCount).toBe(1);
  });

  it('answers a command whose facts could not be read, and goes on', async () => {
    let fails = true;
    const writer = newWriter(new InMemoryEventStore(), {
      factsOn: () => () => ({
        ...noFacts,
        learn: (requests) =>
          fails && requests.length === 1 ? Promise.reject(new Error('away')) : undefined,
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
