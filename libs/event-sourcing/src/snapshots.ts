import type { SnapshotTaken } from './writer-memory.js';

/** A memory as it was after an event of its stream. Disposable: where anything about it is in doubt, the log is read instead. */
export interface Snapshot extends SnapshotTaken {
  readonly streamId: string;
  /** Of the last event that it contains, as is `position`. */
  readonly streamVersion: number;
  readonly position: number;
  /** Name and version of the memory's encoding, such as `till/2`. */
  readonly format: string;
}

export interface StoredSnapshot extends Snapshot {
  /** Why it cannot be trusted, if the store has found out: damaged bytes, or a place that is not in this log. */
  readonly doubt: string | null;
}

/** Where the snapshots of one log are kept: the newest three of each stream. */
export interface SnapshotStore {
  /** The newest snapshot of the stream, of those before `olderThan` where it is given. */
  latest(streamId: string, olderThan?: number): Promise<StoredSnapshot | null>;
  /** Replaces one of the same version. @throws Error if its place is not in this log */
  save(snapshot: Snapshot): Promise<void>;
}

export interface SnapshotOptions {
  readonly store: SnapshotStore;
  /** The format that memory writes and reads; a snapshot of another one is discarded. */
  readonly format: string;
  /** After how many commands with events the next snapshot is taken. */
  readonly everyCommands: number;
}

/** A snapshot that was not used, and why. */
export interface DiscardedSnapshot extends Pick<
  Snapshot,
  'streamId' | 'streamVersion' | 'position'
> {
  readonly reason: string;
}

/** How many snapshots of a stream a store keeps. */
export const snapshotsKept = 3;
