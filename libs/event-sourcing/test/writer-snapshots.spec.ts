import { describe, expect, it, vi } from 'vitest';
import {
  InMemorySnapshotStore,
  ReplayDiverged,
  type DiscardedSnapshot,
  type RecordedCommand,
  type Snapshot,
  type SnapshotStore,
} from '../src/index.js';
import { context, FatefulStore, newWriter, Till, type Coins } from './till.js';

/** A store that shows what it is asked to save, and lets the save end when the spec says so. */
class SlowSnapshots extends InMemorySnapshotStore {
  readonly saves: {
    readonly snapshot: Snapshot;
    readonly end: (error?: Error) => Promise<void>;
  }[] = [];

  override save(snapshot: Snapshot): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = async (error?: Error): Promise<void> => {
        if (error) reject(error);
        else resolve(super.save(snapshot));
        await new Promise((next) => setImmediate(next));
      };
      this.saves.push({ snapshot, end });
    });
  }

  /** The versions of the saves so far. */
  get versions(): readonly number[] {
    return this.saves.map(({ snapshot }) => snapshot.streamVersion);
  }
}

let commandCount = 0;

async function openWriter(
  store: FatefulStore,
  {
    snapshots,
    format = 'till/1',
    everyCommands = 2,
    newMemory = (bytes) => Till.of(bytes),
  }: {
    readonly snapshots: SnapshotStore;
    readonly format?: string;
    readonly everyCommands?: number;
    readonly newMemory?: (bytes?: Uint8Array) => Till;
  },
) {
  const discarded: DiscardedSnapshot[] = [];
  const onError = vi.fn();
  let memory = new Till();
  const replayed: RecordedCommand<Coins>[] = [];
  const writer = newWriter(store, {
    newMemory: (bytes) => {
      memory = newMemory(bytes);
      const replay = memory.replay.bind(memory);
      memory.replay = (command) => {
        replayed.push(command);
        replay(command);
      };
      return memory;
    },
    snapshots: { store: snapshots, format, everyCommands },
    onSnapshotDiscarded: (one) => discarded.push(one),
    onError,
  });
  await writer.open();
  return {
    send: (...commands: readonly number[]) =>
      Promise.all(
        commands.map((command) =>
          writer.submit({ command, context: context((commandCount += 1)) }),
        ),
      ),
    memory: () => memory,
    replayed: () => replayed.flatMap(({ events }) => events.map(({ data }) => data)),
    discarded,
    onError,
  };
}

async function filled(everyCommands = 2) {
  const store = new FatefulStore();
  const snapshots = new InMemorySnapshotStore(store);
  const { send } = await openWriter(store, { snapshots, everyCommands });
  for (const command of [1, 2, 3, 4, 5, 6, 7]) {
    await send(command);
  }
  return { store, snapshots };
}

describe('A writer with snapshots', () => {
  it('takes one every so many commands with events and opens from the newest', async () => {
    const { store, snapshots } = await filled();
    expect(await snapshots.latest('till-1')).toMatchObject({
      streamVersion: 6,
      position: 6,
      format: 'till/1',
      stateHash: '21/6',
    });
    const { memory, replayed, discarded } = await openWriter(store, { snapshots });
    expect(replayed()).toEqual([7]);
    expect(memory().stateHash()).toBe('28/7');
    expect(discarded).toEqual([]);
  });

  it('counts neither refusals nor what changes nothing', async () => {
    const store = new FatefulStore();
    const snapshots = new SlowSnapshots(store);
    const { send } = await openWriter(store, { snapshots });
    await send(1, -99, 0, 25);
    expect(snapshots.versions).toEqual([3]);
  });

  it('takes the state between two commands and saves it once they are durable', async () => {
    const store = new FatefulStore();
    const snapshots = new SlowSnapshots(store);
    const { send } = await openWriter(store, { snapshots });
    let saveCount = -1;
    const append = store.append.bind(store);
    vi.spyOn(store, 'append').mockImplementation((request) => {
      saveCount = Math.max(saveCount, snapshots.saves.length);
      return append(request);
    });
    await send(1, 2, 3, 4);
    expect(saveCount).toBe(0);
    expect(snapshots.saves[0]?.snapshot).toMatchObject({ streamVersion: 2, stateHash: '3/2' });
  });

  it('saves one at a time while commands go on', async () => {
    const store = new FatefulStore();
    const snapshots = new SlowSnapshots(store);
    const { send } = await openWriter(store, { snapshots });
    for (const command of [1, 2, 3, 4, 5]) {
      await send(command);
    }
    expect(snapshots.versions).toEqual([2]);
    await snapshots.saves[0]?.end();
    await send(6);
    expect(snapshots.versions).toEqual([2, 6]);
  });

  it('reports a save that fails and tries again at the next interval', async () => {
    const store = new FatefulStore();
    const snapshots = new SlowSnapshots(store);
    const { send, onError } = await openWriter(store, { snapshots });
    expect(await send(1, 2)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    await snapshots.saves[0]?.end(new Error('disk full'));
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: 'no snapshot of till-1 at version 2: disk full' }),
    );
    await send(3);
    expect(snapshots.versions).toEqual([2]);
    await send(4);
    expect(snapshots.versions).toEqual([2, 4]);
  });

  it('reports a memory that cannot be written', async () => {
    const store = new FatefulStore();
    const snapshots = new SlowSnapshots(store);
    const { send, onError } = await openWriter(store, {
      snapshots,
      newMemory: () =>
        Object.assign(new Till(), {
          snapshot: () => {
            throw new Error('too large');
          },
        }),
    });
    expect(await send(1, 2)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: 'no snapshot of till-1 at version 2: too large' }),
    );
  });

  it('saves nothing of a command that was lost, and opens from a snapshot to rebuild', async () => {
    const store = new FatefulStore(['well', 'well', 'well', 'lost']);
    const snapshots = new SlowSnapshots(store);
    const { send, replayed, memory } = await openWriter(store, { snapshots });
    await send(1, 2);
    await snapshots.saves[0]?.end();
    await send(3, 4, 5, 6);
    expect(snapshots.versions).toEqual([2]);
    await send(7);
    expect(replayed()).toEqual([3]);
    expect(memory().stateHash()).toBe('13/4');
    expect(snapshots.versions).toEqual([2, 4]);
  });

  it('takes one soon after it had to replay many', async () => {
    const { store } = await filled(100);
    const snapshots = new InMemorySnapshotStore(store);
    const { send } = await openWriter(store, { snapshots, everyCommands: 5 });
    await send(8);
    expect(await snapshots.latest('till-1')).toMatchObject({ streamVersion: 8 });
  });

  it('needs a memory that takes them', async () => {
    const { store, snapshots } = await filled();
    const newMemory = () => Object.assign(new Till(), { stateHash: undefined });
    await expect(openWriter(store, { snapshots, newMemory })).rejects.toThrow(
      /snapshot\(\) and stateHash\(\)/,
    );
  });
});

describe('A snapshot in doubt', () => {
  const doubts: readonly (readonly [string, RegExp, (stored: InMemorySnapshotStore) => void])[] = [
    [
      'whose bytes changed',
      /bytes are not those that were saved/,
      ({ kept: [newest] }) => newest?.snapshot.bytes.fill(0, 3, 4),
    ],
    [
      'that does not give the state that it was taken of',
      /has the hash 91\/6, not 21\/6/,
      ({ kept: [newest] }) => {
        for (const bytes of [newest?.snapshot.bytes, newest?.original]) {
          bytes?.set(new TextEncoder().encode('9'), bytes.indexOf('2'.charCodeAt(0)));
        }
      },
    ],
    [
      'that memory cannot read',
      /not valid JSON|Unexpected token|Expected property/,
      ({ kept: [newest] }) => {
        newest?.snapshot.bytes.fill(0, 0, 1);
        newest?.original.fill(0, 0, 1);
      },
    ],
    [
      'of another format',
      /its format is till\/0, not till\/1/,
      ({ kept }) => {
        const [newest] = kept;
        if (newest) kept[0] = { ...newest, snapshot: { ...newest.snapshot, format: 'till/0' } };
      },
    ],
    [
      'whose place is not in the log',
      /its place is not in this log/,
      ({ kept }) => {
        const [newest] = kept;
        if (newest) kept[0] = { ...newest, eventId: 'another' };
      },
    ],
    ['from which the replay diverges', /position 7 .*the state went astray/, () => undefined],
  ];
  it.each(doubts)(
    '%s is discarded with the reason, and the one before it is taken',
    async (title, reason, harm) => {
      const { store, snapshots } = await filled();
      harm(snapshots);
      const { memory, replayed, discarded } = await openWriter(store, {
        snapshots,
        newMemory: (bytes) => {
          const till = Till.of(bytes);
          if (title.includes('diverges') && till.commandCount === 6) {
            till.replay = () => {
              throw new Error('the state went astray');
            };
          }
          return till;
        },
      });
      expect(discarded).toEqual([
        {
          streamId: 'till-1',
          streamVersion: 6,
          position: 6,
          reason: expect.stringMatching(reason) as string,
        },
      ]);
      expect(memory().stateHash()).toBe('28/7');
      expect(replayed().slice(-3)).toEqual([5, 6, 7]);
    },
  );

  it('leaves the log to be read from its beginning where there is no other', async () => {
    const { store, snapshots } = await filled();
    const { memory, discarded, replayed } = await openWriter(store, {
      snapshots,
      format: 'till/2',
    });
    expect(discarded.map(({ streamVersion }) => streamVersion)).toEqual([6, 4, 2]);
    expect(replayed()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(memory().stateHash()).toBe('28/7');
  });

  it('is not to blame where the log diverges from its beginning too', async () => {
    const { store, snapshots } = await filled();
    const opening = openWriter(store, {
      snapshots,
      newMemory: (bytes) =>
        Object.assign(Till.of(bytes), {
          replay: ({ position }: RecordedCommand<Coins>) => {
            if (position === 7) throw new Error('not what I compute');
          },
        }),
    });
    await expect(opening).rejects.toThrow(ReplayDiverged);
    await expect(opening).rejects.toMatchObject({ position: 7 });
  });
});
