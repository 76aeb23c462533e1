import type { SnapshotOptions } from './snapshots.js';
import type { Memory, SnapshotTaken } from './writer-memory.js';

/** Counts a command with events; the function that it returns, if any, saves a snapshot once `position` is durable. */
export type CountCommand = (streamVersion: number) => ((position: number) => void) | undefined;

/** Takes snapshots of the memories of a writer at intervals and saves them one at a time, while nobody waits for it. */
export class SnapshotTaker {
  private isSaving = false;

  constructor(
    private readonly options: SnapshotOptions & { readonly streamId: string },
    private readonly onError: (error: unknown) => void,
  ) {}

  /** For a memory that is `commandCount` commands ahead of its last snapshot. @throws Error if it takes none */
  of(
    memory: Pick<Memory<never, never, never, never>, 'snapshot' | 'stateHash'>,
    commandCount: number,
  ): CountCommand {
    if (!memory.snapshot || !memory.stateHash) {
      throw new Error('a writer with snapshots needs a memory with snapshot() and stateHash()');
    }
    const takeSnapshot = memory.snapshot.bind(memory);
    const { everyCommands } = this.options;
    let count = commandCount;
    let isWaiting = false;
    return (streamVersion) => {
      count += 1;
      if (count < everyCommands || isWaiting || this.isSaving) {
        return undefined;
      }
      count = 0;
      try {
        const taken = takeSnapshot();
        isWaiting = true;
        return (position) => {
          isWaiting = false;
          void this.save(taken, streamVersion, position);
        };
      } catch (error) {
        this.report(streamVersion, error);
        return undefined;
      }
    };
  }

  private async save(taken: SnapshotTaken, streamVersion: number, position: number): Promise<void> {
    const { store, format, streamId } = this.options;
    this.isSaving = true;
    try {
      await store.save({ ...taken, streamId, streamVersion, position, format });
    } catch (error) {
      this.report(streamVersion, error);
    } finally {
      this.isSaving = false;
    }
  }

  private report(streamVersion: number, cause: unknown): void {
    const { streamId } = this.options;
    const why = cause instanceof Error ? cause.message : String(cause);
    this.onError(
      new Error(`no snapshot of ${streamId} at version ${streamVersion}: ${why}`, { cause }),
    );
  }
}
