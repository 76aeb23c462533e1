import type { CommandContext } from './command-context.js';
import type { Decision } from './decision.js';
import type { DomainEvent, EventCodec } from './events.js';
import type { EventStore } from './event-store.js';
import type { JsonValue } from './json.js';
import type { DiscardedSnapshot, SnapshotOptions } from './snapshots.js';
import type { Memory } from './writer-memory.js';

/** A command and where it comes from. */
export interface WriterRequest<Command, E extends DomainEvent> {
  readonly command: Command;
  readonly context: CommandContext;
  /** What the client is answered; stored with the events. */
  readonly answer?: (events: readonly E[], streamVersion: number) => JsonValue;
}

/** What the commands of one batch must know beyond memory. */
export interface BatchFacts<Request, Facts, D> {
  /** Reads what these requests need and is not known yet; undefined where nothing is missing. */
  learn(requests: readonly Request[]): Promise<void> | undefined;
  factsOf(request: Request): Facts;
  /**
   * What has to be decided before this request, as commands of their own whose outcomes are nobody's answer: time that has to
   * advance, for example. Asked right before the request is decided, again after what it returned was decided, until it
   * returns nothing. A dry run asks for none.
   */
  preceding?(request: Request): readonly Request[];
  /** Takes note of a decision before its append begins; what it returns runs once the append has ended. */
  decided(request: Request, decision: D): (() => void) | undefined;
}

export interface PipelinedWriterOptions<
  Command,
  Facts,
  E extends DomainEvent,
  R extends string,
  M extends Memory<Command, Facts, E, R>,
> {
  readonly store: EventStore;
  readonly codec: EventCodec;
  /** The one stream that it writes. */
  readonly streamId: string;
  /** Makes an empty memory, or one from the bytes of a snapshot; one that cannot be trusted is thrown away whole. */
  readonly newMemory: (bytes?: Uint8Array) => M;
  /** Keeps snapshots of memory, which then must have `snapshot` and `stateHash`, and opens from them. */
  readonly snapshots?: SnapshotOptions;
  /** Told of every snapshot that the writer does not open from though it is the newest, and why. */
  readonly onSnapshotDiscarded?: (discarded: DiscardedSnapshot) => void;
  /** Called for each memory; the function that it returns is called for each batch. */
  readonly factsOn: (
    memory: M,
  ) => () => BatchFacts<WriterRequest<Command, E>, Facts, Decision<E, R>>;
  /** Told when an append ended without an answer (the database went away); its caller is asked to send again. */
  readonly onAppendLost?: (error: unknown) => void;
  /**
   * Told of every command with events once it is durable: in the order of the log, each once, preceding ones included, and
   * also of those whose append was lost from sight and found in the log. What was in the log when the writer opened is not
   * told.
   */
  readonly onAppended?: (
    request: WriterRequest<Command, E>,
    decision: Decision<E, R>,
    streamVersion: number,
  ) => void;
  /** Told of what went wrong and disturbs no caller: what `onAppended` threw, a snapshot that was not saved, why this writer has stopped. */
  readonly onError?: (error: unknown) => void;
}
