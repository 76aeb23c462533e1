import type { DomainEvent, RecordedEvent } from '@specie/event-sourcing';
import type { ServiceName } from '@specie/contracts';
import type { LogRecord } from './log-record.js';
import type { ParkedCode } from './parked-code.js';
import type { Halt } from './halt.js';

/** One event on its way to a consumer. */
export interface Delivery {
  readonly source: ServiceName;
  readonly partition: number;
  readonly record: LogRecord;
  /** The position before this one in the same partition; null where the transport reads the log itself. */
  readonly previousPosition: number | null;
  /** Null on the postgres transport. */
  readonly kafkaOffset: bigint | null;
}

/** What a handler is given. */
export interface Received {
  readonly event: DomainEvent;
  readonly recorded: RecordedEvent;
  readonly delivery: Delivery;
}

/**
 * A consumer of other services' events. `handle` runs at least once per event, in order per stream and
 * side by side for different streams; its effect must commit together with its inbox row.
 */
export interface Subscription {
  /** Names the consumer's progress: a new name replays from zero. */
  readonly consumer: string;
  /** Event types by wire name; their owners are the sources. Other known types are passed over. */
  readonly types: readonly string[];
  readonly handle: (received: Received) => Promise<void>;
  /**
   * By event type: which events of one stream must keep their order among each other, named by a text that is not
   * empty. Others are handled side by side, and one that fails for good parks its lane alone. A type that is not named
   * here keeps the order of the whole stream.
   */
  readonly lanes?: ReadonlyMap<string, LaneOf>;
}

export type LaneOf = (event: DomainEvent) => string;

export interface PartitionStatus {
  readonly partition: number;
  /** Every event of the partition up to this position took effect or is parked. */
  readonly highWater: number;
}

export interface SourceStatus {
  readonly source: ServiceName;
  /**
   * `failing`: retrying after an error, nothing is skipped. `crashed`: the client gave up and is being
   * replaced. `halted`: what arrived cannot be the log of the source, see `Consumption.halts`.
   */
  readonly state: 'starting' | 'running' | 'failing' | 'crashed' | 'halted' | 'stopped';
  readonly error: string | null;
  /** While it fails: the UTC instant of the first failure. */
  readonly since: string | null;
  /** While it fails: how often that was tried in a row. */
  readonly tryCount: number;
  /** The partitions this instance owns now. */
  readonly partitions: readonly PartitionStatus[];
  /** Events known to wait for this instance. */
  readonly backlog: number;
  /** Milliseconds for which nothing of the backlog was settled; 0 while none waits. */
  readonly stalledMs: number;
  /** Partitions that no living instance of the consumer owns, as of the last renewal of the leases. */
  readonly unowned: readonly number[];
}

/** A stream, or a lane of it, whose events wait for an operator; the place and code are those of the first one. */
export interface ParkedStream {
  readonly source: ServiceName;
  readonly streamId: string;
  /** Empty: the stream has no lanes, or the whole of it waits. */
  readonly lane: string;
  readonly eventCount: number;
  /** Negative for an unreadable message of an older version; see `ParkedCode`. */
  readonly firstPosition: number;
  readonly partition: number | null;
  readonly kafkaOffset: string | null;
  readonly code: ParkedCode;
  readonly error: string;
  readonly parkedAt: string;
}

/** One event that waits for an operator, or for one before it. */
export interface ParkedEvent {
  readonly source: ServiceName;
  readonly streamId: string;
  readonly lane: string;
  readonly position: number;
  /** Null, as is the type, for an unreadable message of an older version. */
  readonly eventId: string | null;
  readonly type: string | null;
  readonly partition: number | null;
  readonly kafkaOffset: string | null;
  /** The packed message; see `unpackMessage`. */
  readonly record: Buffer;
  readonly code: ParkedCode;
  readonly attemptCount: number;
  readonly parkedAt: string;
  readonly isFirst: boolean;
}

export interface ResumeResult {
  /** Events that took effect now. */
  readonly resumed: number;
  /** False when an event failed again; the stream stays parked from there on. */
  readonly unparked: boolean;
  readonly error: string | null;
}

/** A running subscription. */
export interface Consumption {
  status(): readonly SourceStatus[];
  parked(): Promise<readonly ParkedStream[]>;
  /** Handles the parked events of a stream, or of one of its lanes, again, in order; it flows again when all took effect. */
  resume(source: ServiceName, streamId: string, lane?: string): Promise<ResumeResult>;
  /** The partitions of which nothing is handled, because what arrived cannot be the log of the source. */
  halts(): Promise<readonly Halt[]>;
  /** Finishes what is in flight, saves progress and gives the partitions back. */
  stop(): Promise<void>;
}

/** Carries events from the logs of other services to this one's handlers. */
export interface EventBus {
  readonly transport: 'kafka' | 'postgres';
  subscribe(subscription: Subscription): Promise<Consumption>;
}

/** Called on the hot path: keep them cheap. */
export interface BusMetrics {
  /** An event took effect; `lagMs` is from its commit in the log to now. */
  processed?(source: ServiceName, type: string, lagMs: number): void;
  parked?(source: ServiceName, type: string): void;
  retried?(source: ServiceName, type: string): void;
  /** Messages came again: a relay that restarted sends what it may have sent, and anybody can copy a message. */
  repeated?(source: ServiceName, partition: number, count: number): void;
  /** A partition stands still, or verifies again. */
  halted?(source: ServiceName, partition: number, isHalted: boolean): void;
  /** Events known to exist in a partition (kafka) or log (postgres) that are not yet handled. */
  backlog?(source: ServiceName, partition: number, count: number): void;
}

export interface BusLogger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const silentLogger: BusLogger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
