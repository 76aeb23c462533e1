import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kafkaAvailability, startKafka } from '@specie/local-platform';
import { openEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { startBenchServer } from './bench-database.js';
import { twoDigits, type BenchReport, type BenchResult, type Progress } from './bench.js';
import type { IdleSettings } from './idle-child.js';
import { measureIdlePlatform } from './idle-services.js';

export interface IdleOptions {
  readonly settleMs?: number;
  readonly measureMs?: number;
  readonly progress?: Progress;
}

const run = promisify(execFile);

/**
 * How much of a core the processes of a platform without work take, by process and together: over PostgreSQL, and
 * where Kafka can run, over Kafka with the fixed request queue and with kafkajs as it is published; and the Kafka
 * clients of a service alone, which are three consumers and a relay. Reads Linux's scheduler.
 */
export async function runIdle(options: IdleOptions = {}): Promise<BenchReport> {
  // Young memory is collected and code is compiled for the first minute.
  const { settleMs = 60_000, measureMs = 40_000, progress = () => undefined } = options;
  const times = { settleMs, measureMs };
  progress('a platform over PostgreSQL');
  const postgres = await measureIdlePlatform({ transport: 'postgres', ...times });
  const results = withTotal(postgres).map(([name, percent]) =>
    ownResult(`idle_cpu_percent_postgres_${name}`, percent),
  );
  const kafka = await kafkaAvailability();
  if (kafka.way === null) {
    progress(kafka.reason);
    return { results };
  }
  progress('a platform over Kafka');
  const fixed = await measureIdlePlatform({ transport: 'kafka', ...times });
  progress('the same with kafkajs as published');
  const published = await measureIdlePlatform({ transport: 'kafka', isFixed: false, ...times });
  const peers = new Map(withTotal(published));
  results.push(
    ...withTotal(fixed).map(([name, percent]) =>
      resultOf(`idle_cpu_percent_kafka_${name}`, percent, peers.get(name) ?? Number.NaN),
    ),
    await measureClients({ ...times, progress }),
  );
  return { results };
}

function withTotal(percents: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  const total = [...percents.values()].reduce((sum, percent) => sum + percent, 0);
  return [...percents, ['total', total]];
}

function ownResult(metric: string, ours: number): BenchResult {
  const unit = '% of a core';
  return { metric, ours: twoDigits(ours), peer: null, peerName: null, ratio: null, unit };
}

function resultOf(metric: string, ours: number, peer: number): BenchResult {
  return {
    metric,
    ours: twoDigits(ours),
    peer: twoDigits(peer),
    peerName: 'kafkajs 2.2.4 as published',
    ratio: twoDigits(peer / ours),
    unit: '% of a core',
  };
}

async function measureClients({
  settleMs,
  measureMs,
  progress,
}: Required<IdleOptions>): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'specie-bench-kafka-'));
  const server = await startBenchServer();
  const kafka = await startKafka({ dataDir: folder });
  try {
    const measure = async (isFixed: boolean): Promise<number> => {
      const databaseUrl = await server.newDatabase();
      const signingKey = generateKeyPairSync('ed25519').privateKey;
      const dataSource = new DataSource({ type: 'postgres', url: databaseUrl });
      const store = await openEventStore({ dataSource, logName: 'issuance', signingKey });
      await store.close();
      await dataSource.destroy();
      const settings: IdleSettings = {
        databaseUrl,
        brokers: kafka.brokers.split(','),
        topicPrefix: `idle-${randomUUID().slice(0, 8)}`,
        signingKey: signingKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        isFixed,
        settleMs,
        measureMs,
      };
      const child = fileURLToPath(new URL('idle-child.js', import.meta.url));
      const { stdout } = await run(process.execPath, [child, JSON.stringify(settings)]);
      const { percent } = JSON.parse(stdout) as { readonly percent: number };
      progress(`${isFixed ? 'fixed' : 'as published'}: ${percent.toFixed(2)} % of a core`);
      return percent;
    };
    const ours = await measure(true);
    const peer = await measure(false);
    return resultOf('idle_cpu_percent_kafka_clients', ours, peer);
  } finally {
    await kafka.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
