import { createRequire } from 'node:module';
import type { kafkaClient } from '@specie/event-bus';
import { percentile } from './bench.js';

/** When an event passed a place, in milliseconds of `performance.now()`, by event id. */
export type Passages = Map<string, number>;

export interface StageTimes {
  readonly stage: string;
  readonly p50: number;
  readonly p99: number;
}

type Kafka = ReturnType<typeof kafkaClient>;
type Producer = ReturnType<Kafka['producer']>;
type Consumer = ReturnType<Kafka['consumer']>;
type ProducerRecord = Parameters<Producer['send']>[0];
type RunConfig = NonNullable<Parameters<Consumer['run']>[0]>;

/**
 * Watches the Kafka clients of this process: when the relay hands an event over to its producer, when the broker has acknowledged it, and
 * when the consumer has it.
 */
export class KafkaStages {
  private readonly sentAt: Passages = new Map();
  private readonly acknowledgedAt: Passages = new Map();
  private readonly fetchedAt: Passages = new Map();

  /** Watches every client that is made from now on. */
  static watch(): KafkaStages {
    const stages = new KafkaStages();
    const load = createRequire(import.meta.resolve('@specie/event-bus'));
    const { prototype } = (load('kafkajs') as { readonly Kafka: { readonly prototype: Kafka } })
      .Kafka;
    const producer: Kafka['producer'] = Reflect.get(prototype, 'producer');
    const consumer: Kafka['consumer'] = Reflect.get(prototype, 'consumer');
    prototype.producer = function (this: Kafka, config) {
      return stages.watchProducer(producer.call(this, config));
    };
    prototype.consumer = function (this: Kafka, config) {
      return stages.watchConsumer(consumer.call(this, config));
    };
    return stages;
  }

  /**
   * Of the events in `committedAt`: milliseconds of each stage, in the order in which an event goes through
   * them. The broker hands an event out while its acknowledgement is under way, so `fetched` counts from `sent` too.
   */
  times(
    committedAt: ReadonlyMap<string, number>,
    handledAt: ReadonlyMap<string, number>,
    tookEffectAt: ReadonlyMap<string, number>,
  ): readonly StageTimes[] {
    const between = (
      stage: string,
      from: ReadonlyMap<string, number>,
      to: ReadonlyMap<string, number>,
    ): StageTimes => {
      const samples = [...committedAt.keys()].flatMap((eventId) => {
        const [start, end] = [from.get(eventId), to.get(eventId)];
        return start === undefined || end === undefined ? [] : [end - start];
      });
      return { stage, p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) };
    };
    return [
      between('sent', committedAt, this.sentAt),
      between('acknowledged', this.sentAt, this.acknowledgedAt),
      between('fetched', this.sentAt, this.fetchedAt),
      between('handled', this.fetchedAt, handledAt),
      between('effect', handledAt, tookEffectAt),
    ];
  }

  private watchProducer(producer: Producer): Producer {
    const send = producer.send.bind(producer);
    return {
      ...producer,
      send: async (record: ProducerRecord) => {
        const ids = record.messages.map(({ headers }) => String(headers?.['ce_id']));
        note(this.sentAt, ids);
        const result = await send(record);
        note(this.acknowledgedAt, ids);
        return result;
      },
    };
  }

  private watchConsumer(consumer: Consumer): Consumer {
    const run = consumer.run.bind(consumer);
    return {
      ...consumer,
      run: (config: RunConfig = {}) => {
        const { eachBatch } = config;
        return run({
          ...config,
          ...(eachBatch && {
            eachBatch: (payload) => {
              note(
                this.fetchedAt,
                payload.batch.messages.map(({ headers }) => String(headers?.['ce_id'])),
              );
              return eachBatch(payload);
            },
          }),
        });
      },
    };
  }
}

/** The first time counts: an event may be sent or fetched again. */
function note(passages: Passages, eventIds: readonly string[]): void {
  const now = performance.now();
  for (const eventId of eventIds) {
    if (!passages.has(eventId)) {
      passages.set(eventId, now);
    }
  }
}
