import type { ServiceName } from '@specie/contracts';
import { Kafka, logLevel, type Admin, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { describeError } from '../errors.js';
import type { BusLogger } from '../ports.js';
import { fixRequestQueue } from './request-queue.js';

/** How a client gets to the brokers; in the clear and as nobody where nothing is given. */
export interface KafkaSecurity {
  /** PEM texts. Without `ca` the authorities of Node are believed; `cert` and `key` are for mTLS. */
  readonly ssl?:
    | {
        readonly ca?: string | undefined;
        readonly cert?: string | undefined;
        readonly key?: string | undefined;
      }
    | undefined;
  readonly sasl?:
    | {
        readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
        readonly username: string;
        readonly password: string;
      }
    | undefined;
}

export interface KafkaConnectionOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger: BusLogger;
  readonly security?: KafkaSecurity | undefined;
  /** How often a request is repeated before its caller hears of it. */
  readonly retries?: number;
}

/** kafkajs with Specie's logging. Its errors are reported by those who see their consequence. */
export function kafkaClient({
  brokers,
  clientId,
  logger,
  security = {},
  retries = 8,
}: KafkaConnectionOptions): Kafka {
  fixRequestQueue();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...securityOf(security),
    logLevel: logLevel.WARN,
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries },
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

/** The settings of kafkajs; also for clients that are not made here. */
export function securityOf({ ssl, sasl }: KafkaSecurity): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return {
    ...(ssl ? { ssl: Object.fromEntries(Object.entries(ssl).filter(([, pem]) => pem)) } : {}),
    // kafkajs wants one object type for each mechanism.
    ...(sasl ? { sasl: sasl as SASLOptions } : {}),
  };
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
 * Creates the topic when it is missing, which takes a right that only its owner needs, and returns its real partition count: partitions of an existing
 * topic are final, since more of them would move streams and break their order.
 */
export async function ensureTopic(kafka: Kafka, options: TopicOptions): Promise<number> {
  const { topic } = options;
  const admin = kafka.admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(topic)) {
      await createTopic(admin, options);
    }
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

async function createTopic(
  admin: Admin,
  { topic, partitionCount, replicationFactor }: TopicOptions,
): Promise<void> {
  const settings = {
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
  };
  try {
    await admin.createTopics({ waitForLeaders: true, topics: [settings] });
  } catch (error) {
    const cause = describeError(error);
    throw new Error(`topic ${topic} is not there and cannot be created: ${cause}`, {
      cause: error,
    });
  }
}
