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
import { twoDigits, type BenchReport, type Progress } from './bench.js';
import type { IdleSettings } from './idle-child.js';

export interface IdleOptions {
  readonly settleMs?: number;
  readonly measureMs?: number;
  readonly progress?: Progress;
}

const run = promisify(execFile);

/**
 * How much of a core a service's Kafka clients take while nothing happens: three consumers and the relay in
 * a process of their own, first with the mended request queue, then with kafkajs as it is published.
 */
export async function runIdle(options: IdleOptions = {}): Promise<BenchReport> {
  const { settleMs = 5_000, measureMs = 20_000, progress = () => undefined } = options;
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
    return {
      results: [
        {
          metric: 'idle_cpu_percent_kafka',
          ours: twoDigits(ours),
          peer: twoDigits(peer),
          peerName: 'kafkajs 2.2.4 as published',
          ratio: twoDigits(peer / ours),
          unit: '% of a core',
        },
      ],
    };
  } finally {
    await kafka.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
