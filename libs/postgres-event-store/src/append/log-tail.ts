import type { BatchBuilder } from './batch-builder.js';
import type { Command } from './command.js';
import { VersionCache } from './version-cache.js';
import type { LockedHead } from './write-session.js';

/**
 * What this instance believes about the end of the log. Only a belief: forgotten on any doubt. No version is older than
 * the head, which the append compares with the database: a command without events is stored on that alone.
 */
export class LogTail {
  leaseEpoch: number | null = null;
  private readonly versions = new VersionCache();
  private knownHead: LockedHead | null = null;

  get head(): LockedHead | null {
    return this.knownHead;
  }

  versionOf(streamId: string): number | undefined {
    return this.versions.get(streamId);
  }

  /** Takes the head as the database shows it. If others appended, the versions known so far may be behind it. */
  meet(head: LockedHead): void {
    if (!this.knownHead?.chainHash.equals(head.chainHash)) {
      this.versions.clear();
    }
    this.knownHead = head;
  }

  /** Moves on to the end of a batch of this instance, built on the known head. */
  advance({ position, chainHash, versions }: BatchBuilder, epoch: number): void {
    this.knownHead = { position, chainHash, epoch };
    this.versions.setAll(versions);
  }

  /** Takes versions that were read when the head was as known, or later. */
  learn(versions: ReadonlyMap<string, number>): void {
    for (const [streamId, version] of versions) {
      this.versions.setIfAbsent(streamId, version);
    }
  }

  forget(): void {
    this.knownHead = null;
    this.versions.clear();
  }

  /** The streams whose version must be read before the commands of `waiting` can be judged in memory. */
  unknownStreams(waiting: readonly { readonly command: Command }[]): readonly string[] {
    const unknown = new Set<string>();
    for (const { command } of waiting) {
      for (const { streamId, expectedVersion, events } of command.request.streams) {
        // "no_stream" is tried on trust: the unique key on (stream, version) refuses its events if wrong.
        const isTrusted = expectedVersion === 'no_stream' && events.length > 0;
        if (!isTrusted && this.versions.get(streamId) === undefined) {
          unknown.add(streamId);
        }
      }
    }
    return [...unknown];
  }
}
