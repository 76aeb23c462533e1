import {
  PipelinedWriter,
  type Decision,
  type DiscardedSnapshot,
  type JsonValue,
  type Memory,
  type RecordedCommand,
} from '@specie/event-sourcing';
import { describeSnapshotStore } from '@specie/testing';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createTrial,
  trialCodec,
  type Counted,
  type TestStore,
  type Trial,
} from './open-test-store.js';

describeSnapshotStore('PostgresEventStore', async () => {
  const trial = await createTrial();
  const { store, dataSource } = await trial.open();
  const { store: other } = await trial.open({ schema: 'elsewhere' });
  return {
    store,
    snapshots: store.snapshots,
    elsewhere: {
      store: other,
      snapshots: other.snapshots,
      receive: async () =>
        void (await dataSource.query(
          'insert into elsewhere.snapshots select * from public.snapshots',
        )),
    },
    flipByte: async (streamId, streamVersion) =>
      void (await dataSource.query(
        `update snapshots set bytes = set_byte(bytes, 7, get_byte(bytes, 7) # 1)
          where stream_id = $1 and stream_version = $2`,
        [streamId, streamVersion],
      )),
    close: () => trial.close(),
  };
});

/** Counts its commands; its snapshot is larger than what PostgreSQL sends at once. */
class Counter implements Memory<number, null, Counted, never> {
  readonly replayed: number[] = [];
  constructor(
    private text = '',
    private readonly padding = Buffer.alloc(200_000, 7),
  ) {}
  preview(n: number): Decision<Counted, never> {
    return {
      outcome: 'accepted',
      events: [1, 2].map((part) => ({ type: 'trial.counted', data: { n, part } })),
    };
  }
  execute(n: number): Decision<Counted, never> {
    this.text += `,${n}`;
    return this.preview(n);
  }
  replay({ events }: RecordedCommand<Counted>): void {
    const { n } = (events[1] as Counted<{ n: number }>).data;
    this.replayed.push(n);
    this.text += `,${n}`;
  }
  stateHash(): string {
    return this.text;
  }
  snapshot() {
    return {
      bytes: Buffer.concat([this.padding, Buffer.from(this.text)]),
      stateHash: this.stateHash(),
    };
  }
  static of(bytes?: Uint8Array): Counter {
    return new Counter(bytes && Buffer.from(bytes.subarray(200_000)).toString());
  }
}

describe('A writer with snapshots on PostgreSQL', () => {
  let trial: Trial;
  let opened: TestStore;
  const instants = { now: '2026-03-01T12:00:00.000Z', actor: 'service:trial' };
  const causes = {
    correlationId: 'c0000000-0000-4000-8000-000000000001',
    causationId: 'c0000000-0000-4000-8000-000000000002',
  };
  beforeEach(async () => {
    trial = await createTrial();
    opened = await trial.open();
  });
  afterEach(() => trial.close());

  async function openWriter() {
    const memories: Counter[] = [];
    const discarded: DiscardedSnapshot[] = [];
    const writer = new PipelinedWriter<number, null, Counted, never, Counter>({
      store: opened.store,
      codec: {
        ...trialCodec,
        encode: ({ type, data }) => ({ type, schemaVersion: 1, data: data as JsonValue }),
      },
      streamId: 'counter',
      newMemory: (bytes) => {
        memories.push(Counter.of(bytes));
        return memories.at(-1) ?? new Counter();
      },
      factsOn: () => () => ({
        learn: () => undefined,
        factsOf: () => null,
        decided: () => undefined,
      }),
      snapshots: { store: opened.store.snapshots, format: 'counter/1', everyCommands: 3 },
      onSnapshotDiscarded: (one) => discarded.push(one),
    });
    await writer.open();
    return { writer, discarded, memory: () => memories.at(-1), count: () => memories.length };
  }

  async function fill(commandCount: number) {
    const { writer, memory } = await openWriter();
    for (let n = 1; n <= commandCount; n += 1) {
      const context = { commandId: randomUUID(), ...instants, ...causes };
      expect(await writer.submit({ command: n, context })).toMatchObject({ outcome: 'accepted' });
      if (n % 3 === 0) {
        await vi.waitFor(async () =>
          expect(await opened.store.snapshots.latest('counter')).toMatchObject({
            streamVersion: 2 * n,
            position: 2 * n,
          }),
        );
      }
    }
    return memory();
  }

  it('reads only what follows the newest one', async () => {
    const first = await fill(10);
    const { memory, discarded } = await openWriter();
    expect(memory()?.replayed).toEqual([10]);
    expect(memory()?.stateHash()).toBe(first?.stateHash());
    expect(discarded).toEqual([]);
  });

  const damages = {
    bytes: 'set_byte(bytes, 200001, get_byte(bytes, 200001) # 1)',
    sha256: 'set_byte(sha256, 0, get_byte(sha256, 0) # 1)',
    chain_hash: 'set_byte(chain_hash, 31, get_byte(chain_hash, 31) # 1)',
    position: 'position - 1',
    stream_version: 'stream_version + 1',
    format: `'counter/2'`,
    state_hash: `overlay(state_hash placing '.' from 2)`,
  };
  it.each(Object.entries(damages))(
    'opens from the one before where %s is damaged',
    async (column, sql) => {
      const first = await fill(9);
      await opened.dataSource.query(
        `update snapshots set ${column} = ${sql} where stream_version = 18`,
      );
      const { memory, discarded } = await openWriter();
      expect(discarded).toHaveLength(1);
      expect(memory()?.replayed).toEqual([7, 8, 9]);
      expect(memory()?.stateHash()).toBe(first?.stateHash());
    },
  );

  it('opens from the log where every one is damaged', async () => {
    const first = await fill(9);
    await opened.dataSource.query(`update snapshots set bytes = ''`);
    const { memory, discarded } = await openWriter();
    expect(discarded.map(({ streamVersion }) => streamVersion)).toEqual([18, 12, 6]);
    expect(memory()?.replayed).toHaveLength(9);
    expect(memory()?.stateHash()).toBe(first?.stateHash());
  });
});
