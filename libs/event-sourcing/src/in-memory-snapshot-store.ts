import type { EventStore } from './event-store.js';
import {
  snapshotsKept,
  type Snapshot,
  type SnapshotStore,
  type StoredSnapshot,
} from './snapshots.js';

interface Kept {
  readonly snapshot: Snapshot;
  /** What the bytes were, should somebody change them. */
  readonly original: Uint8Array;
  /** Of the event at its place: which log it is from. */
  readonly eventId: string;
}

/** The whole contract of `SnapshotStore` in memory, for specs and simulations. */
export class InMemorySnapshotStore implements SnapshotStore {
  /** `kept` may be what the store of another log has kept. */
  constructor(
    private readonly log: Pick<EventStore, 'readAll'>,
    readonly kept: Kept[] = [],
  ) {}

  async latest(streamId: string, olderThan = Infinity): Promise<StoredSnapshot | null> {
    const found = this.of(streamId).find(({ snapshot }) => snapshot.streamVersion < olderThan);
    if (!found) {
      return null;
    }
    const { snapshot, original, eventId } = found;
    let doubt: string | null = null;
    if ((await this.eventIdAt(snapshot)) !== eventId) {
      doubt = 'its place is not in this log';
    } else if (original.some((byte, index) => byte !== snapshot.bytes[index])) {
      doubt = 'its bytes are not those that were saved';
    }
    return { ...snapshot, doubt };
  }

  async save(snapshot: Snapshot): Promise<void> {
    const { streamId, streamVersion, position, bytes } = snapshot;
    const eventId = await this.eventIdAt(snapshot);
    if (eventId === null) {
      throw new Error(`version ${streamVersion} of ${streamId} is not at position ${position}`);
    }
    const stays: Kept[] = [];
    for (const kept of this.of(streamId)) {
      const isHere = (await this.eventIdAt(kept.snapshot)) === kept.eventId;
      if (isHere && kept.snapshot.streamVersion !== streamVersion) {
        stays.push(kept);
      }
    }
    const others = this.kept.filter((kept) => kept.snapshot.streamId !== streamId);
    const saved = {
      snapshot: { ...snapshot, bytes: bytes.slice() },
      original: bytes.slice(),
      eventId,
    };
    const newest = [...stays, saved].sort(byVersionDown).slice(0, snapshotsKept);
    this.kept.splice(0, this.kept.length, ...others, ...newest);
  }

  /** Those of a stream, the newest first. */
  private of(streamId: string): readonly Kept[] {
    return this.kept.filter(({ snapshot }) => snapshot.streamId === streamId).sort(byVersionDown);
  }

  private async eventIdAt({ streamId, streamVersion, position }: Snapshot): Promise<string | null> {
    const [event] = await this.log.readAll(position - 1, 1);
    const isThere = event?.streamId === streamId && event.streamVersion === streamVersion;
    return isThere ? event.eventId : null;
  }
}

function byVersionDown(a: Kept, b: Kept): number {
  return b.snapshot.streamVersion - a.snapshot.streamVersion;
}
