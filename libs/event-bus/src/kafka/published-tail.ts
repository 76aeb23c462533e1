import type { KeyObject } from 'node:crypto';
import type { ServiceName } from '@specie/contracts';
import { HaltedError } from '../halt.js';
import type { LogRecord } from '../log-record.js';
import { silentLogger, type BusLogger } from '../ports.js';
import { verifyRecords } from '../verify/page-verifier.js';
import type { ChainPoint } from '../verify/partition-chain.js';
import { decodeMessage } from '../wire.js';
import { kafkaClient, topicName, type KafkaSecurity } from './kafka-client.js';
import { readTopic, signedHead } from './topic-heads.js';

export interface PublishedTailOptions {
  readonly service: ServiceName;
  readonly brokers: readonly string[];
  readonly security?: KafkaSecurity | undefined;
  readonly topicPrefix: string;
  readonly keys: readonly KeyObject[];
  /** Where the log ends. */
  readonly after: ChainPoint;
  readonly logger?: BusLogger;
}

/**
 * The events of a log that its topic has and the log itself lost, in position order: header and value
 * rebuild them byte for byte. They follow `after` and end with a signed head.
 * @throws HaltedError when the topic does not continue the log.
 */
export async function readPublishedTail(
  options: PublishedTailOptions,
): Promise<readonly LogRecord[]> {
  const { service, brokers, security, topicPrefix, keys, after } = options;
  const { logger = silentLogger } = options;
  const kafka = kafkaClient({ brokers, clientId: `specie-restore-${service}`, logger, security });
  const found = new Map<number, LogRecord[]>();
  const topic = topicName(topicPrefix, service);
  let published = 0;
  await readTopic(kafka, {
    topic,
    groupId: `${topicPrefix}.${service}.restore`,
    onMessage: (message, partition) => {
      const head = signedHead(message, { logName: service, topic, partition, keys });
      published = Math.max(published, head?.position ?? 0);
      try {
        const { record } = decodeMessage(message);
        if (record.position > after.position) {
          found.set(record.position, [...(found.get(record.position) ?? []), record]);
        }
      } catch {
        // What is no event is nobody's loss.
      }
    },
  });
  const tail: LogRecord[] = [];
  let point = after;
  // Strangers may have written to the topic: at each position the event that continues the chain is the one.
  for (;;) {
    const next = (found.get(point.position + 1) ?? []).find(
      (record) =>
        verifyRecords({ logName: service, keys, after: point, records: [record], isEnd: false })
          .fault === null,
    );
    if (next === undefined) {
      break;
    }
    tail.push(next);
    point = { position: next.position, hash: next.chainHash };
  }
  const { records, fault } = verifyRecords({
    logName: service,
    keys,
    after,
    records: tail,
    isEnd: true,
  });
  const gap = {
    reason: 'gap',
    position: point.position + 1,
    kafkaOffset: null,
    detail: 'no event of the topic continues the log here',
  } as const;
  if (fault || published > point.position) {
    throw new HaltedError(service, -1, fault ?? gap);
  }
  return records;
}
