import type { ServiceName } from '@specie/contracts';
import { Kafka, logLevel } from 'kafkajs';
import type { BusLogger } from '../ports.js';

export interface KafkaConnectionOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger: BusLogger;
}

/** kafkajs with Specie's logging. Its errors are reported by those who see their consequence. */
export function kafkaClient({ brokers, clientId, logger }: KafkaConnectionOptions): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    logLevel: logLevel.WARN,
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
    logCreator:
      () =>
      ({ log, label }) => {
        logger.warn('kafka client', {
          label,
          detail: String(log.message),
          cause: String(log['error'] ?? ''),
        });
      },
  });
}

/** The topic that carries all events of a service. */
export function topicName(prefix: string, service: ServiceName): string {
  return `${prefix}.${service}.v1`;
}

/** A record batch may hold one event of the largest size that the relay sends alone. */
export const messageBytesMax = 8 * 1024 * 1024;

export interface TopicOptions {
  readonly topic: string;
  readonly partitionCount: number;
  readonly replicationFactor: number;
}

/**
 * Creates the topic when it is missing and returns its real partition count: partitions of an existing
 * topic are final, since more of them would move streams and break their order.
 */
export async function ensureTopic(kafka: Kafka, options: TopicOptions): Promise<number> {
  const { topic, partitionCount, replicationFactor } = options;
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: partitionCount,
          replicationFactor,
          configEntries: [
            { name: 'cleanup.policy', value: 'delete' },
            { name: 'retention.ms', value: '-1' },
            { name: 'retention.bytes', value: '-1' },
            { name: 'max.message.bytes', value: String(messageBytesMax) },
            { name: 'unclean.leader.election.enable', value: 'false' },
            { name: 'min.insync.replicas', value: String(replicationFactor > 2 ? 2 : 1) },
          ],
        },
      ],
    });
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const found = topics[0]?.partitions.length ?? 0;
    if (found === 0) {
      throw new Error(`topic ${topic} has no partitions yet`);
    }
    return found;
  } finally {
    await admin.disconnect();
  }
}
