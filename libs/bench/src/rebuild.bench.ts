import type { KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@specie/contracts';
import { kafkaClient, silentLogger } from '@specie/event-bus';
import { kafkaSource, rebuildAndVerify, type LogSource } from '@specie/ledger-audit';
import { startKafka } from '@specie/local-platform';
import { rateResult, type BenchReport, type Progress } from './bench.js';
import { bareConsumerName, readBare } from './kafka-peer.js';
import { issuanceLog, ledgerKeys, marketLog, meteringLog, type LedgerLog } from './ledger-log.js';

export interface RebuildBenchOptions {
  readonly eventCount?: number;
  readonly rounds?: number;
  readonly progress?: Progress;
}

const partitionCount = 6;
const sendCount = 500;
const topicPrefix = 'bench';

/**
 * The audit's rebuild from Kafka (merge, chain, signatures, schemas, folds, all invariants) against a
 * plain kafkajs consumer that reads the same topics and only counts. Rounds alternate, so that a warm
 * page cache favours neither; the median counts.
 */
export async function runRebuild(options: RebuildBenchOptions = {}): Promise<BenchReport> {
  const { eventCount = 150_000, rounds = 5, progress = () => undefined } = options;
  const folder = await mkdtemp(join(tmpdir(), 'specie-bench-rebuild-'));
  const kafka = await startKafka({ dataDir: folder });
  const brokers = kafka.brokers.split(',');
  try {
    const share = Math.floor(eventCount / 3);
    const topics: string[] = [];
    let messageCount = 0;
    for (const [service, write] of [
      ['issuance', issuanceLog],
      ['metering', meteringLog],
      ['market', marketLog],
    ] as const) {
      const log = write(partitionCount, share);
      const topic = `${topicPrefix}.${service}.v1`;
      await publish(brokers, topic, log);
      topics.push(topic);
      messageCount += log.messages.length;
      progress(`${topic}: ${log.messages.length} events`);
    }
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await readBare({ brokers, topics, messageCount }));
      ours.push(await readOurs(brokers, messageCount));
      progress(
        `round ${round + 1}: rebuild ${Math.round(ours.at(-1) ?? 0)}/s, bare ${Math.round(bare.at(-1) ?? 0)}/s`,
      );
    }
    return { results: [rateResult('rebuild', median(ours), median(bare), bareConsumerName)] };
  } finally {
    await kafka.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Events per second from the first event to the finished report, as the peer counts from its first batch. */
async function readOurs(brokers: readonly string[], messageCount: number): Promise<number> {
  const source = kafkaSource({ brokers, topicPrefix });
  let startedAt = 0;
  const timed: LogSource = {
    kind: 'kafka',
    read: (take, report) =>
      source.read((service, record) => {
        startedAt ||= performance.now();
        return take(service, record);
      }, report),
  };
  const keys = Object.fromEntries(serviceNames.map((service) => [service, [ledgerKeys.publicKey]]));
  const report = await rebuildAndVerify({
    source: timed,
    keys: keys as unknown as Record<ServiceName, readonly KeyObject[]>,
  });
  const elapsedMs = performance.now() - startedAt;
  const [finding] = report.findings;
  if (finding !== undefined || report.eventCount !== messageCount) {
    throw new Error(
      `the rebuild read ${report.eventCount} of ${messageCount} events: ${JSON.stringify(finding)}`,
    );
  }
  return (messageCount / elapsedMs) * 1_000;
}

async function publish(
  brokers: readonly string[],
  topic: string,
  { messages }: LedgerLog,
): Promise<void> {
  const kafka = kafkaClient({ brokers, clientId: 'specie-bench-relay', logger: silentLogger });
  const [admin, producer] = [
    kafka.admin(),
    kafka.producer({ idempotent: true, maxInFlightRequests: 1 }),
  ];
  await Promise.all([admin.connect(), producer.connect()]);
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: partitionCount }],
    });
    for (let from = 0; from < messages.length; from += sendCount) {
      await producer.send({
        topic,
        acks: -1,
        messages: messages.slice(from, from + sendCount).map(({ message, partition }) => {
          return {
            key: message.key,
            value: message.value,
            headers: { ...message.headers },
            partition,
          };
        }),
      });
    }
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
