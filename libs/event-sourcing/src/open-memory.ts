import type { DomainEvent } from './events.js';
import type { DiscardedSnapshot, SnapshotOptions, StoredSnapshot } from './snapshots.js';
import {
  replayCommands,
  ReplayDiverged,
  type Memory,
  type RecordedCommand,
  type StreamReplay,
} from './writer-memory.js';

export interface OpenMemoryOptions<E extends DomainEvent, M> extends Omit<
  StreamReplay<E>,
  'afterVersion' | 'replay'
> {
  readonly newMemory: (bytes?: Uint8Array) => M;
  readonly snapshots?: Pick<SnapshotOptions, 'store' | 'format'> | undefined;
  readonly onSnapshotDiscarded?: ((discarded: DiscardedSnapshot) => void) | undefined;
  readonly onReplayed: (command: RecordedCommand<E>) => void;
}

export interface OpenedMemory<M> {
  readonly memory: M;
  readonly version: number;
  /** Commands that were replayed. */
  readonly commandCount: number;
}

class SnapshotInDoubt extends Error {}

/**
 * A memory of what the log holds: the newest snapshot that nothing speaks against, and a replay of what follows it. A replay
 * that diverges speaks against the snapshot; if it also diverges from the beginning, against the log.
 *
 * @throws ReplayDiverged where memory and log disagree
 */
export async function openMemory<
  E extends DomainEvent,
  M extends Pick<Memory<never, never, E, never>, 'replay' | 'stateHash'>,
>(options: OpenMemoryOptions<E, M>): Promise<OpenedMemory<M>> {
  const { streamId, newMemory, snapshots, onSnapshotDiscarded, onReplayed } = options;
  const openFrom = async (memory: M, afterVersion: number): Promise<OpenedMemory<M>> => {
    const end = await replayCommands<E>({
      ...options,
      afterVersion,
      replay: (command) => {
        memory.replay(command);
        onReplayed(command);
      },
    });
    return { memory, ...end };
  };
  let found = (await snapshots?.store.latest(streamId)) ?? null;
  while (snapshots && found) {
    const { streamVersion, position } = found;
    try {
      return await openFrom(restored(found, snapshots.format, newMemory), streamVersion);
    } catch (error) {
      if (!(error instanceof SnapshotInDoubt) && !(error instanceof ReplayDiverged)) {
        throw error;
      }
      onSnapshotDiscarded?.({ streamId, streamVersion, position, reason: error.message });
    }
    found = await snapshots.store.latest(streamId, streamVersion);
  }
  return openFrom(newMemory(), 0);
}

/** The memory of a snapshot. @throws SnapshotInDoubt */
function restored<M extends Pick<Memory<never, never, never, never>, 'stateHash'>>(
  { doubt, format, stateHash, bytes }: StoredSnapshot,
  expectedFormat: string,
  newMemory: (bytes: Uint8Array) => M,
): M {
  if (doubt !== null) {
    throw new SnapshotInDoubt(doubt);
  }
  if (format !== expectedFormat) {
    throw new SnapshotInDoubt(`its format is ${format}, not ${expectedFormat}`);
  }
  let memory: M;
  let found: string | undefined;
  try {
    memory = newMemory(bytes);
    found = memory.stateHash?.();
  } catch (error) {
    throw new SnapshotInDoubt(error instanceof Error ? error.message : String(error));
  }
  if (found !== stateHash) {
    throw new SnapshotInDoubt(`the state that it gives has the hash ${found}, not ${stateHash}`);
  }
  return memory;
}
