import type { ServiceName } from '@specie/contracts';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { BatchProcessor } from '../batch-processor.js';
import type { ConsumptionStore } from '../consumption-store.js';
import { describeError } from '../errors.js';
import { HaltedError, type Fault } from '../halt.js';
import type { PartitionLeases } from '../partition-leases.js';
import { aborted, backoffMs, pause } from '../pause.js';
import type { BusLogger, BusMetrics, SourceStatus } from '../ports.js';
import { HaltGate } from '../verify/halt-gate.js';
import type { HaltStore } from '../verify/halt-store.js';
import type { LogKeys } from '../verify/partition-chain.js';
import { verifyMessages, type VerifiedMessage } from '../verify/send-verifier.js';
import { Heartbeat, isKafkaError } from './heartbeat.js';
import { ensureTopic } from './kafka-client.js';
import { PartitionStates, type PartitionState } from './partition-states.js';

export interface TopicConsumerOptions {
  readonly kafka: Kafka;
  readonly source: ServiceName;
  readonly topic: string;
  readonly groupId: string;
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly sessionTimeoutMs: number;
  readonly store: ConsumptionStore;
  readonly haltStore: HaltStore;
  readonly keys: LogKeys;
  readonly processor: BatchProcessor;
  /** Say who handles a partition; the broker decides it. */
  readonly leases: PartitionLeases;
  readonly metrics: BusMetrics;
  readonly logger: BusLogger;
}

/** At most this long between two heartbeats, and a third of the session time-out, as the client's docs advise. */
const heartbeatMsMax = 3_000;
/** The broker answers at once when there is a message; this is how often an idle consumer asks. */
const fetchWaitMs = 2_000;

/**
 * One kafkajs consumer of one topic, replaced by a new one whenever it crashes: kafkajs gives up on some
 * errors without a word, and restarts others indefinitely in a state of its own.
 */
export class TopicConsumer {
  private readonly stopping = new AbortController();
  private readonly paused = new Map<NodeJS.Timeout, () => void>();
  private running: Promise<void> = Promise.resolve();
  private consumer: Consumer | null = null;
  private readonly states: PartitionStates;
  private assigned: readonly number[] = [];
  private state: SourceStatus['state'] = 'starting';
  private error: string | null = null;
  private crashCount = 0;
  private partitionCount = 0;
  private readonly gate: HaltGate;
  private failingSince: string | null = null;

  private readonly options: TopicConsumerOptions;

  constructor(options: TopicConsumerOptions) {
    this.options = options;
    this.gate = new HaltGate(options);
    this.states = new PartitionStates({ ...options, gate: this.gate });
  }

  private get heartbeatMs(): number {
    return Math.min(heartbeatMsMax, this.options.sessionTimeoutMs / 3);
  }

  start(): void {
    this.options.leases.onRenewed(() => this.states.reclaim(this.assigned));
    this.running = this.supervise();
  }

  status(): SourceStatus {
    const { source, leases } = this.options;
    return this.options.processor.withWaiting({
      source,
      state: this.state === 'running' && this.gate.isClosed ? 'halted' : this.state,
      error: this.error ?? this.gate.text,
      since: this.failingSince,
      tryCount: Math.max(this.crashCount, this.states.failureCountMax),
      partitions: this.assigned.map((partition) => ({
        partition,
        highWater: this.states.highWaterOf(partition),
      })),
      backlog: this.states.lag.backlog,
      stalledMs: this.states.lag.stalledMs,
      unowned: leases.unowned(source, this.partitionCount),
    });
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
        this.failingSince ??= new Date().toISOString();
        this.crashCount += 1;
        logger.error('kafka consumer crashed, starting a new one', { topic, error: this.error });
        await pause(backoffMs(this.crashCount, 100, 3_000), signal);
      } finally {
        this.forget();
        await this.consumer?.disconnect().catch(() => undefined);
        this.consumer = null;
        await this.states.giveBack([]);
      }
    }
  }

  /** Runs one kafkajs consumer until it crashes or `stop` is called. */
  private async runOnce(): Promise<void> {
    const { kafka, groupId, topic, partitionCount, replicationFactor, sessionTimeoutMs } =
      this.options;
    const { signal } = this.stopping;
    this.partitionCount = await ensureTopic(kafka, { topic, partitionCount, replicationFactor });
    const consumer = kafka.consumer({
      groupId,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: 30_000,
      heartbeatInterval: this.heartbeatMs,
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
    await this.states.giveBack(partitions);
    this.failingSince = null;
    for (const partition of partitions) {
      try {
        const { nextOffset } = await this.states.load(partition, true);
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
    const beat = new Heartbeat(() => payload.heartbeat(), this.heartbeatMs);
    try {
      const state = await this.states.load(payload.batch.partition);
      try {
        await this.handleBatch(consumer, payload, {
          state,
          signal: AbortSignal.any([this.stopping.signal, beat.signal, state.owned.signal]),
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

  /** Handles what verifies, up to the first message that does not; that one halts the partition. */
  private async handleBatch(
    consumer: Consumer,
    payload: EachBatchPayload,
    { state, signal }: { readonly state: PartitionState; readonly signal: AbortSignal },
  ): Promise<void> {
    const { source, processor, metrics } = this.options;
    const { partition, highWatermark } = payload.batch;
    const first = BigInt(payload.batch.messages[0]?.offset ?? highWatermark);
    this.states.know(state, Number(BigInt(highWatermark) - first));
    const { messages, fault, repeatCount } = await this.verify(payload, state);
    if (repeatCount > 0) {
      const place = { source, partition, count: repeatCount, offset: payload.batch.firstOffset() };
      this.options.logger.warn('messages were repeated and are passed over', place);
      metrics.repeated?.(source, partition, repeatCount);
    }
    const result = await processor.run({
      source,
      partition,
      deliveries: messages.flatMap(({ delivery }) => delivery ?? []),
      highWater: state.highWater,
      lease: state.owned.lease,
      signal,
      onSettled: () => this.states.lag.settled(),
    });
    const settled = settledOf(messages, result.settledCount);
    const last = settled.at(-1);
    if (last) {
      await this.settle(consumer, payload, { state, settled, last, signal });
      this.states.know(state, Number(BigInt(highWatermark) - last.kafkaOffset - 1n));
      this.states.lag.settled();
      metrics.backlog?.(source, partition, state.backlog);
    }
    if (result.error !== null) {
      throw result.error;
    }
    if (fault) {
      throw await this.gate.close(
        { partitions: [partition], partitionCount: this.partitionCount },
        fault,
      );
    }
    if (state.head.position >= state.highWater && settled.length === messages.length) {
      await this.gate.open([partition]);
    }
    if (this.assigned.includes(partition)) {
      this.state = 'running';
      this.error = null;
      this.failingSince = null;
      this.crashCount = 0;
    }
  }

  private async verify(payload: EachBatchPayload, state: PartitionState) {
    const { source, store, haltStore, keys } = this.options;
    const { topic, partition, messages } = payload.batch;
    // Only a partition that stands still has messages that an operator may have passed over.
    const passedOver = this.gate.isClosedFor(partition)
      ? await haltStore.passedOver(source, partition, BigInt(messages[0]?.offset ?? 0))
      : new Set<bigint>();
    const verified = await verifyMessages({
      source,
      topic,
      partition,
      partitionCount: this.partitionCount,
      keys: keys(source),
      messages,
      head: state.head,
      passedOver,
      remembered: (from, to) => store.rememberedHeads(source, partition, from, to),
    });
    return verified;
  }

  private async settle(
    consumer: Consumer,
    payload: EachBatchPayload,
    done: {
      readonly state: PartitionState;
      readonly settled: readonly VerifiedMessage[];
      readonly last: VerifiedMessage;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const { state, settled, last, signal } = done;
    const { topic, partition } = payload.batch;
    const nextOffset = last.kafkaOffset + 1n;
    const { position, hash: chainHash } = last.head;
    const heads = settled
      .filter(({ isSigned }) => isSigned)
      .map(({ head }) => ({ partition, position: head.position, hash: head.hash }));
    const progress = { partition, position, chainHash, nextOffset, lease: state.owned.lease };
    await this.options.store.advance(this.options.source, [progress], heads);
    if (position > state.head.position) {
      state.gapCount = 0;
    }
    state.head = last.head;
    state.highWater = Math.max(state.highWater, position);
    state.nextOffset = nextOffset;
    payload.resolveOffset(last.kafkaOffset.toString());
    if (!signal.aborted || this.stopping.signal.aborted) {
      await consumer.commitOffsets([{ topic, partition, offset: nextOffset.toString() }]);
    }
  }

  /** Pauses the partition; its messages are fetched again from the first one that is not settled. */
  private backOff(
    consumer: Consumer,
    payload: EachBatchPayload,
    { state, error }: { readonly state: PartitionState | null; readonly error: unknown },
  ): void {
    const { topic, partition } = payload.batch;
    const fault = error instanceof HaltedError ? error.fault : null;
    this.failingSince ??= new Date().toISOString();
    if (fault) {
      this.state = 'running';
      this.error = null;
    } else {
      this.state = 'failing';
      this.error = describeError(error);
      const place = { topic, partition, error: this.error };
      this.options.logger.warn('a batch failed and is fetched again', place);
    }
    const failureCount = state ? (state.failureCount += 1) : 1;
    const resume = payload.pause();
    const timer = setTimeout(
      () => {
        this.paused.delete(timer);
        resume();
      },
      // Whoever resolves a halt should not have to wait for it.
      backoffMs(failureCount, 100, fault ? 1_000 : 3_000),
    );
    this.paused.set(timer, resume);
    if (state && isMisplaced(fault)) {
      state.gapCount += 1;
      // Once from the beginning too: a topic that was recreated has other offsets for the same positions.
      const offset = state.gapCount === 2 ? 0n : (state.nextOffset ?? 0n);
      consumer.seek({ topic, partition, offset: offset.toString() });
    }
  }

  private forget(): void {
    this.states.forget();
    this.gate.retain([]);
    this.assigned = [];
    // kafkajs keeps a pause over a rebalance: a partition that comes back must not stay silent.
    for (const [timer, resume] of this.paused) {
      clearTimeout(timer);
      resume();
    }
    this.paused.clear();
  }
}

/** The messages up to the first delivery that is not settled. */
function settledOf(
  messages: readonly VerifiedMessage[],
  settledCount: number,
): readonly VerifiedMessage[] {
  let deliveryCount = 0;
  const end = messages.findIndex(({ delivery }) => {
    deliveryCount += delivery === null ? 0 : 1;
    return deliveryCount > settledCount;
  });
  return end === -1 ? messages : messages.slice(0, end);
}

/** Whether other offsets may hold what is missing here. */
function isMisplaced(fault: Fault | null): boolean {
  return fault?.reason === 'gap';
}
