import type { EventMetadata, NewEvent, RecordedEvent } from './events.js';
import type { JsonValue } from './json.js';

/** A number means "exactly this version"; `any` never conflicts. */
export type ExpectedVersion = number | 'no_stream' | 'exists' | 'any';

/**
 * New events of one stream, in order, and the version the decision was made on. Without events the version is
 * only checked: a decision stands on the streams that it read as on those that it writes.
 */
export interface StreamAppend {
  readonly streamId: string;
  readonly expectedVersion: ExpectedVersion;
  readonly events: readonly AppendedEvent[];
}

/** An event to append; it carries metadata of its own where one command answers several causes. */
export interface AppendedEvent extends NewEvent {
  readonly metadata?: EventMetadata;
}

/** A consumed event that a command answers, and the step of the consumer that does so. */
export interface InboxPair {
  readonly consumer: string;
  readonly eventId: string;
}

/** The consumed events that a command answers. */
export function inboxPairsOf({
  inbox,
}: {
  readonly inbox?: InboxPair | readonly InboxPair[];
}): readonly InboxPair[] {
  if (inbox === undefined) {
    return [];
  }
  return 'consumer' in inbox ? [inbox] : inbox;
}

/** The client's idempotency key: one effect per (scope, key), whatever crashes in between (S9). */
export interface Idempotency {
  /** Who and what the key is unique for, for example `<actor> POST /grants`. */
  readonly scope: string;
  readonly key: string;
  /** SHA-256 (hex) of the request body; the same key with another hash is refused. */
  readonly bodyHash: string;
}

/**
 * Rows of a table of the service that stand or fall with the events of a command, such as personal data, which
 * may not be in an event. By column name; the table's name comes from code, never from a request.
 */
export interface SideRows {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, JsonValue>>[];
}

/**
 * Everything one command writes; all of it commits in one transaction or not at all. A refusal, or a command
 * that found its work done, is appended too: it has no events, and the log still checks the versions, who the
 * writer is, and keeps the answer.
 */
export interface AppendRequest {
  /**
   * UUID chosen by the client or derived from what caused the command; event ids derive from it.
   * Only events carry it: a command without events is told from its repeat by key or inbox alone.
   */
  readonly commandId: string;
  readonly streams: readonly StreamAppend[];
  readonly metadata: EventMetadata;
  readonly occurredAt: string;
  /** From when the events count; `occurredAt` when absent. */
  readonly effectiveAt?: string;
  /** Stored with the events; `answer` is what a repeat gets back. */
  readonly idempotency?: Idempotency & { readonly answer: JsonValue };
  /** What this command answers: one consumed event or several. An append with a pair that is stored has no effect. */
  readonly inbox?: InboxPair | readonly InboxPair[];
  /** Inserted after the projections have run; a store without tables keeps none. */
  readonly sideRows?: readonly SideRows[];
}

export type AppendOutcome =
  | {
      readonly outcome: 'appended';
      readonly events: readonly RecordedEvent[];
      readonly streams: readonly { readonly streamId: string; readonly streamVersion: number }[];
    }
  /** The stream moved on since it was read: read again and decide again. */
  | { readonly outcome: 'wrong_expected_version'; readonly streamId: string }
  /** The same idempotency key and body, inbox pair or command id was stored before. */
  | { readonly outcome: 'already_done'; readonly answer: JsonValue }
  /** The idempotency key was used with another body, or the command id with other events. */
  | { readonly outcome: 'conflicting_repeat' }
  /** A newer writer holds the log; this instance must step down. */
  | { readonly outcome: 'fenced' }
  /** A database constraint of a read model refused the events (unique, check, exclusion). */
  | { readonly outcome: 'constraint_violated'; readonly constraint: string };

/** What a fold needs of a recorded event. */
export type ReplayedEvent = NewEvent &
  Pick<RecordedEvent, 'position' | 'streamVersion' | 'commandId' | 'occurredAt'>;

/** The log of one service. */
export interface EventStore {
  append(request: AppendRequest): Promise<AppendOutcome>;
  /** Events of a stream in order, those with `streamVersion > afterVersion` (0: all). */
  readStream(streamId: string, afterVersion?: number): Promise<readonly RecordedEvent[]>;
  /**
   * Hands out the events of a stream in order, those with `streamVersion > afterVersion`, and keeps none of them: for streams
   * that are too long to be held in memory. What `onEvent` throws ends it.
   */
  replayStream(
    streamId: string,
    afterVersion: number,
    onEvent: (event: ReplayedEvent) => void,
  ): Promise<void>;
  /** Events in position order, those with `position > afterPosition`, at most `limit`. */
  readAll(afterPosition: number, limit: number): Promise<readonly RecordedEvent[]>;
  /** The stored answer of an idempotency key, or null. */
  findAnswer(scope: string, key: string): Promise<StoredAnswer | null>;
}

export interface StoredAnswer {
  readonly bodyHash: string;
  readonly answer: JsonValue;
}
