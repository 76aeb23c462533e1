import { createPrivateKey, createPublicKey } from 'node:crypto';
import { KafkaEventBus, KafkaRelay } from '@specie/event-bus';
import { DataSource } from 'typeorm';
import { keepPublishedQueue } from './published-queue.js';

/** What the idle bench starts as a process: the consumers and the relay of a service, without its work. */
export interface IdleSettings {
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** PEM of the log's key. */
  readonly signingKey: string;
  /** False: kafkajs as it is published. */
  readonly isFixed: boolean;
  readonly settleMs: number;
  readonly measureMs: number;
}

async function main(settings: IdleSettings): Promise<void> {
  const { databaseUrl, brokers, topicPrefix, isFixed, settleMs, measureMs } = settings;
  if (!isFixed) {
    keepPublishedQueue();
  }
  const signingKey = createPrivateKey(settings.signingKey);
  const dataSource = await new DataSource({ type: 'postgres', url: databaseUrl }).initialize();
  const relay = new KafkaRelay({
    service: 'issuance',
    signingKey,
    databaseUrl,
    brokers,
    topicPrefix,
  });
  const bus = new KafkaEventBus({
    dataSource,
    keys: () => [createPublicKey(signingKey)],
    brokers,
    topicPrefix,
  });
  relay.start();
  // The sources of the issuance service.
  const consumption = await bus.subscribe({
    consumer: 'issuance',
    types: ['deals.tranche-opened', 'market.withdrawal-requested', 'metering.slice-captured'],
    handle: () => Promise.resolve(),
  });
  while (consumption.status().some(({ partitions }) => partitions.length === 0)) {
    await pause(50);
  }
  await pause(settleMs);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await pause(measureMs);
  const { user, system } = process.cpuUsage(before);
  const percent = (user + system) / 10 / (performance.now() - startedAt);
  process.stdout.write(`${JSON.stringify({ percent })}\n`);
  process.exit(0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

await main(JSON.parse(process.argv[2] ?? '{}') as IdleSettings);
