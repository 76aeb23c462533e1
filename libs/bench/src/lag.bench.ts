import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  EffectQueue,
  KafkaEventBus,
  KafkaRelay,
  PostgresEventBus,
  type Consumption,
  type EventBus,
  type Received,
} from '@specie/event-bus';
import { startKafka } from '@specie/local-platform';
import {
  migrateEventStore,
  openEventStore,
  type PostgresEventStore,
} from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import {
  percentile,
  twoDigits,
  type BenchReport,
  type BenchResult,
  type Progress,
} from './bench.js';
import { startBenchServer, type BenchServer } from './bench-database.js';
import { KafkaStages, type StageTimes } from './kafka-stages.js';

export interface LagOptions {
  readonly eventsPerSecond?: number;
  readonly seconds?: number;
  /** Events handled at full speed after the lag is measured; 0 leaves that out. */
  readonly throughputEventCount?: number;
  readonly progress?: Progress;
}

type Transport = 'postgres' | 'kafka';

interface Line {
  readonly store: PostgresEventStore;
  readonly effects: EffectQueue;
  readonly bus: EventBus;
  close(): Promise<void>;
}

const streamCount = 100;
const warmUpSeconds = 2;
const loopResolutionMs = 5;

/**
 * From the answer of the append (the event is committed) to the commit of the consumer's effect, which
 * is a row and the inbox row in one transaction. Publisher, relay and consumer share the machine, one
 * clock and one PostgreSQL; events come at a steady rate, as a queue behind a burst would measure the
 * burst. Over Kafka the time of each stage is told too, and for both how late the event loop is, which is what this process
 * waits for a processor.
 */
export async function runLag(options: LagOptions = {}): Promise<BenchReport> {
  const { progress = () => undefined } = options;
  const folder = await mkdtemp(join(tmpdir(), 'specie-bench-kafka-'));
  const server = await startBenchServer();
  const kafka = await startKafka({ dataDir: folder });
  try {
    const results: BenchResult[] = [];
    const stages = KafkaStages.watch();
    for (const transport of ['postgres', 'kafka'] as const) {
      const line = await openLine(server, transport, kafka.brokers);
      try {
        const { samples, times } = await measureLag(line, stages, options);
        for (const [name, share] of [
          ['p50', 0.5],
          ['p99', 0.99],
        ] as const) {
          results.push(
            withoutPeer(`lag_${name}_ms_${transport}`, percentile(samples, share), 'ms'),
          );
        }
        for (const { stage, p50, p99 } of times.filter(({ p99 }) => p99 !== 0)) {
          results.push(
            withoutPeer(`lag_${stage}_p50_ms_${transport}`, p50, 'ms'),
            withoutPeer(`lag_${stage}_p99_ms_${transport}`, p99, 'ms'),
          );
        }
        const count = options.throughputEventCount ?? 20_000;
        if (count > 0) {
          const { effects, bare } = await measureThroughput(line, count);
          progress(
            `${transport}: ${Math.round(effects)} effects/s, ${Math.round(bare)} events/s with an empty handler`,
          );
        }
      } finally {
        await line.close();
      }
    }
    return { results };
  } finally {
    await kafka.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureLag(
  line: Line,
  stages: KafkaStages,
  { eventsPerSecond = 200, seconds = 10 }: LagOptions,
): Promise<{ readonly samples: readonly number[]; readonly times: readonly StageTimes[] }> {
  const committedAt = new Map<string, number>();
  const handledAt = new Map<string, number>();
  const loopDelay = monitorEventLoopDelay({ resolution: loopResolutionMs });
  const tookEffectAt = new Map<string, number>();
  const consumption = await consume(line, 'lag', async (received) => {
    handledAt.set(received.recorded.eventId, performance.now());
    await recordEffect(line, 'lag', received);
    tookEffectAt.set(received.recorded.eventId, performance.now());
  });
  const startedAt = performance.now();
  const count = eventsPerSecond * (seconds + warmUpSeconds);
  const appends: Promise<void>[] = [];
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    if (ordinal === eventsPerSecond * warmUpSeconds) {
      loopDelay.enable();
    }
    const dueIn = startedAt + (ordinal * 1_000) / eventsPerSecond - performance.now();
    if (dueIn > 0) {
      await new Promise((resolve) => setTimeout(resolve, dueIn));
    }
    appends.push(
      append(line.store, ordinal, 1).then((eventId) => {
        committedAt.set(eventId, performance.now());
      }),
    );
  }
  await Promise.all(appends);
  await until(() => tookEffectAt.size === count);
  await consumption.stop();
  loopDelay.disable();
  const warmUpEndsAt = startedAt + warmUpSeconds * 1_000;
  const measured = new Map([...committedAt].filter(([, at]) => at > warmUpEndsAt));
  const loopMs = (share: number): number =>
    Math.max(0, loopDelay.percentile(share) / 1e6 - loopResolutionMs);
  return {
    samples: [...measured].map(([eventId, at]) =>
      Math.max(0, (tookEffectAt.get(eventId) ?? Number.POSITIVE_INFINITY) - at),
    ),
    times: [
      ...stages.times(measured, handledAt, tookEffectAt),
      { stage: 'event_loop', p50: loopMs(50), p99: loopMs(99) },
    ],
  };
}

/** Events per second of a consumer that finds `count` events waiting: with an effect each, and with none. */
async function measureThroughput(
  line: Line,
  count: number,
): Promise<{ readonly effects: number; readonly bare: number }> {
  for (let ordinal = 0; ordinal < count; ordinal += 1_000) {
    await Promise.all(
      Array.from({ length: 10 }, (_, part) => append(line.store, ordinal + part, 100)),
    );
  }
  const rate = async (
    consumer: string,
    handle: (received: Received) => Promise<void>,
  ): Promise<number> => {
    let handled = 0;
    let startedAt = 0;
    const consumption = await consume(line, consumer, async (received) => {
      startedAt ||= performance.now();
      await handle(received);
      handled += 1;
    });
    await until(() => handled >= count);
    const perSecond = (handled / (performance.now() - startedAt)) * 1_000;
    await consumption.stop();
    return perSecond;
  };
  return {
    effects: await rate('throughput', (received) => recordEffect(line, 'throughput', received)),
    bare: await rate('bare', () => Promise.resolve()),
  };
}

function consume(
  line: Line,
  consumer: string,
  handle: (received: Received) => Promise<void>,
): Promise<Consumption> {
  return line.bus.subscribe({ consumer, types: ['deals.tranche-opened'], handle });
}

function recordEffect(line: Line, consumer: string, { recorded }: Received): Promise<void> {
  return line.effects.run(consumer, recorded.eventId, async (manager) => {
    await manager.query('insert into effect (event_id, position) values ($1, $2)', [
      recorded.eventId,
      recorded.position,
    ]);
  });
}

async function append(
  store: PostgresEventStore,
  ordinal: number,
  eventCount: number,
): Promise<string> {
  const commandId = randomUUID();
  const outcome = await store.append({
    commandId,
    streams: [
      {
        streamId: `deal-${ordinal % streamCount}`,
        expectedVersion: 'any',
        events: Array.from({ length: eventCount }, () => event),
      },
    ],
    metadata: {
      correlationId: commandId,
      causationId: commandId,
      actor: 'service:deals',
      idempotencyKey: null,
    },
    occurredAt: new Date().toISOString(),
  });
  if (outcome.outcome !== 'appended') {
    throw new Error(`the append was answered ${outcome.outcome}`);
  }
  return commandId;
}

const event = {
  type: 'deals.tranche-opened',
  schemaVersion: 1,
  data: {
    dealId: '3f0c8c1e-0000-4000-8000-000000000001',
    trancheId: '3f0c8c1e-0000-4000-8000-000000000002',
    seriesId: '3f0c8c1e-0000-4000-8000-000000000003',
    fromPartyId: '3f0c8c1e-0000-4000-8000-000000000004',
    toPartyId: '3f0c8c1e-0000-4000-8000-000000000005',
    tokens: '1000.000000',
    lockupEndsAt: null,
  },
} as const;

/** A publisher and a consumer with a database each, and the transport between them. */
async function openLine(server: BenchServer, transport: Transport, brokers: string): Promise<Line> {
  const [publisherUrl, consumerUrl] = [await server.newDatabase(), await server.newDatabase()];
  const publisher = await new DataSource({
    type: 'postgres',
    url: publisherUrl,
    poolSize: 8,
  }).initialize();
  const dataSource = await new DataSource({
    type: 'postgres',
    url: consumerUrl,
    poolSize: 16,
  }).initialize();
  const signingKey = generateKeyPairSync('ed25519').privateKey;
  const store = await openEventStore({ dataSource: publisher, logName: 'deals', signingKey });
  const keys = () => [store.publicKey];
  await migrateEventStore(dataSource);
  await dataSource.query('create table effect (event_id uuid not null, position bigint not null)');
  const topicPrefix = `lag-${randomUUID().slice(0, 8)}`;
  const relay = new KafkaRelay({
    service: 'deals',
    signingKey,
    databaseUrl: publisherUrl,
    brokers: brokers.split(','),
    topicPrefix,
  });
  if (transport === 'kafka') {
    relay.start();
  }
  const bus =
    transport === 'kafka'
      ? new KafkaEventBus({
          dataSource,
          keys,
          brokers: brokers.split(','),
          topicPrefix,
          concurrency: 256,
        })
      : new PostgresEventBus({
          dataSource,
          keys,
          databaseUrl: consumerUrl,
          peerDatabaseUrls: { deals: publisherUrl },
          concurrency: 256,
        });
  return {
    store,
    effects: new EffectQueue(dataSource),
    bus,
    close: async () => {
      await relay.stop();
      await store.close();
      await publisher.destroy();
      await dataSource.destroy();
    },
  };
}

async function until(isDone: () => boolean): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!isDone()) {
    if (performance.now() > deadline) {
      throw new Error('the consumer did not catch up within two minutes');
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function withoutPeer(metric: string, ours: number, unit: string): BenchResult {
  return { metric, ours: twoDigits(ours), peer: null, peerName: null, ratio: null, unit };
}
