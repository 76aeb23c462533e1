import { eventCodec, serviceOf, type ServiceName } from '@specie/contracts';
import type { EventCodec } from '@specie/event-sourcing';
import type { DataSource } from 'typeorm';
import { BatchProcessor } from '../batch-processor.js';
import type { Halt } from '../halt.js';
import { defaultRetryPolicy, type RetryPolicy } from '../retry-policy.js';
import { ConsumptionStore } from '../consumption-store.js';
import { ParkedEvents } from '../parked-events.js';
import type { LogKeys } from '../verify/partition-chain.js';
import { HaltStore } from '../verify/halt-store.js';
import {
  silentLogger,
  type BusLogger,
  type BusMetrics,
  type Consumption,
  type EventBus,
  type ParkedStream,
  type ResumeResult,
  type SourceStatus,
  type Subscription,
} from '../ports.js';
import { leaseMsDefault } from '../partition-leases.js';
import { PartitionOwnership } from './partition-ownership.js';
import { SourceReader } from './source-reader.js';

/** Emulated partitions: what shares the load between instances and stands still together. */
export const postgresPartitionCount = 6;

export interface PostgresEventBusOptions {
  /** The consumer's own database: effects, inbox, progress. */
  readonly dataSource: DataSource;
  /** The same database, for the connection that holds the leases of the partitions. */
  readonly databaseUrl: string;
  /** Where the publishers' logs are, by service. */
  readonly peerDatabaseUrls: Readonly<Partial<Record<ServiceName, string>>>;
  readonly partitionCount?: number;
  readonly concurrency?: number;
  readonly pageSize?: number;
  readonly pollMs?: number;
  /** How long an instance that is paused keeps its partitions. */
  readonly leaseMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly codec?: EventCodec;
  /** Public keys by which the logs of the sources are verified. */
  readonly keys: LogKeys;
  readonly metrics?: BusMetrics;
  readonly logger?: BusLogger;
}

/** The embedded transport: consumers read the publishers' logs themselves; there is no broker and no relay. */
export class PostgresEventBus implements EventBus {
  readonly transport = 'postgres';

  private readonly options: PostgresEventBusOptions;

  constructor(options: PostgresEventBusOptions) {
    this.options = options;
  }

  subscribe(subscription: Subscription): Promise<Consumption> {
    const { options } = this;
    const sources = [...new Set(subscription.types.map(serviceOf))];
    const logger = options.logger ?? silentLogger;
    const metrics = options.metrics ?? {};
    const partitionCount = options.partitionCount ?? postgresPartitionCount;
    const store = new ConsumptionStore(options.dataSource, subscription.consumer);
    const haltStore = new HaltStore(options.dataSource, subscription.consumer);
    const parkedEvents = new ParkedEvents(options.dataSource, subscription.consumer);
    const processor = new BatchProcessor({
      subscription,
      parked: parkedEvents,
      codec: options.codec ?? eventCodec,
      concurrency: options.concurrency ?? 64,
      retry: { ...defaultRetryPolicy, ...options.retry },
      metrics,
      logger,
    });
    const ownership = new PartitionOwnership({
      databaseUrl: options.databaseUrl,
      consumer: subscription.consumer,
      partitionCount,
      leaseMs: options.leaseMs ?? leaseMsDefault,
      logger,
    });
    const readers = sources.map((source) => {
      const databaseUrl = options.peerDatabaseUrls[source];
      if (databaseUrl === undefined) {
        throw new Error(`no database url for the log of ${source}: name it in PEER_DATABASE_URLS`);
      }
      return new SourceReader({
        source,
        databaseUrl,
        store,
        haltStore,
        keys: options.keys,
        processor,
        ownership,
        partitionCount,
        pageSize: options.pageSize ?? 1_000,
        pollMs: options.pollMs ?? 2_000,
        metrics,
        logger,
      });
    });
    readers.forEach((reader) => reader.start());
    return Promise.resolve(
      new PostgresConsumption(readers, ownership, processor, parkedEvents, haltStore),
    );
  }
}

class PostgresConsumption implements Consumption {
  private readonly readers: readonly SourceReader[];
  private readonly ownership: PartitionOwnership;
  private readonly processor: BatchProcessor;
  private readonly parkedEvents: ParkedEvents;
  private readonly haltStore: HaltStore;

  constructor(
    readers: readonly SourceReader[],
    ownership: PartitionOwnership,
    processor: BatchProcessor,
    parkedEvents: ParkedEvents,
    haltStore: HaltStore,
  ) {
    this.readers = readers;
    this.ownership = ownership;
    this.processor = processor;
    this.parkedEvents = parkedEvents;
    this.haltStore = haltStore;
  }

  status(): readonly SourceStatus[] {
    return this.readers.map((reader) => reader.status());
  }

  parked(): Promise<readonly ParkedStream[]> {
    return this.parkedEvents.streams();
  }

  resume(source: ServiceName, streamId: string, lane = ''): Promise<ResumeResult> {
    return this.processor.resume({ source, streamId, lane });
  }

  halts(): Promise<readonly Halt[]> {
    return this.haltStore.halts();
  }

  async stop(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.stop()));
    await this.ownership.close();
  }
}
