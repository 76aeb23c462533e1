import { eventDefinitions, type ServiceName } from '@specie/contracts';
import type { EventCodec } from '@specie/event-sourcing';
import type { Lease } from '@specie/postgres-event-store';
import type { ConsumptionStore, ParkedRecord } from './consumption-store.js';
import {
  describeError,
  GapError,
  isTransientFailure,
  PartitionLostError,
  PoisonEventError,
  toError,
} from './errors.js';
import { Limiter } from './limiter.js';
import { toRecordedEvent } from './log-record.js';
import { backoffMs, pause } from './pause.js';
import type {
  BusLogger,
  BusMetrics,
  Delivery,
  Received,
  ResumeResult,
  Subscription,
  UnreadableDelivery,
} from './ports.js';
import { decodeMessage, encodeMessage, packMessage, unpackMessage } from './wire.js';

/** How often and how long an event is tried. */
export interface RetryPolicy {
  /** Failures of the event itself before its stream is parked. */
  readonly attemptCountMax: number;
  /** Failures of what the handler depends on before the batch is given back to be fetched again. */
  readonly transientCountMax: number;
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attemptCountMax: 5,
  transientCountMax: 8,
  backoffFirstMs: 25,
  backoffMaxMs: 1_000,
};

export interface BatchProcessorOptions {
  readonly subscription: Subscription;
  readonly store: ConsumptionStore;
  readonly codec: EventCodec;
  /** Streams handled at the same time, over all partitions. */
  readonly concurrency: number;
  readonly retry: RetryPolicy;
  readonly metrics: BusMetrics;
  readonly logger: BusLogger;
}

export interface Batch {
  readonly source: ServiceName;
  readonly partition: number;
  /** In partition order; repeats allowed. */
  readonly deliveries: readonly (Delivery | UnreadableDelivery)[];
  /** Events up to here took effect or are parked. */
  readonly highWater: number;
  /** This instance's right to the partition; parking asks for it. */
  readonly lease: Lease;
  readonly signal: AbortSignal;
  /** Called for every delivery that is settled. */
  readonly onSettled: () => void;
}

export interface BatchResult {
  /** How many deliveries from the start are settled: took effect, parked or passed over. */
  readonly settledCount: number;
  readonly highWater: number;
  /** Why the rest is not settled; null when it is, or when the batch was stopped. */
  readonly error: Error | null;
}

interface BatchRun {
  readonly batch: Batch;
  readonly signal: AbortSignal;
  readonly parked: Set<string>;
  readonly settled: boolean[];
  error: Error | null;
}

type Indexed = { readonly index: number; readonly delivery: Delivery | UnreadableDelivery };

/**
 * Takes one partition's events to the handler. Both transports share it.
 *
 * I1 Events of one stream are handled one after another, in order; streams run side by side.
 * I2 An event at or below the high water is a repeat and is passed over.
 * I3 A stream whose event fails for good is parked; its later events join it; other streams flow.
 * I4 Nothing is skipped: what is neither handled, parked nor foreign to the subscription stays unsettled.
 * I5 The high water moves only over settled events.
 * I6 An instance that lost its partition parks nothing; its effects are single by their inbox rows.
 */
export class BatchProcessor {
  private readonly types: ReadonlySet<string>;
  private readonly limiter: Limiter;

  private readonly options: BatchProcessorOptions;

  constructor(options: BatchProcessorOptions) {
    this.options = options;
    this.types = new Set(options.subscription.types);
    this.limiter = new Limiter(options.concurrency);
  }

  async run(batch: Batch): Promise<BatchResult> {
    const fresh = freshDeliveries(batch);
    const parked =
      fresh.length > 0 ? await this.options.store.parkedStreamIds(batch.source) : new Set<string>();
    const failure = new AbortController();
    const run: BatchRun = {
      batch,
      signal: AbortSignal.any([batch.signal, failure.signal]),
      parked,
      settled: batch.deliveries.map(() => true),
      error: null,
    };
    for (const { index } of fresh) {
      run.settled[index] = false;
    }
    const streams = new Map<string, Indexed[]>();
    for (const entry of fresh) {
      if (this.isForeign(entry.delivery)) {
        run.settled[entry.index] = true;
        continue;
      }
      const streamId = streamIdOf(entry.delivery);
      const stream = streams.get(streamId);
      if (stream) {
        stream.push(entry);
      } else {
        streams.set(streamId, [entry]);
      }
    }
    await Promise.all(
      [...streams.values()].map((stream) =>
        this.limiter.run(async () => {
          try {
            await this.handleStream(run, stream);
          } catch (error) {
            // A lost partition is its new owner's matter, not a failure to retry here.
            run.error ??= error instanceof PartitionLostError ? null : toError(error);
            failure.abort();
          }
        }),
      ),
    );
    return resultOf(run);
  }

  /** Handles a parked stream again, from its first event, until it is empty or one fails. */
  async resume(source: ServiceName, streamId: string): Promise<ResumeResult> {
    const { store } = this.options;
    for (let resumed = 0; ; resumed += 1) {
      const first = await store.firstParked(source, streamId);
      if (!first) {
        return { resumed, unparked: true, error: null };
      }
      try {
        const { record, previousPosition } = decodeMessage(decodable(unpackMessage(first.record)));
        if (this.types.has(record.type) || !eventDefinitions.has(record.type)) {
          await this.handle({ source, partition: -1, record, previousPosition, kafkaOffset: null });
        }
      } catch (error) {
        await store.recordResumeFailure(source, first.position, describeError(error));
        return { resumed, unparked: false, error: describeError(error) };
      }
      await store.unpark(source, streamId, first.position);
    }
  }

  /** A known type that is not subscribed is passed over; an unknown one must never be. */
  private isForeign(delivery: Delivery | UnreadableDelivery): boolean {
    return (
      'record' in delivery &&
      !this.types.has(delivery.record.type) &&
      eventDefinitions.has(delivery.record.type)
    );
  }

  private async handleStream(run: BatchRun, stream: readonly Indexed[]): Promise<void> {
    const { store } = this.options;
    for (const { index, delivery } of stream) {
      if (run.signal.aborted) {
        return;
      }
      const streamId = streamIdOf(delivery);
      if (run.parked.has(streamId)) {
        if (await store.joinParked(toParked(delivery), run.batch.lease)) {
          this.options.metrics.parked?.(delivery.source, typeOf(delivery));
          this.settle(run, index);
          continue;
        }
        run.parked.delete(streamId);
      }
      const outcome = await this.attempt(run, delivery);
      if (outcome === 'stopped') {
        return;
      }
      if (outcome === 'parked') {
        run.parked.add(streamId);
      }
      this.settle(run, index);
    }
  }

  private settle(run: BatchRun, index: number): void {
    run.settled[index] = true;
    run.batch.onSettled();
  }

  private async attempt(
    run: BatchRun,
    delivery: Delivery | UnreadableDelivery,
  ): Promise<'done' | 'parked' | 'stopped'> {
    const { retry, metrics } = this.options;
    let attemptCount = 0;
    let transientCount = 0;
    for (;;) {
      try {
        await this.handle(delivery);
        return 'done';
      } catch (error) {
        if (run.signal.aborted) {
          return 'stopped';
        }
        if (isTransientFailure(error)) {
          transientCount += 1;
          if (transientCount >= retry.transientCountMax) {
            throw error;
          }
        } else {
          attemptCount += 1;
          if (error instanceof PoisonEventError || attemptCount >= retry.attemptCountMax) {
            await this.park(
              delivery,
              { error: describeError(error), attemptCount },
              run.batch.lease,
            );
            return 'parked';
          }
        }
        metrics.retried?.(delivery.source, typeOf(delivery));
        await pause(
          backoffMs(attemptCount + transientCount, retry.backoffFirstMs, retry.backoffMaxMs),
          run.signal,
        );
      }
    }
  }

  private async handle(delivery: Delivery | UnreadableDelivery): Promise<void> {
    if (!('record' in delivery)) {
      throw new PoisonEventError(delivery.reason);
    }
    await this.options.subscription.handle(this.decode(delivery));
    const lagMs = Date.now() - Date.parse(delivery.record.recordedAt);
    this.options.metrics.processed?.(delivery.source, delivery.record.type, lagMs);
  }

  private decode(delivery: Delivery): Received {
    try {
      const recorded = toRecordedEvent(delivery.record);
      return { event: this.options.codec.decode(recorded), recorded, delivery };
    } catch (error) {
      throw new PoisonEventError(`not readable: ${describeError(error)}`);
    }
  }

  private async park(
    delivery: Delivery | UnreadableDelivery,
    failure: { readonly error: string; readonly attemptCount: number },
    lease: Lease,
  ): Promise<void> {
    const { store, logger, metrics } = this.options;
    await store.park(toParked(delivery), failure, lease);
    metrics.parked?.(delivery.source, typeOf(delivery));
    logger.error('stream parked', {
      consumer: store.consumer,
      source: delivery.source,
      streamId: streamIdOf(delivery),
      type: typeOf(delivery),
      ...failure,
    });
  }
}

/** Leaves repeats out (I2). @throws GapError when the partition's own chain of positions has a hole. */
function freshDeliveries(batch: Batch): readonly Indexed[] {
  const fresh: Indexed[] = [];
  let highWater = batch.highWater;
  batch.deliveries.forEach((delivery, index) => {
    if (!('record' in delivery)) {
      fresh.push({ index, delivery });
      return;
    }
    const { record, previousPosition } = delivery;
    if (record.position <= highWater) {
      return;
    }
    if (previousPosition !== null && previousPosition > highWater) {
      throw new GapError(
        `${batch.source} partition ${batch.partition}: position ${record.position} follows ${previousPosition}, but only ${highWater} was seen`,
      );
    }
    highWater = record.position;
    fresh.push({ index, delivery });
  });
  return fresh;
}

function resultOf(run: BatchRun): BatchResult {
  const firstOpen = run.settled.indexOf(false);
  const settledCount = firstOpen === -1 ? run.settled.length : firstOpen;
  let { highWater } = run.batch;
  for (const delivery of run.batch.deliveries.slice(0, settledCount)) {
    if ('record' in delivery) {
      highWater = Math.max(highWater, delivery.record.position);
    }
  }
  return { settledCount, highWater, error: run.error };
}

function streamIdOf(delivery: Delivery | UnreadableDelivery): string {
  return 'record' in delivery ? delivery.record.streamId : delivery.streamId;
}

function typeOf(delivery: Delivery | UnreadableDelivery): string {
  return 'record' in delivery ? delivery.record.type : 'unreadable';
}

const noEventId = '00000000-0000-0000-0000-000000000000';

function toParked(delivery: Delivery | UnreadableDelivery): ParkedRecord {
  const { source, partition, kafkaOffset } = delivery;
  if ('record' in delivery) {
    const { record, previousPosition } = delivery;
    return {
      source,
      streamId: record.streamId,
      position: record.position,
      eventId: record.eventId,
      partition,
      kafkaOffset,
      record: packMessage(
        encodeMessage(record, { source, epoch: 0, previousPosition: previousPosition ?? 0 }),
      ),
    };
  }
  return {
    source,
    streamId: delivery.streamId,
    // A place that no event has, unique per message: it blocks its stream until someone looks at it.
    position: -(Number(delivery.kafkaOffset) * 1024 + partition + 1),
    eventId: noEventId,
    partition,
    kafkaOffset,
    record: delivery.raw,
  };
}

function decodable(message: ReturnType<typeof unpackMessage>): Parameters<typeof decodeMessage>[0] {
  return { key: message.key, value: message.value, headers: message.headers };
}
