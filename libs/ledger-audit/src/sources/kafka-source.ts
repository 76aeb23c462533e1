import { randomUUID } from 'node:crypto';
import { serviceNames, topicOf, type ServiceName } from '@specie/contracts';
import {
  Kafka,
  logLevel,
  type KafkaConfig,
  type Admin,
  type Consumer,
  type EachBatchPayload,
} from 'kafkajs';
import type { Finding } from '../log-record.js';
import type { LogSource, TakeRecord } from '../rebuild.js';
import { MessageDecoder, placeOf } from './kafka-message.js';
import { LogMerge } from './log-merge.js';

export interface KafkaSourceOptions {
  readonly brokers: readonly string[];
  /** TLS and SASL as kafkajs takes them. */
  readonly security?: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  readonly topicPrefix?: string;
  readonly services?: readonly ServiceName[];
  /** Positions that are known to exist: the relay gets `settleMs` to publish them. */
  readonly knownPositions?: Partial<Readonly<Record<ServiceName, number>>>;
  /** How long an unfinished end of a log is waited for. */
  readonly settleMs?: number;
  readonly stallMs?: number;
}

interface Partition {
  readonly service: ServiceName;
  readonly topic: string;
  readonly partition: number;
  /** The offset at which the copy was complete when it was last asked. */
  end: number;
  next: number;
  paused: boolean;
  readonly decoder: MessageDecoder;
}

const settleMsDefault = 5_000;
const stallMsDefault = 60_000;
const waitingMax = 100_000;
const leadMax = 20_000;
const pollMs = 50;

/** Reads every partition of every topic under a fresh group and merges each topic back into its log. */
export function kafkaSource(options: KafkaSourceOptions): LogSource {
  return { kind: 'kafka', read: (take, report) => new KafkaReading(options, take, report).run() };
}

class KafkaReading {
  private readonly kafka: Kafka;
  private readonly merges = new Map<ServiceName, LogMerge>();
  private readonly partitions = new Map<string, Partition>();
  private failure: Error | null = null;
  private progressAt = Date.now();
  private isConsuming = false;

  constructor(
    private readonly options: KafkaSourceOptions,
    take: TakeRecord,
    private readonly report: (finding: Finding) => void,
  ) {
    this.kafka = new Kafka({
      clientId: 'specie-audit',
      brokers: [...options.brokers],
      ...options.security,
      logLevel: logLevel.NOTHING,
    });
    for (const service of options.services ?? serviceNames) {
      this.merges.set(
        service,
        new LogMerge({ service, take: (record) => take(service, record), report }),
      );
    }
  }

  async run(): Promise<{
    readonly ends: ReadonlyMap<ServiceName, number>;
    readonly completeBeforeMs: number;
  }> {
    const admin = this.kafka.admin();
    const consumer = this.kafka.consumer({
      groupId: `${this.options.topicPrefix ?? 'specie'}.audit.rebuild-${randomUUID()}`,
      maxWaitTimeInMs: 100,
      maxBytesPerPartition: 4 * 1024 * 1024,
      maxBytes: 32 * 1024 * 1024,
      retry: { retries: 8 },
    });
    // After a restart it reads from the start again; the merge drops what it has.
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.failure = payload.restart ? this.failure : payload.error;
    });
    await admin.connect();
    try {
      const completeBeforeMs = Date.now();
      await this.fetchEnds(admin);
      if ([...this.partitions.values()].some((each) => each.next < each.end)) {
        await consumer.connect();
        await this.consume(consumer);
        await this.untilComplete(admin, consumer);
      }
      return { ends: new Map(), completeBeforeMs };
    } finally {
      await consumer.disconnect();
      await admin.disconnect();
    }
  }

  private async consume(consumer: Consumer): Promise<void> {
    this.isConsuming = true;
    const topics = [...new Set([...this.partitions.values()].map((each) => each.topic))];
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 6,
      eachBatch: (payload) => this.takeBatch(payload),
    });
  }

  private async takeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const partition = this.partitions.get(`${batch.topic}/${batch.partition}`);
    const merge = partition === undefined ? undefined : this.merges.get(partition.service);
    if (partition === undefined || merge === undefined) {
      return;
    }
    for (const message of batch.messages) {
      const decoded = partition.decoder.decode(message);
      if (typeof decoded === 'string') {
        const detail = `${decoded} of the message at ${batch.topic}/${batch.partition} offset ${message.offset}`;
        this.report({
          service: partition.service,
          ...placeOf(message),
          kind: 'undecodable',
          detail,
        });
        continue;
      }
      const wait = merge.add(batch.partition, decoded.record);
      if (wait !== undefined) {
        await wait;
      }
    }
    partition.next = Math.max(partition.next, Number(batch.lastOffset()) + 1);
    this.progressAt = Date.now();
    payload.resolveOffset(batch.lastOffset());
    if (merge.waitingCount > waitingMax && merge.leadOf(batch.partition) > leadMax) {
      partition.paused = true;
      payload.pause();
    }
    await payload.heartbeat();
  }

  /** Polls until every log is read to its end and that end is whole, or until it will not become so. */
  private async untilComplete(admin: Admin, consumer: Consumer): Promise<void> {
    const { settleMs = settleMsDefault, stallMs = stallMsDefault } = this.options;
    let unfinishedSince: number | null = null;
    for (;;) {
      if (this.failure !== null) {
        throw this.failure;
      }
      this.resume(consumer);
      await this.skipGaps();
      const isRead = [...this.partitions.values()].every((each) => each.next >= each.end);
      if (isRead && this.isWhole()) {
        return;
      }
      if (isRead) {
        unfinishedSince ??= Date.now();
        const grew = await this.fetchEnds(admin);
        if (!grew && Date.now() - unfinishedSince > settleMs) {
          await this.drain();
          return;
        }
        unfinishedSince = grew ? null : unfinishedSince;
      } else if (Date.now() - this.progressAt > stallMs) {
        throw new Error(
          `no batch for ${stallMs} ms, though not every partition is read to its end`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /** Whether every log ends at a signed head, without a gap, at or after what is known to exist. */
  private isWhole(): boolean {
    return [...this.merges].every(
      ([service, merge]) =>
        merge.waitingCount === 0 &&
        merge.lastIsSigned &&
        merge.position >= (this.options.knownPositions?.[service] ?? 0),
    );
  }

  private resume(consumer: Consumer): void {
    for (const each of this.partitions.values()) {
      if (each.paused && (this.merges.get(each.service)?.waitingCount ?? 0) < waitingMax / 2) {
        each.paused = false;
        consumer.resume([{ topic: each.topic, partitions: [each.partition] }]);
      }
    }
  }

  /** When everything that is not paused has been read, the position all others wait for is nowhere. */
  private async skipGaps(): Promise<void> {
    for (const [service, merge] of this.merges) {
      const own = [...this.partitions.values()].filter((each) => each.service === service);
      const isStuck =
        own.some((each) => each.paused) &&
        own.every((each) => each.paused || each.next >= each.end);
      if (isStuck && merge.waitingCount > waitingMax / 2) {
        await merge.skipGap();
      }
    }
  }

  private async drain(): Promise<void> {
    for (const merge of this.merges.values()) {
      while (merge.waitingCount > 0) {
        await merge.skipGap();
      }
    }
  }

  /** Asks how far the partitions reach; true if one grew. */
  private async fetchEnds(admin: Admin): Promise<boolean> {
    const { topicPrefix } = this.options;
    const existing = new Set(await admin.listTopics());
    let grew = false;
    for (const service of this.merges.keys()) {
      const topic = topicPrefix === undefined ? topicOf(service) : `${topicPrefix}.${service}.v1`;
      for (const { partition, high, low } of existing.has(topic)
        ? await admin.fetchTopicOffsets(topic)
        : []) {
        const key = `${topic}/${partition}`;
        const known = this.partitions.get(key);
        const end = Number(high);
        grew ||= known !== undefined && end > known.end;
        if (known === undefined && !this.isConsuming) {
          const decoder = new MessageDecoder(service);
          const next = Number(low);
          this.partitions.set(key, {
            service,
            topic,
            partition,
            end,
            next,
            paused: false,
            decoder,
          });
        } else if (known !== undefined) {
          known.end = Math.max(known.end, end);
        }
      }
    }
    return grew;
  }
}
