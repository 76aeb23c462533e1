import { describe, expect, it, vi } from 'vitest';
import { context, FatefulStore, newWriter, noFacts, Till, type TillFacts } from './till.js';

/** A till that has to hold a multiple of five before anything else is decided, as time has to have advanced. */
function rounded(till: Till, facts: Partial<TillFacts> = {}): TillFacts {
  let n = 100;
  return {
    ...noFacts,
    preceding: ({ context: { causationId } }) =>
      till.coins % 5 === 0
        ? []
        : [{ command: 1, context: context((n += 1) + till.commandCount, { causationId }) }],
    ...facts,
  };
}

function openRounded(store: FatefulStore, facts: Partial<TillFacts> = {}) {
  const onAppendLost = vi.fn();
  const writer = newWriter(store, {
    factsOn: (till) => () => rounded(till, facts),
    onAppendLost,
  });
  return writer.open().then(() => ({ writer, onAppendLost }));
}

describe('Requests that precede another one', () => {
  it('are decided and appended first, as commands of their own, until none is left', async () => {
    const store = new FatefulStore();
    const { writer } = await openRounded(store);
    await writer.submit({ command: 3, context: context(1) });
    const handled = await writer.submit({ command: 7, context: context(2) });
    expect(handled).toMatchObject({ outcome: 'accepted' });
    expect(await store.coins()).toEqual([3, 1, 1, 7]);
    const commandIds = (await store.readAll(0, 10)).map((event) => event.commandId);
    expect(new Set(commandIds).size).toBe(4);
  });

  it('have their facts learned, and leave those of the request known', async () => {
    const learned: (readonly number[])[] = [];
    const { writer } = await openRounded(new FatefulStore(), {
      learn: (requests) => {
        learned.push(requests.map(({ command }) => command));
        return Promise.resolve();
      },
    });
    await writer.submit({ command: 4, context: context(1) });
    learned.splice(0);
    await writer.submit({ command: 7, context: context(2) });
    expect(learned).toEqual([[7], [7], [1], [7]]);
  });

  it('are not asked for by a dry run', async () => {
    const store = new FatefulStore();
    const { writer } = await openRounded(store);
    await writer.submit({ command: 3, context: context(1) });
    await writer.submit({ command: 7, context: context(2, { dryRun: true }) });
    expect(await store.coins()).toEqual([3]);
  });

  it('that are lost take the request with them, and come first again when it is sent again', async () => {
    const store = new FatefulStore(['well', 'lost']);
    const { writer, onAppendLost } = await openRounded(store);
    await writer.submit({ command: 4, context: context(1) });
    const send = () => writer.submit({ command: 7, context: context(2) });
    expect(await send()).toEqual({ outcome: 'contended' });
    expect(onAppendLost).toHaveBeenCalledOnce();
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(await store.coins()).toEqual([4, 1, 7]);
  });

  it('that throw count as lost: the request is to be sent again, those behind it go on', async () => {
    class Torn extends Till {
      override execute(change: number, limit: number) {
        if (change === 1 && this.coins === 3) throw new Error('torn');
        return super.execute(change, limit);
      }
    }
    const store = new FatefulStore();
    const onAppendLost = vi.fn();
    const writer = newWriter(store, {
      newMemory: () => new Torn(),
      factsOn: (till) => () => ({
        ...rounded(till),
        preceding: (request) =>
          request.command === 7 ? (rounded(till).preceding?.(request) ?? []) : [],
      }),
      onAppendLost,
    });
    await writer.open();
    await writer.submit({ command: 3, context: context(1) });
    const handled = await Promise.all(
      [7, 2].map((command, n) => writer.submit({ command, context: context(n + 2) })),
    );
    expect(handled).toMatchObject([{ outcome: 'contended' }, { outcome: 'accepted' }]);
    expect(onAppendLost).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: 'torn' }),
    );
    expect(await store.coins()).toEqual([3, 2]);
  });

  it('that never end are a bug that the request is told of', async () => {
    const { writer } = await openRounded(new FatefulStore(), {
      preceding: () => [{ command: -99, context: context(9) }],
    });
    await expect(writer.submit({ command: 7, context: context(2) })).rejects.toThrow(/has no end/);
  });
});
