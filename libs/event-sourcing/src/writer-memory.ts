import type { Decision } from './decision.js';
import type { DomainEvent, EventCodec } from './events.js';
import type { EventStore, ReplayedEvent } from './event-store.js';

/** A command as the log has it: the events that stand together in the stream under its id. */
export interface RecordedCommand<E extends DomainEvent> {
  readonly events: readonly E[];
  readonly commandId: string;
  /** Of the last event, as is `position`. */
  readonly streamVersion: number;
  readonly position: number;
  readonly occurredAt: string;
}

/** A memory in bytes, with the hash of the state that they give. */
export interface SnapshotTaken {
  readonly bytes: Uint8Array;
  readonly stateHash: string;
}

/** State in memory that decides commands and runs ahead of the log. */
export interface Memory<Command, Facts, E extends DomainEvent, R extends string> {
  /** Decides the command and applies its events; nothing is durable yet. */
  execute(command: Command, facts: Facts): Decision<E, R>;
  /** Decides the command and changes nothing. */
  preview(command: Command, facts: Facts): Decision<E, R>;
  /**
   * Does a recorded command again: how memory is rebuilt from the log.
   *
   * @throws Error if what memory computes differs from what is recorded; the writer then refuses to open
   */
  replay(command: RecordedCommand<E>): void;
  /** For a writer with snapshots: this state in bytes that belong to the caller. Called between two commands. */
  snapshot?(): SnapshotTaken;
  /** For a writer with snapshots: the same for the same state, whatever way it was come by. */
  stateHash?(): string;
}

/** Where in the log a command stands. */
export type CommandPlace = Pick<
  RecordedCommand<never>,
  'commandId' | 'position' | 'streamVersion'
> & { readonly streamId: string };

/** What the log records is not what memory computes from it: one of the two is wrong, and nothing may be written. */
export class ReplayDiverged extends Error implements CommandPlace {
  override readonly name = 'ReplayDiverged';
  readonly streamId: string;
  readonly position: number;
  readonly streamVersion: number;
  readonly commandId: string;

  constructor({ streamId, position, streamVersion, commandId }: CommandPlace, cause: unknown) {
    const found = cause instanceof Error ? cause.message : String(cause);
    super(
      `the replay of ${streamId} diverges at position ${position} (stream version ${streamVersion}, command ${commandId}): ${found}`,
      { cause },
    );
    this.streamId = streamId;
    this.position = position;
    this.streamVersion = streamVersion;
    this.commandId = commandId;
  }
}

export interface StreamReplay<E extends DomainEvent> {
  readonly store: Pick<EventStore, 'replayStream'>;
  readonly codec: EventCodec;
  readonly streamId: string;
  /** What follows this version is replayed. */
  readonly afterVersion: number;
  readonly replay: (command: RecordedCommand<E>) => void;
}

/**
 * Reads a stream once and hands out its commands one after another.
 *
 * @returns the version at which it ends, and how many commands it handed out
 * @throws ReplayDiverged where an event is missing, does not decode, or `replay` throws
 */
export async function replayCommands<E extends DomainEvent>({
  store,
  codec,
  streamId,
  afterVersion,
  replay,
}: StreamReplay<E>): Promise<{ readonly version: number; readonly commandCount: number }> {
  let version = afterVersion;
  let commandCount = 0;
  let last: ReplayedEvent | null = null;
  let events: E[] = [];
  const attempt = <T>(at: ReplayedEvent, step: () => T): T => {
    try {
      return step();
    } catch (error) {
      throw new ReplayDiverged({ ...at, streamId }, error);
    }
  };
  const replayLast = (): void => {
    if (last) {
      const { commandId, streamVersion, position, occurredAt } = last;
      const command = { events, commandId, streamVersion, position, occurredAt };
      attempt(last, () => replay(command));
      commandCount += 1;
      events = [];
    }
  };
  await store.replayStream(streamId, afterVersion, (event) => {
    if (event.commandId !== last?.commandId) {
      replayLast();
    }
    if (event.streamVersion !== version + 1) {
      attempt(event, () => {
        throw new Error(`version ${version + 1} is missing`);
      });
    }
    version += 1;
    events.push(attempt(event, () => codec.decode(event) as E));
    last = event;
  });
  replayLast();
  return { version, commandCount };
}
