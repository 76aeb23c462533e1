import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startKafka } from '@specie/local-platform';
import { openEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { startBenchServer } from './bench-database.js';
import { twoDigits, type BenchReport, type BenchResult, type Progress } from './bench.js';
import type { IdleSettings } from './idle-child.js';
import { measureIdleServices } from './idle-services.js';

export interface IdleOptions {
  readonly settleMs?: number;
  readonly measureMs?: number;
  readonly progress?: Progress;
}

const run = promisify(execFile);

/**
 * How much of a core idle processes take, first with the mended request queue, then with kafkajs as it is
 * published: the Kafka clients of a service alone, which are three consumers and a relay, and each service as it is.
 */
export async function runIdle(options: IdleOptions = {}): Promise<BenchReport> {
  const { settleMs = 10_000, measureMs = 30_000, progress = () => undefined } = options;
  const clients = await measureClients({ settleMs, measureMs, progress });
  const ours = await measureIdleServices({ isMended: true, settleMs, measureMs });
  const peer = await measureIdleServices({ isMended: false, settleMs, measureMs });
  const services = [...ours].map(([service, percent]) =>
    resultOf(`idle_cpu_percent_${service}`, percent, peer.get(service) ?? Number.NaN),
  );
  return { results: [clients, ...services] };
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
    const measure = async (isMended: boolean): Promise<number> => {
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
        isMended,
        settleMs,
        measureMs,
      };
      const child = fileURLToPath(new URL('idle-child.js', import.meta.url));
      const { stdout } = await run(process.execPath, [child, JSON.stringify(settings)]);
      const { percent } = JSON.parse(stdout) as { readonly percent: number };
      progress(`${isMended ? 'mended' : 'as published'}: ${percent.toFixed(2)} % of a core`);
      return percent;
    };
    const ours = await measure(true);
    const peer = await measure(false);
    return resultOf('idle_cpu_percent_kafka', ours, peer);
  } finally {
    await kafka.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
