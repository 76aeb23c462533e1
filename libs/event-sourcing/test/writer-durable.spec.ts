import { describe, expect, it, vi } from 'vitest';
import type { AppendOutcome, AppendRequest, RecordedEvent } from '../src/index.js';
import { context, FatefulStore, newWriter, noFacts, type Fate } from './till.js';

async function openTelling(store: FatefulStore) {
  const told: (readonly [number, number])[] = [];
  const errors: unknown[] = [];
  const writer = newWriter(store, {
    onAppended: ({ command }, _decision, streamVersion) => {
      told.push([command, streamVersion]);
      if (command === 13) throw new Error('unlucky');
    },
    onError: (error) => errors.push(error),
  });
  await writer.open();
  const send = (...commands: readonly number[]) =>
    Promise.all(
      commands.map((command, n) =>
        writer.submit({ command, context: context(told.length + n + 1_000 * command) }),
      ),
    );
  return { writer, told, errors, send };
}

/** Appends whose answers arrive in the reverse of their order. */
class LateAnswers extends FatefulStore {
  private readonly held: (() => void)[] = [];

  override async append(request: AppendRequest): Promise<AppendOutcome> {
    const outcome = await super.append(request);
    await new Promise<void>((resolve) => this.held.push(resolve));
    return outcome;
  }

  answer(): void {
    this.held
      .splice(0)
      .toReversed()
      .forEach((resolve) => resolve());
  }
}

describe('A pipelined writer tells of what is durable', () => {
  it('once for each command with events, in order, and of no refusal', async () => {
    const { told, send } = await openTelling(new FatefulStore());
    await send(25, -99, 3, 0, -8);
    expect(told).toEqual([
      [25, 2],
      [3, 3],
      [-8, 4],
    ]);
  });

  it('in the order of the log whatever the order of the answers', async () => {
    const store = new LateAnswers();
    const { told, send } = await openTelling(store);
    const sent = send(1, 2, 3);
    await Promise.race([sent, waitFor(() => store.coins().then((coins) => coins.length === 3))]);
    expect(told).toEqual([]);
    store.answer();
    await sent;
    expect(told).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('and lets nothing that the listener throws disturb it', async () => {
    const { told, errors, send } = await openTelling(new FatefulStore());
    expect(await send(13, 2)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    expect(told).toEqual([
      [13, 2],
      [2, 3],
    ]);
    expect(errors).toEqual([new Error('unlucky')]);
  });

  const fates: readonly (readonly [string, readonly Fate[], readonly number[]])[] = [
    ['of none that was lost', ['lost'], []],
    ['of one that was committed unheard, when the log shows it', ['unheard'], [1]],
    ['of those behind one unheard after it', ['unheard', 'well'], [1, 2]],
    ['of none behind one that was lost', ['well', 'lost'], [1]],
  ];
  it.each(fates)('%s', async (_title, ends, first) => {
    const store = new FatefulStore([...ends]);
    const { told, send } = await openTelling(store);
    await send(1, 2, 3);
    // The next command is decided on a memory that was read from the log again.
    await send(4);
    await send(5);
    expect(told.map(([command]) => command)).toEqual(await store.coins());
    expect(told.map(([command]) => command).slice(0, first.length)).toEqual(first);
    expect(told.map(([, version]) => version)).toEqual(told.map((_, n) => n + 1));
  });

  it('once, also where the log could not be read to its end the first time', async () => {
    const store = new FatefulStore(['unheard']);
    const { told, send } = await openTelling(store);
    await send(1);
    const whole = store.replayStream.bind(store);
    vi.spyOn(store, 'replayStream').mockImplementationOnce(async (streamId, after, onEvent) => {
      await whole(streamId, after, onEvent);
      onEvent({ ...(await last(store)), streamVersion: 2, commandId: 'another' });
      throw new Error('away');
    });
    await expect(send(2)).rejects.toThrow('away');
    await send(3);
    expect(told).toEqual([
      [1, 1],
      [3, 2],
    ]);
  });

  it('and repeats nothing that was in the log when it opened', async () => {
    const store = new FatefulStore();
    const first = await openTelling(store);
    await first.send(1, 2);
    const second = await openTelling(store);
    await second.send(3);
    await first.writer.open();
    await first.send(4);
    expect(second.told).toEqual([[3, 3]]);
    expect(first.told.map(([command]) => command)).toEqual([1, 2, 4]);
  });

  it('also where the command was decided before another one', async () => {
    const told: number[] = [];
    const writer = newWriter(new FatefulStore(), {
      factsOn: (till) => () => ({
        ...noFacts,
        preceding: () => (till.coins === 0 ? [{ command: 9, context: context(9) }] : []),
      }),
      onAppended: ({ command }) => told.push(command),
    });
    await writer.open();
    await writer.submit({ command: 1, context: context(1) });
    expect(told).toEqual([9, 1]);
  });
});

/** The last event of the log. */
async function last(store: FatefulStore): Promise<RecordedEvent> {
  const event = (await store.readAll(0, 100)).at(-1);
  if (!event) throw new Error('the log is empty');
  return event;
}

/** Lets other tasks run until it is so. */
async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
