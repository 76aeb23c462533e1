import { serviceOf, type ServiceName } from '@specie/contracts';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { BatchProcessor } from '../batch-processor.js';
import type { ConsumptionStore } from '../consumption-store.js';
import { describeError, GapError, toError } from '../errors.js';
import { backoffMs, pause } from '../pause.js';
import type {
  BusLogger,
  BusMetrics,
  Delivery,
  SourceStatus,
  UnreadableDelivery,
} from '../ports.js';
import { decodeMessage, packMessage } from '../wire.js';
import { ensureTopic } from './kafka-client.js';

export interface TopicConsumerOptions {
  readonly kafka: Kafka;
  readonly source: ServiceName;
  readonly topic: string;
  readonly groupId: string;
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly sessionTimeoutMs: number;
  readonly store: ConsumptionStore;
  readonly processor: BatchProcessor;
  readonly metrics: BusMetrics;
  readonly logger: BusLogger;
}

interface PartitionState {
  highWater: number;
  nextOffset: bigint | null;
  failureCount: number;
  gapCount: number;
}

const heartbeatMs = 1_000;
const fetchWaitMs = 250;

/**
 * One kafkajs consumer of one topic, replaced by a new one whenever it crashes: kafkajs gives up on some
 * errors without a word, and restarts others for ever in a state of its own.
 */
export class TopicConsumer {
  private readonly stopping = new AbortController();
  private readonly paused = new Map<NodeJS.Timeout, () => void>();
  private running: Promise<void> = Promise.resolve();
  private consumer: Consumer | null = null;
  private states = new Map<number, PartitionState>();
  private assigned: readonly number[] = [];
  private state: SourceStatus['state'] = 'starting';
  private error: string | null = null;
  private crashCount = 0;

  private readonly options: TopicConsumerOptions;

  constructor(options: TopicConsumerOptions) {
    this.options = options;
  }

  start(): void {
    this.running = this.supervise();
  }

  status(): SourceStatus {
    return {
      source: this.options.source,
      state: this.state,
      error: this.error,
      partitions: this.assigned.map((partition) => ({
        partition,
        highWater: this.states.get(partition)?.highWater ?? 0,
      })),
    };
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.state = 'stopped';
  }

  private async supervise(): Promise<void> {
    const { logger, topic } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.runOnce();
      } catch (error) {
        this.state = 'crashed';
        this.error = describeError(error);
        this.crashCount += 1;
        logger.error('kafka consumer crashed, starting a new one', { topic, error: this.error });
        await pause(backoffMs(this.crashCount, 100, 3_000), signal);
      } finally {
        this.forget();
        await this.consumer?.disconnect().catch(() => undefined);
        this.consumer = null;
      }
    }
  }

  /** Runs one kafkajs consumer until it crashes or `stop` is called. */
  private async runOnce(): Promise<void> {
    const { kafka, groupId, topic, partitionCount, replicationFactor, sessionTimeoutMs } =
      this.options;
    const { signal } = this.stopping;
    await ensureTopic(kafka, { topic, partitionCount, replicationFactor });
    const consumer = kafka.consumer({
      groupId,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: 30_000,
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: fetchWaitMs,
      maxBytesPerPartition: 1024 * 1024,
      // A crash ends this consumer; `supervise` makes the next one.
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 1_000,
        retries: 8,
        restartOnFailure: () => Promise.resolve(false),
      },
    });
    this.consumer = consumer;
    const crashed = new Promise<never>((_, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    });
    crashed.catch(() => undefined);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      void this.joined(consumer, payload.memberAssignment[topic] ?? []);
    });
    await consumer.connect();
    // Without `fromBeginning` a lost or expired group offset would jump to the end.
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionCount,
      eachBatch: (payload) => this.eachBatch(consumer, payload),
    });
    await Promise.race([crashed, aborted(signal)]);
  }

  /** Goes to our own offsets: after a restore of this database Kafka's may be ahead of the effects. */
  private async joined(consumer: Consumer, partitions: readonly number[]): Promise<void> {
    this.forget();
    this.assigned = partitions;
    this.state = 'running';
    this.error = null;
    for (const partition of partitions) {
      try {
        const { nextOffset } = await this.partitionState(partition);
        if (nextOffset !== null && this.consumer === consumer) {
          consumer.seek({ topic: this.options.topic, partition, offset: nextOffset.toString() });
        }
      } catch (error) {
        // The batch handler asks again and finds a gap if there is one.
        this.error = describeError(error);
      }
    }
  }

  private async eachBatch(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    if (!payload.isRunning() || payload.isStale() || this.stopping.signal.aborted) {
      return;
    }
    const beat = new Heartbeat(() => payload.heartbeat(), heartbeatMs);
    try {
      const state = await this.partitionState(payload.batch.partition);
      try {
        await this.handleBatch(consumer, payload, {
          state,
          signal: AbortSignal.any([this.stopping.signal, beat.signal]),
        });
        state.failureCount = 0;
      } catch (error) {
        if (isKafkaError(error)) {
          throw error;
        }
        this.backOff(consumer, payload, { state, error });
      }
    } catch (error) {
      if (isKafkaError(error)) {
        throw error;
      }
      this.backOff(consumer, payload, { state: null, error });
    } finally {
      beat.stop();
    }
    beat.throwIfFailed();
  }

  private async handleBatch(
    consumer: Consumer,
    payload: EachBatchPayload,
    { state, signal }: { readonly state: PartitionState; readonly signal: AbortSignal },
  ): Promise<void> {
    const { source, processor, store, metrics } = this.options;
    const { topic, partition, messages, highWatermark } = payload.batch;
    const result = await processor.run({
      source,
      partition,
      deliveries: messages.map((message) => this.toDelivery(message, partition)),
      highWater: state.highWater,
      signal,
    });
    const lastSettled = messages[result.settledCount - 1];
    if (lastSettled) {
      const nextOffset = BigInt(lastSettled.offset) + 1n;
      await store.advance(source, [{ partition, position: result.highWater, nextOffset }]);
      if (result.highWater > state.highWater) {
        state.gapCount = 0;
      }
      state.highWater = result.highWater;
      state.nextOffset = nextOffset;
      payload.resolveOffset(lastSettled.offset);
      metrics.backlog?.(source, partition, Number(BigInt(highWatermark) - nextOffset));
      if (!signal.aborted || this.stopping.signal.aborted) {
        await consumer.commitOffsets([{ topic, partition, offset: nextOffset.toString() }]);
      }
    }
    if (result.error !== null) {
      throw result.error;
    }
    if (this.assigned.includes(partition)) {
      this.state = 'running';
      this.error = null;
      this.crashCount = 0;
    }
  }

  private toDelivery(message: KafkaMessage, partition: number): Delivery | UnreadableDelivery {
    const { source } = this.options;
    const kafkaOffset = BigInt(message.offset);
    try {
      const decoded = decodeMessage(message);
      if (decoded.source !== source || serviceOf(decoded.record.type) !== source) {
        throw new Error(`an event of ${decoded.source} in the topic of ${source}`);
      }
      return {
        source,
        partition,
        record: decoded.record,
        previousPosition: decoded.previousPosition,
        kafkaOffset,
      };
    } catch (error) {
      const key = message.key?.toString() ?? `partition-${partition}`;
      const headers = Object.entries(message.headers ?? {}).flatMap(([name, value]) =>
        typeof value === 'string' || Buffer.isBuffer(value) ? [[name, value] as const] : [],
      );
      const raw = packMessage({
        key,
        value: message.value ?? Buffer.alloc(0),
        headers: Object.fromEntries(headers),
      });
      return { source, partition, streamId: key, kafkaOffset, reason: describeError(error), raw };
    }
  }

  /** Our own progress, read once per assignment. */
  private async partitionState(partition: number): Promise<PartitionState> {
    const known = this.states.get(partition);
    if (known) {
      return known;
    }
    const { states } = this;
    const [progress] = await this.options.store.progress(this.options.source, [partition]);
    const state = states.get(partition) ?? {
      highWater: progress?.position ?? 0,
      nextOffset: progress?.nextOffset ?? null,
      failureCount: 0,
      gapCount: 0,
    };
    states.set(partition, state);
    return state;
  }

  /** Pauses the partition; its messages are fetched again from the first one that is not settled. */
  private backOff(
    consumer: Consumer,
    payload: EachBatchPayload,
    { state, error }: { readonly state: PartitionState | null; readonly error: unknown },
  ): void {
    const { topic, partition } = payload.batch;
    this.state = 'failing';
    this.error = describeError(error);
    this.options.logger.warn('a batch failed and is fetched again', {
      topic,
      partition,
      error: this.error,
    });
    const failureCount = state ? (state.failureCount += 1) : 1;
    const resume = payload.pause();
    const timer = setTimeout(
      () => {
        this.paused.delete(timer);
        resume();
      },
      backoffMs(failureCount, 100, 3_000),
    );
    this.paused.set(timer, resume);
    if (error instanceof GapError && state) {
      state.gapCount += 1;
      // Once from the beginning too: a topic that was made anew has other offsets for the same positions.
      const offset = state.gapCount === 2 ? 0n : (state.nextOffset ?? 0n);
      consumer.seek({ topic, partition, offset: offset.toString() });
    }
  }

  private forget(): void {
    this.states = new Map();
    this.assigned = [];
    // kafkajs keeps a pause over a rebalance: a partition that comes back must not stay silent.
    for (const [timer, resume] of this.paused) {
      clearTimeout(timer);
      resume();
    }
    this.paused.clear();
  }
}

/** Keeps the group membership alive while a batch is handled; a rebalance stops the batch. */
class Heartbeat {
  private readonly failed = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private failure: Error | null = null;

  constructor(beat: () => Promise<void>, everyMs: number) {
    this.timer = setInterval(() => {
      beat().catch((error: unknown) => {
        this.failure ??= toError(error);
        this.failed.abort();
      });
    }, everyMs);
  }

  get signal(): AbortSignal {
    return this.failed.signal;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  throwIfFailed(): void {
    if (this.failure) {
      throw this.failure;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function isKafkaError(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}
