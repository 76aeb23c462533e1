import type { EventStore, Snapshot, SnapshotStore } from '@specie/event-sourcing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toStream, trialCommand } from './trial-commands.js';

/** A log and its snapshots. */
export interface SnapshottedLog {
  readonly store: EventStore;
  readonly snapshots: SnapshotStore;
}

export interface SnapshotStoreUnderTest extends SnapshottedLog {
  /** Another log that takes events of the same type, and comes by the snapshots of the first when `receive` has run. */
  readonly elsewhere: SnapshottedLog & { readonly receive: () => Promise<void> };
  /** Changes one byte of a stored snapshot. */
  flipByte(streamId: string, streamVersion: number): Promise<void>;
  close(): Promise<void>;
}

/** What every `SnapshotStore` promises. `open` gives two empty logs that accept event types `trial.*`. */
export function describeSnapshotStore(
  name: string,
  open: () => Promise<SnapshotStoreUnderTest>,
): void {
  describe(`${name} as a snapshot store`, () => {
    let opened: SnapshotStoreUnderTest;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('has none at first', async () => {
      expect(await opened.snapshots.latest('a')).toBeNull();
    });

    it('gives back what was saved, the newest first', async () => {
      await append(opened.store, 'a', 5);
      const [older, newer] = [snapshot('a', 2), snapshot('a', 4)];
      await opened.snapshots.save(newer);
      await opened.snapshots.save(older);
      expect(await found(opened, 'a')).toEqual({ ...newer, doubt: null });
      expect(await found(opened, 'a', 4)).toEqual({ ...older, doubt: null });
      expect(await found(opened, 'a', 2)).toBeNull();
      expect(await found(opened, 'b')).toBeNull();
    });

    it('keeps the newest three of each stream', async () => {
      await append(opened.store, 'a', 5);
      await append(opened.store, `it's`, 2);
      await opened.snapshots.save(snapshot(`it's`, 1, 6));
      for (const version of [1, 2, 3, 4, 5]) {
        await opened.snapshots.save(snapshot('a', version));
      }
      expect(await versionsOf(opened.snapshots, 'a')).toEqual([5, 4, 3]);
      expect(await versionsOf(opened.snapshots, `it's`)).toEqual([1]);
    });

    it('replaces one of the same version', async () => {
      await append(opened.store, 'a', 3);
      await opened.snapshots.save(snapshot('a', 3));
      await opened.flipByte('a', 3);
      const again = { ...snapshot('a', 3), format: 'trial/2', bytes: Uint8Array.of(1, 2) };
      await opened.snapshots.save(again);
      expect(await found(opened, 'a')).toEqual({ ...again, doubt: null });
    });

    it('refuses one whose place is not in its log', async () => {
      await append(opened.store, 'a', 2);
      await append(opened.store, 'b', 1);
      const wrong = [snapshot('a', 3), snapshot('a', 2, 1), snapshot('a', 1, 3), snapshot('b', 1)];
      for (const one of wrong) {
        await expect(opened.snapshots.save(one)).rejects.toThrow(/is not at position/);
      }
      expect(await opened.snapshots.latest('a')).toBeNull();
    });

    it('says of one with a changed byte that it cannot be trusted, and gives older ones', async () => {
      await append(opened.store, 'a', 3);
      await opened.snapshots.save(snapshot('a', 2));
      await opened.snapshots.save(snapshot('a', 3));
      await opened.flipByte('a', 3);
      expect((await opened.snapshots.latest('a'))?.doubt).toBe(
        'its bytes are not those that were saved',
      );
      expect(await found(opened, 'a', 3)).toEqual({ ...snapshot('a', 2), doubt: null });
    });

    it('says so of one of another log, though stream, version and position are the same', async () => {
      const { store, snapshots, elsewhere } = opened;
      await append(store, 'a', 3);
      await append(elsewhere.store, 'a', 3);
      await snapshots.save(snapshot('a', 3));
      await elsewhere.receive();
      const there = await elsewhere.snapshots.latest('a');
      expect(there).toMatchObject({ streamVersion: 3, doubt: 'its place is not in this log' });
    });

    it('makes no room for those of another log', async () => {
      const { store, snapshots, elsewhere } = opened;
      await append(store, 'a', 9);
      for (const version of [7, 8, 9]) {
        await snapshots.save(snapshot('a', version));
      }
      await append(elsewhere.store, 'a', 2);
      await elsewhere.receive();
      await elsewhere.snapshots.save(snapshot('a', 2));
      expect(await versionsOf(elsewhere.snapshots, 'a')).toEqual([2]);
    });
  });
}

function snapshot(streamId: string, streamVersion: number, position = streamVersion): Snapshot {
  return {
    streamId,
    streamVersion,
    position,
    format: 'trial/1',
    stateHash: `state ${streamVersion}`,
    bytes: Uint8Array.from({ length: 300 }, (_, n) => (n * streamVersion) % 256),
  };
}

async function append(store: EventStore, streamId: string, eventCount: number): Promise<void> {
  for (let n = 1; n <= eventCount; n += 1) {
    await store.append(trialCommand([toStream(streamId, 'any', { n })]));
  }
}

/** The newest one, with plain bytes whatever the store reads them into. */
async function found({ snapshots }: SnapshottedLog, streamId: string, olderThan?: number) {
  const latest = await snapshots.latest(streamId, olderThan);
  return latest && { ...latest, bytes: Uint8Array.from(latest.bytes) };
}

async function versionsOf(snapshots: SnapshotStore, streamId: string): Promise<readonly number[]> {
  const versions: number[] = [];
  for (
    let next = await snapshots.latest(streamId);
    next;
    next = await snapshots.latest(streamId, next.streamVersion)
  ) {
    versions.push(next.streamVersion);
  }
  return versions;
}
