import { randomUUID, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { NewEvent } from '@specie/event-sourcing';
import {
  openEventStore,
  migrateEventStore,
  type PostgresEventStore,
} from '@specie/postgres-event-store';
import { createTestDatabase, type TestDatabase } from '@specie/testing';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import {
  EffectQueue,
  HaltStore,
  KafkaEventBus,
  KafkaRelay,
  PostgresEventBus,
  type BusLogger,
  type BusMetrics,
  type Consumption,
  type EventBus,
  type Received,
  type RetryPolicy,
  type Subscription,
} from '../src/index.js';

export type TransportName = 'postgres' | 'kafka';

/** What vitest.kafka.ts provides; the names are declared there, outside this project. */
export const kafkaBrokers = inject('kafkaBrokers' as never) as string | null;
export const kafkaSkipReason = inject('kafkaSkipReason' as never) as string | null;

export interface BusTuning {
  readonly retry?: Partial<RetryPolicy>;
  readonly concurrency?: number;
  readonly metrics?: BusMetrics;
  readonly logger?: BusLogger;
  readonly lanes?: Subscription['lanes'];
}

export interface EffectRow {
  readonly stream_id: string;
  readonly stream_version: number;
  readonly position: number;
  readonly event_id: string;
}

/** A publisher (deals) with its own database, a consumer with another, and the transport between them. */
export class World {
  readonly topicPrefix = `test-${randomUUID().slice(0, 8)}`;
  private readonly consumptions: Consumption[] = [];
  readonly relays: KafkaRelay[] = [];

  /** Signs the publisher's log. */
  readonly signingKey: KeyObject;
  /** Whoever may have signed it. */
  readonly publicKeys: KeyObject[];
  readonly transport: TransportName;
  readonly brokers: readonly string[];
  readonly publisher: {
    readonly database: TestDatabase;
    readonly dataSource: DataSource;
    readonly store: PostgresEventStore;
  };
  readonly consumer: {
    readonly database: TestDatabase;
    readonly dataSource: DataSource;
    readonly effects: EffectQueue;
  };

  private constructor(
    transport: TransportName,
    signingKey: KeyObject,
    brokers: readonly string[],
    publisher: {
      readonly database: TestDatabase;
      readonly dataSource: DataSource;
      readonly store: PostgresEventStore;
    },
    consumer: {
      readonly database: TestDatabase;
      readonly dataSource: DataSource;
      readonly effects: EffectQueue;
    },
  ) {
    this.transport = transport;
    this.signingKey = signingKey;
    this.publicKeys = [publisher.store.publicKey];
    this.brokers = brokers;
    this.publisher = publisher;
    this.consumer = consumer;
  }

  static async create(transport: TransportName, brokers = kafkaBrokers): Promise<World> {
    const [publisherDatabase, consumerDatabase] = await Promise.all([
      createTestDatabase(),
      createTestDatabase(),
    ]);
    const publisherSource = await dataSourceOf(publisherDatabase.url);
    const signingKey = generateKeyPairSync('ed25519').privateKey;
    const store = await openEventStore({
      dataSource: publisherSource,
      logName: 'deals',
      signingKey,
    });
    const consumerSource = await dataSourceOf(consumerDatabase.url);
    await migrateEventStore(consumerSource);
    await consumerSource.query(
      `create table effect (seq bigserial primary key, consumer text, event_id text, stream_id text,
         stream_version int, position int)`,
    );
    await consumerSource.query(
      'create table gate (stream_id text primary key, is_open boolean not null default false)',
    );
    const world = new World(
      transport,
      signingKey,
      brokers?.split(',') ?? [],
      { database: publisherDatabase, dataSource: publisherSource, store },
      {
        database: consumerDatabase,
        dataSource: consumerSource,
        effects: new EffectQueue(consumerSource),
      },
    );
    if (transport === 'kafka') {
      world.startRelay();
    }
    return world;
  }

  startRelay(): KafkaRelay {
    const relay = new KafkaRelay({
      service: 'deals',
      signingKey: this.signingKey,
      keys: this.publicKeys,
      databaseUrl: this.publisher.database.url,
      brokers: this.brokers,
      topicPrefix: this.topicPrefix,
    });
    this.relays.push(relay);
    relay.start();
    return relay;
  }

  async stopRelays(): Promise<void> {
    await Promise.all(this.relays.splice(0).map((relay) => relay.stop()));
  }

  /** A bus as one more instance of the consumer would have it. */
  bus({ lanes: _lanes, ...tuning }: BusTuning = {}): EventBus {
    const { dataSource, database } = this.consumer;
    const keys = (): readonly KeyObject[] => this.publicKeys;
    const retry = { backoffFirstMs: 5, backoffMaxMs: 50, ...tuning.retry };
    return this.transport === 'kafka'
      ? new KafkaEventBus({
          ...tuning,
          keys,
          dataSource,
          brokers: this.brokers,
          topicPrefix: this.topicPrefix,
          retry,
        })
      : new PostgresEventBus({
          ...tuning,
          keys,
          dataSource,
          databaseUrl: database.url,
          peerDatabaseUrls: { deals: this.publisher.database.url },
          pageSize: 200,
          retry,
        });
  }

  async consume(
    consumer: string,
    handle?: (received: Received, record: () => Promise<void>) => Promise<void>,
    tuning: BusTuning = {},
  ): Promise<Consumption> {
    const consumption = await this.bus(tuning).subscribe({
      consumer,
      types: ['deals.tranche-opened'],
      handle: (received) => {
        const record = (): Promise<void> => this.record(consumer, received);
        return handle ? handle(received, record) : record();
      },
      ...(tuning.lanes ? { lanes: tuning.lanes } : {}),
    });
    this.consumptions.push(consumption);
    return consumption;
  }

  /** What operators do at the halts of a consumer. */
  haltsOf(consumer: string): HaltStore {
    return new HaltStore(this.consumer.dataSource, consumer);
  }

  /** The effect of an event: a row, in one transaction with the inbox row. */
  record(consumer: string, { recorded }: Received): Promise<void> {
    return this.consumer.effects.run(consumer, recorded.eventId, async (manager) => {
      await manager.query(
        'insert into effect (consumer, event_id, stream_id, stream_version, position) values ($1, $2, $3, $4, $5)',
        [consumer, recorded.eventId, recorded.streamId, recorded.streamVersion, recorded.position],
      );
    });
  }

  publish(streamId: string, count: number, event: NewEvent = trancheOpened()): Promise<void> {
    return this.append([{ streamId, events: Array.from({ length: count }, () => event) }]);
  }

  /** One event of each stream, by one append. */
  publishTogether(streamIds: readonly string[]): Promise<void> {
    return this.append(streamIds.map((streamId) => ({ streamId, events: [trancheOpened()] })));
  }

  private async append(
    streams: readonly { readonly streamId: string; readonly events: readonly NewEvent[] }[],
  ): Promise<void> {
    const outcome = await this.publisher.store.append({
      commandId: randomUUID(),
      streams: streams.map((stream) => ({ ...stream, expectedVersion: 'any' })),
      metadata: {
        correlationId: 'test',
        causationId: 'test',
        actor: 'service:deals',
        idempotencyKey: null,
      },
      occurredAt: '2026-03-02T09:30:00.000Z',
    });
    if (outcome.outcome !== 'appended') {
      throw new Error(`publishing failed: ${outcome.outcome}`);
    }
  }

  /** `streamCount` streams of `perStream` events, appended one by one from eight callers. */
  async publishMany(streamCount: number, perStream: number): Promise<void> {
    const rounds = Array.from({ length: perStream }, () => streamsOf(streamCount)).flat();
    await Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        for (let index = worker; index < rounds.length; index += 8) {
          await this.publish(rounds[index] ?? 'deal-0', 1);
        }
      }),
    );
  }

  effectsOf(consumer: string): Promise<readonly EffectRow[]> {
    return this.consumer.dataSource.query<EffectRow[]>(
      'select stream_id, stream_version, position, event_id from effect where consumer = $1 order by seq',
      [consumer],
    );
  }

  async effectCount(consumer: string): Promise<number> {
    const rows = await this.consumer.dataSource.query<{ count: string }[]>(
      'select count(*) from effect where consumer = $1',
      [consumer],
    );
    return Number(rows[0]?.count ?? 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.consumptions.map((consumption) => consumption.stop()));
    await this.stopRelays();
    await this.publisher.store.close();
    await this.publisher.dataSource.destroy();
    await this.consumer.dataSource.destroy();
    await this.publisher.database.drop();
    await this.consumer.database.drop();
  }
}

export function streamsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `deal-${index}`);
}

export function trancheOpened(tokens = '1000.000000'): NewEvent {
  return {
    type: 'deals.tranche-opened',
    schemaVersion: 1,
    data: {
      dealId: '3f0c8c1e-0000-4000-8000-000000000001',
      trancheId: '3f0c8c1e-0000-4000-8000-000000000002',
      seriesId: '3f0c8c1e-0000-4000-8000-000000000003',
      fromPartyId: '3f0c8c1e-0000-4000-8000-000000000004',
      toPartyId: '3f0c8c1e-0000-4000-8000-000000000005',
      tokens,
      lockupEndsAt: null,
    },
  };
}

/** Polls until `probe` gives something other than false, null or undefined. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  deadlineMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== false && value !== null && value !== undefined) {
      return value;
    }
    if (Date.now() > deadline) {
      throw new Error(`did not happen within ${deadlineMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function dataSourceOf(url: string): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize: 8,
    entities: [],
    logging: false,
  }).initialize();
}
