import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  InMemorySnapshotStore,
  type AppendRequest,
  type DiscardedSnapshot,
  type EventStore,
  type Snapshot,
} from '../src/index.js';
import { codec, context, FatefulStore, newWriter, Till, type Fate } from './till.js';

type Kept = InMemorySnapshotStore['kept'][number];

type Action =
  | { readonly does: 'send'; readonly commands: readonly number[]; readonly fates: readonly Fate[] }
  | { readonly does: 'take over'; readonly everyCommands: number }
  | { readonly does: 'flip a byte'; readonly at: number; readonly isSealed: boolean }
  | { readonly does: 'bring one from another log' };

const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('send' as const),
      commands: fc.array(fc.integer({ min: -40, max: 60 }), { minLength: 1, maxLength: 8 }),
      fates: fc.array(
        fc.oneof(
          { weight: 6, arbitrary: fc.constant('well' as const) },
          fc.constantFrom('lost' as const, 'unheard' as const),
        ),
        { maxLength: 8 },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('take over' as const),
      everyCommands: fc.integer({ min: 1, max: 6 }),
    }),
  },
  fc.record({
    does: fc.constant('flip a byte' as const),
    at: fc.nat(200),
    isSealed: fc.boolean(),
  }),
  fc.record({ does: fc.constant('bring one from another log' as const) }),
);

/** A save may fail, as an append may. */
class FatefulSnapshots extends InMemorySnapshotStore {
  private saveCount = 0;

  override save(snapshot: Snapshot): Promise<void> {
    this.saveCount += 1;
    return this.saveCount % 5 === 0
      ? Promise.reject(new Error('no space left'))
      : super.save(snapshot);
  }
}

/** Writers one after another on one log; a later one fences those before it. */
class Story {
  private readonly log = new FatefulStore();
  private readonly snapshots = new FatefulSnapshots(this.log);
  /** Those that something is wrong with. */
  private readonly bad = new Set<Kept>();
  private readonly told: (readonly [string, number])[] = [];
  private epoch = 0;
  private commandCount = 0;
  private discarded: DiscardedSnapshot[] = [];
  private memory = new Till();
  private writer = newWriter(this.log);

  async run(action: Action): Promise<void> {
    switch (action.does) {
      case 'send':
        return this.send(action.commands, action.fates);
      case 'take over':
        return this.takeOver(action.everyCommands);
      case 'flip a byte':
        return this.flip(action.at, action.isSealed);
      case 'bring one from another log':
        return this.bring();
    }
  }

  async takeOver(everyCommands: number): Promise<void> {
    const epoch = (this.epoch += 1);
    const fenced: EventStore = {
      append: (request: AppendRequest) =>
        epoch === this.epoch
          ? this.log.append(request)
          : Promise.resolve({ outcome: 'fenced' as const }),
      readStream: (streamId, after) => this.log.readStream(streamId, after),
      replayStream: (streamId, after, onEvent) => this.log.replayStream(streamId, after, onEvent),
      readAll: (after, limit) => this.log.readAll(after, limit),
      findAnswer: (scope, key) => this.log.findAnswer(scope, key),
    };
    this.writer = newWriter(fenced, {
      newMemory: (bytes) => (this.memory = Till.of(bytes)),
      snapshots: { store: this.snapshots, format: 'till/1', everyCommands },
      onSnapshotDiscarded: (one) => this.discarded.push(one),
      onAppended: (request, _decision, streamVersion) =>
        this.told.push([request.context.commandId, streamVersion]),
    });
    const kept = this.newestFirst();
    const firstGood = kept.findIndex((one) => !this.bad.has(one));
    const passedOver = firstGood === -1 ? kept : kept.slice(0, firstGood);
    this.discarded = [];
    await this.writer.open();
    expect(this.discarded.map(({ streamVersion }) => streamVersion)).toEqual(
      passedOver.map(({ snapshot }) => snapshot.streamVersion),
    );
    await this.checkMemory();
  }

  private async send(commands: readonly number[], fates: readonly Fate[]): Promise<void> {
    this.log.fates.push(...fates);
    await Promise.all(commands.map((command) => this.submit(command)));
    this.log.fates.splice(0);
    // A command that changes nothing makes memory current.
    await this.submit(0);
    await this.checkMemory();
  }

  private submit(command: number): Promise<unknown> {
    this.commandCount += 1;
    return this.writer.submit({ command, context: context(this.commandCount) });
  }

  /** In the newest snapshot; `isSealed` where it was so before the store took note of the bytes. */
  private flip(at: number, isSealed: boolean): void {
    const [kept] = this.newestFirst();
    if (!kept || this.bad.has(kept)) {
      return;
    }
    for (const bytes of isSealed ? [kept.snapshot.bytes, kept.original] : [kept.snapshot.bytes]) {
      const index = at % bytes.length;
      bytes.set([(bytes[index] ?? 0) ^ 1], index);
    }
    this.bad.add(kept);
  }

  /** In the place of the newest snapshot: the same place of another log, and the right bytes of that. */
  private async bring(): Promise<void> {
    const [kept] = this.newestFirst();
    if (!kept) {
      return;
    }
    const { streamVersion } = kept.snapshot;
    const other = new FatefulStore();
    const elsewhere = new InMemorySnapshotStore(other);
    const writer = newWriter(other, {
      newMemory: (bytes) => Till.of(bytes),
      snapshots: { store: elsewhere, format: 'till/1', everyCommands: streamVersion },
    });
    await writer.open();
    for (let n = 1; n <= streamVersion; n += 1) {
      await writer.submit({ command: 1, context: context(1_000_000 + n) });
    }
    const [theirs] = elsewhere.kept;
    if (theirs) {
      this.snapshots.kept[this.snapshots.kept.indexOf(kept)] = theirs;
      this.bad.add(theirs);
    }
  }

  private newestFirst(): readonly Kept[] {
    return this.snapshots.kept.toSorted(
      (a, b) => b.snapshot.streamVersion - a.snapshot.streamVersion,
    );
  }

  /** Memory is the fold of the log, and who listens was told of nothing twice, nothing out of order, nothing else. */
  async checkMemory(): Promise<void> {
    const fold = new Till();
    const versions = new Map<string, number>();
    for (const event of await this.log.readStream('till-1')) {
      fold.coins += codec.decode(event).data as number;
      versions.set(event.commandId, event.streamVersion);
    }
    fold.commandCount = versions.size;
    expect(this.memory.stateHash()).toBe(fold.stateHash());
    expect(this.told).toEqual([...versions]);
  }
}

describe('Writers of one log under random commands, lost appends, takeovers and bad snapshots', () => {
  it('hold what the log says, tell of it once and in order, and name every bad snapshot', () =>
    fc.assert(
      fc.asyncProperty(fc.array(actions, { minLength: 5, maxLength: 40 }), async (story) => {
        const writers = new Story();
        await writers.takeOver(3);
        for (const action of story) {
          await writers.run(action);
        }
        await writers.takeOver(2);
      }),
      { numRuns: 300 },
    ));
});
