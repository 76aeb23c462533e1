import { describe, expect, it, vi } from 'vitest';
import { ReplayDiverged, type Memory, type RecordedCommand } from '../src/index.js';
import { commandId, context, FatefulStore, newWriter, Till, type Coins } from './till.js';

/** Appends a command as a writer of other rules would have recorded it. */
async function record(
  store: FatefulStore,
  n: number,
  ...data: readonly (number | string)[]
): Promise<void> {
  const { now: occurredAt, ...metadata } = context(n);
  const events = data.map((one) => ({ type: 'till.coins-moved', schemaVersion: 1, data: one }));
  await store.append({
    commandId: commandId(n),
    streams: [{ streamId: 'till-1', expectedVersion: 'any', events }],
    metadata: { ...metadata, idempotencyKey: null },
    occurredAt,
  });
}

/** A till that takes note of what it is shown. */
class Watched extends Till {
  readonly shown: RecordedCommand<Coins>[] = [];
  override replay(command: RecordedCommand<Coins>): void {
    this.shown.push(command);
    super.replay(command);
  }
}

describe('A pipelined writer that opens', () => {
  it('shows memory each command of its stream whole, with its place', async () => {
    const store = new FatefulStore();
    const first = newWriter(store);
    await first.open();
    await first.submit({ command: 25, context: context(1) });
    await store.append({
      commandId: commandId(2),
      streams: [
        {
          streamId: 'till-2',
          expectedVersion: 'no_stream',
          events: [{ type: 'till.opened', schemaVersion: 1, data: null }],
        },
      ],
      metadata: { ...context(2), idempotencyKey: null },
      occurredAt: context(2).now,
    });
    await first.submit({ command: -20, context: context(3) });
    const memory = new Watched();
    await newWriter(store, { newMemory: () => memory }).open();
    const occurredAt = context(1).now;
    const moved = (data: number): Coins => ({ type: 'till.coins-moved', data });
    expect(memory.shown).toEqual([
      {
        events: [moved(20), moved(5)],
        commandId: commandId(1),
        streamVersion: 2,
        position: 2,
        occurredAt,
      },
      {
        events: [moved(-20)],
        commandId: commandId(3),
        streamVersion: 3,
        position: 4,
        occurredAt,
      },
    ] satisfies Parameters<Memory<number, number, Coins, never>['replay']>[0][]);
    expect(memory.coins).toBe(5);
  });

  it('refuses to open where memory computes something else, and says where', async () => {
    const store = new FatefulStore();
    await record(store, 1, 20, 5);
    await record(store, 2, 5, 20);
    await record(store, 3, 1);
    const writer = newWriter(store);
    const error: unknown = await writer.open().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ReplayDiverged);
    expect(error).toMatchObject({
      streamId: 'till-1',
      position: 4,
      streamVersion: 4,
      commandId: commandId(2),
    });
    expect(String(error)).toMatch(
      /^ReplayDiverged: the replay of till-1 diverges at position 4 \(stream version 4, command 0192.*\): computed \[.*20.*5/,
    );
    const appending = vi.spyOn(store, 'append');
    expect(await writer.submit({ command: 1, context: context(4) })).toEqual({ outcome: 'fenced' });
    expect(appending).not.toHaveBeenCalled();
  });

  it('names an event that cannot be read', async () => {
    const store = new FatefulStore();
    await record(store, 1, 20, 'five');
    await expect(newWriter(store).open()).rejects.toThrow(
      /position 2 \(stream version 2, .*"five" is no number of coins/,
    );
  });

  it('names a place where an event is missing', async () => {
    const store = new FatefulStore();
    for (const n of [1, 2, 3]) {
      await record(store, n, n);
    }
    const whole = store.replayStream.bind(store);
    vi.spyOn(store, 'replayStream').mockImplementation((streamId, after, onEvent) =>
      whole(streamId, after, (event) => {
        if (event.streamVersion !== 2) onEvent(event);
      }),
    );
    await expect(newWriter(store).open()).rejects.toThrow(
      /position 3 \(stream version 3, .*version 2 is missing/,
    );
  });
});

describe('A pipelined writer whose rebuild diverges', () => {
  it('stops writing, answers those that wait as an instance that does not write, and says why', async () => {
    const store = new FatefulStore(['well', 'lost']);
    const onError = vi.fn();
    const writer = newWriter(store, { onError });
    await writer.open();
    await record(store, 1, 5, 20);
    expect(await writer.submit({ command: 1, context: context(2) })).toEqual({
      outcome: 'contended',
    });
    expect(await writer.submit({ command: 1, context: context(3) })).toEqual({ outcome: 'fenced' });
    expect(await writer.submit({ command: 1, context: context(4) })).toEqual({ outcome: 'fenced' });
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(ReplayDiverged));
    expect(await store.coins()).toEqual([5, 20]);
  });

  it('opens again once memory agrees', async () => {
    const store = new FatefulStore();
    await record(store, 1, 5, 20);
    let newMemory = () => new Till();
    const writer = newWriter(store, { newMemory: () => newMemory() });
    await expect(writer.open()).rejects.toThrow(ReplayDiverged);
    newMemory = () =>
      Object.assign(new Till(), {
        replay: ({ events }: RecordedCommand<Coins>) => expect(events).toHaveLength(2),
      });
    await writer.open();
    expect(await writer.submit({ command: 1, context: context(2) })).toMatchObject({
      outcome: 'accepted',
    });
  });
});
