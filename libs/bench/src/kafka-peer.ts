import { kafkaClient, silentLogger } from '@specie/event-bus';

export interface BareReadOptions {
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  /** How many messages the topics hold. */
  readonly messageCount: number;
}

export const bareConsumerName = 'kafkajs 2.2.4 eachBatch, counting only';

/**
 * The peer of a rebuild from Kafka: a plain kafkajs consumer that reads the topics from the start and
 * only counts. Messages per second from the first batch to the last, so that joining the group is in
 * nobody's time.
 */
export async function readBare({
  brokers,
  topics,
  messageCount,
}: BareReadOptions): Promise<number> {
  const kafka = kafkaClient({ brokers, clientId: 'specie-bench-peer', logger: silentLogger });
  const consumer = kafka.consumer({
    groupId: `specie-bench-peer-${process.pid}-${Math.trunc(performance.now())}`,
  });
  let count = 0;
  let startedAt = 0;
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  const elapsedMs = await new Promise<number>((resolve, reject) => {
    // A coordinator that is still loading is no failure: kafkajs starts again by itself.
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) {
        reject(payload.error);
      }
    });
    consumer
      .run({
        autoCommit: false,
        partitionsConsumedConcurrently: 6,
        eachBatch: ({ batch }) => {
          startedAt ||= performance.now();
          count += batch.messages.length;
          if (count >= messageCount) {
            resolve(performance.now() - startedAt);
          }
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return (messageCount / elapsedMs) * 1_000;
}
