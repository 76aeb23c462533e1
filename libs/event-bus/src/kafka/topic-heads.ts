import type { KeyObject } from 'node:crypto';
import type { ServiceName } from '@specie/contracts';
import type { Consumer, Kafka, KafkaMessage } from 'kafkajs';
import { genesis, isPartitionHeadSigned, type ChainPoint } from '../verify/partition-chain.js';
import { decodeMessage } from '../wire.js';

export interface TopicHeadsOptions {
  readonly logName: ServiceName;
  readonly topic: string;
  /** A group of its own, which commits nothing. */
  readonly groupId: string;
  readonly keys: readonly KeyObject[];
}

interface Range {
  readonly from: bigint;
  readonly end: bigint;
}

/** Each send ends with a signed message, so one is enough unless strangers wrote behind it. */
const lookBackFirst = 16n;

/**
 * The last signed head of each partition of a topic: what was published of the log, whatever else anybody
 * wrote there. Partitions without one stand at position 0.
 */
export async function readTopicHeads(
  kafka: Kafka,
  options: TopicHeadsOptions,
): Promise<ReadonlyMap<number, ChainPoint>> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(options.topic).finally(() => admin.disconnect());
  const heads = new Map<number, ChainPoint>();
  for (let lookBack = lookBackFirst; ; lookBack *= 32n) {
    const ranges = new Map<number, Range>();
    for (const { partition, low, high } of offsets) {
      const from = BigInt(high) - lookBack > BigInt(low) ? BigInt(high) - lookBack : BigInt(low);
      if (!heads.has(partition) && BigInt(low) < BigInt(high)) {
        ranges.set(partition, { from, end: BigInt(high) });
      }
    }
    if (ranges.size === 0) {
      return heads;
    }
    await readRanges(kafka, options, {
      ranges,
      onMessage: (message, partition) => {
        const head = signedHead(message, { ...options, partition });
        if (head && head.position > (heads.get(partition)?.position ?? 0)) {
          heads.set(partition, head);
        }
      },
    });
    for (const { partition, low } of offsets) {
      if (!heads.has(partition) && ranges.get(partition)?.from === BigInt(low)) {
        heads.set(partition, genesis);
      }
    }
  }
}

/** Hands out every message that the topic holds now. */
export async function readTopic(
  kafka: Kafka,
  { topic, groupId, onMessage }: Reading & { readonly topic: string; readonly groupId: string },
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  const ranges = new Map(
    offsets
      .map(
        ({ partition, low, high }) =>
          [partition, { from: BigInt(low), end: BigInt(high) }] as const,
      )
      .filter(([, { from, end }]) => from < end),
  );
  if (ranges.size > 0) {
    await readRanges(kafka, { topic, groupId }, { ranges, onMessage });
  }
}

interface Reading {
  readonly onMessage: (message: KafkaMessage, partition: number) => void;
}

async function readRanges(
  kafka: Kafka,
  { topic, groupId }: { readonly topic: string; readonly groupId: string },
  { ranges, onMessage }: Reading & { readonly ranges: ReadonlyMap<number, Range> },
): Promise<void> {
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
    retry: { retries: 8, restartOnFailure: () => Promise.resolve(false) },
  });
  const unread = new Set(ranges.keys());
  let isRead: () => void = () => undefined;
  const read = new Promise<void>((resolve, reject) => {
    isRead = resolve;
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  });
  read.catch(() => undefined);
  consumer.on(consumer.events.GROUP_JOIN, () => seekAll(consumer, topic, ranges));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        const range = ranges.get(batch.partition);
        for (const message of range ? batch.messages : []) {
          onMessage(message, batch.partition);
        }
        if (range && BigInt(batch.lastOffset()) >= range.end - 1n) {
          unread.delete(batch.partition);
        }
        if (unread.size === 0) {
          isRead();
        }
        return Promise.resolve();
      },
    });
    await read;
  } finally {
    await consumer.disconnect();
  }
}

function seekAll(consumer: Consumer, topic: string, ranges: ReadonlyMap<number, Range>): void {
  for (const [partition, { from }] of ranges) {
    consumer.seek({ topic, partition, offset: from.toString() });
  }
}

/** The head that a message carries with a valid signature. The signature alone proves it: what is signed is the place and its hash. */
export function signedHead(
  message: Parameters<typeof decodeMessage>[0],
  {
    keys,
    ...place
  }: {
    readonly logName: string;
    readonly topic: string;
    readonly partition: number;
    readonly keys: readonly KeyObject[];
  },
): ChainPoint | null {
  try {
    const { record, proof } = decodeMessage(message);
    const head = { position: record.position, hash: proof?.hash ?? genesis.hash };
    const isSigned =
      proof?.signature && isPartitionHeadSigned({ ...place, ...head }, proof.signature, keys);
    return isSigned ? head : null;
  } catch {
    // Not a message of the relay.
    return null;
  }
}
