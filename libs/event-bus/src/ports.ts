import type { DomainEvent, RecordedEvent } from '@specie/event-sourcing';
import type { ServiceName } from '@specie/contracts';
import type { LogRecord } from './log-record.js';
import type { Halt } from './verify/halt.js';
import type { PassOver, PassOverOutcome, Rejoin } from './verify/halt-store.js';

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

/** A message that is not readable as an event: it has a key and a place, nothing else is certain. */
export interface UnreadableDelivery {
  readonly source: ServiceName;
  readonly partition: number;
  readonly streamId: string;
  readonly kafkaOffset: bigint;
  readonly reason: string;
  readonly raw: Buffer;
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
}

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
  /** The partitions this instance owns now. */
  readonly partitions: readonly PartitionStatus[];
  /** Events known to wait for this instance. */
  readonly backlog: number;
  /** Milliseconds for which nothing of the backlog was settled; 0 while none waits. */
  readonly stalledMs: number;
  /** Partitions that no living instance of the consumer owns, as of the last renewal of the leases. */
  readonly unowned: readonly number[];
}

export interface ParkedStream {
  readonly source: ServiceName;
  readonly streamId: string;
  readonly eventCount: number;
  readonly firstPosition: number;
  readonly error: string;
  readonly parkedAt: string;
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
  /** Handles a parked stream's events again, in order; the stream flows again when all took effect. */
  resume(source: ServiceName, streamId: string): Promise<ResumeResult>;
  /** The partitions of which nothing is handled, because what arrived cannot be the log of the source. */
  halts(): Promise<readonly Halt[]>;
  /** Lets a partition go on behind the one foreign message it stands still at. */
  passOver(message: PassOver): Promise<PassOverOutcome>;
  /** Accepts that the log of a source was cut, and goes on with its new branch; see docs/restore.md. */
  rejoin(cut: Rejoin): Promise<void>;
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
