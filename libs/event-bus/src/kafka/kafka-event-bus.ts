import { eventCodec, serviceOf, type ServiceName } from '@specie/contracts';
import type { EventCodec } from '@specie/event-sourcing';
import { queryOf } from '@specie/postgres-event-store';
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
import { leaseMsDefault, PartitionLeases } from '../partition-leases.js';
import { kafkaClient, topicName, type KafkaSecurity } from './kafka-client.js';
import { TopicConsumer } from './topic-consumer.js';

export interface KafkaEventBusOptions {
  /** The consumer's own database: effects, inbox, progress. */
  readonly dataSource: DataSource;
  readonly brokers: readonly string[];
  readonly security?: KafkaSecurity;
  readonly topicPrefix?: string;
  /** For topics that do not exist yet. */
  readonly partitionCount?: number;
  readonly replicationFactor?: number;
  readonly concurrency?: number;
  /** How long an instance that is paused keeps its partitions. */
  readonly sessionTimeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly codec?: EventCodec;
  /** Public keys by which the logs of the sources are verified. */
  readonly keys: LogKeys;
  readonly metrics?: BusMetrics;
  readonly logger?: BusLogger;
}

/** The production transport: one kafkajs consumer per topic, batches, offsets committed after the effects. */
export class KafkaEventBus implements EventBus {
  readonly transport = 'kafka';

  private readonly options: KafkaEventBusOptions;

  constructor(options: KafkaEventBusOptions) {
    this.options = options;
  }

  subscribe(subscription: Subscription): Promise<Consumption> {
    const { options } = this;
    const { topicPrefix = 'specie', logger = silentLogger, metrics = {} } = options;
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
    const kafka = kafkaClient({
      brokers: options.brokers,
      clientId: `specie-${subscription.consumer}`,
      logger,
      security: options.security,
    });
    const sessionTimeoutMs = options.sessionTimeoutMs ?? leaseMsDefault;
    const leases = new PartitionLeases({
      consumer: subscription.consumer,
      leaseMs: sessionTimeoutMs,
      logger,
      query: queryOf(options.dataSource),
      endsWithSession: false,
    });
    const consumers = [...new Set(subscription.types.map(serviceOf))].map(
      (source) =>
        new TopicConsumer({
          kafka,
          source,
          topic: topicName(topicPrefix, source),
          groupId: `${topicPrefix}.${subscription.consumer}.${source}`,
          partitionCount: options.partitionCount ?? 6,
          replicationFactor: options.replicationFactor ?? 1,
          sessionTimeoutMs,
          store,
          haltStore,
          keys: options.keys,
          processor,
          leases,
          metrics,
          logger,
        }),
    );
    consumers.forEach((consumer) => consumer.start());
    return Promise.resolve(
      new KafkaConsumption(consumers, leases, processor, parkedEvents, haltStore),
    );
  }
}

class KafkaConsumption implements Consumption {
  private readonly consumers: readonly TopicConsumer[];
  private readonly leases: PartitionLeases;
  private readonly processor: BatchProcessor;
  private readonly parkedEvents: ParkedEvents;
  private readonly haltStore: HaltStore;

  constructor(
    consumers: readonly TopicConsumer[],
    leases: PartitionLeases,
    processor: BatchProcessor,
    parkedEvents: ParkedEvents,
    haltStore: HaltStore,
  ) {
    this.consumers = consumers;
    this.leases = leases;
    this.processor = processor;
    this.parkedEvents = parkedEvents;
    this.haltStore = haltStore;
  }

  status(): readonly SourceStatus[] {
    return this.consumers.map((consumer) => consumer.status());
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
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await this.leases.close();
  }
}
