import { eventDefinitions, type ServiceName } from '@specie/contracts';
import type { EventCodec } from '@specie/event-sourcing';
import type { Lease } from '@specie/postgres-event-store';
import { decodeDelivery } from './decode-delivery.js';
import { codeOf, placeOf, toParked } from './deliveries.js';
import {
  describeError,
  GapError,
  isTransientFailure,
  PartitionLostError,
  PoisonEventError,
  toError,
} from './errors.js';
import { sectionsOf } from './lanes.js';
import { Limiter } from './limiter.js';
import {
  laneKey,
  type Failure,
  type ParkedEvents,
  type ParkedLane,
  type ParkedRecord,
} from './parked-events.js';
import { backoffMs, pause } from './pause.js';
import type {
  BusLogger,
  BusMetrics,
  Delivery,
  ResumeResult,
  SourceStatus,
  Subscription,
} from './ports.js';
import type { RetryPolicy } from './retry-policy.js';
import { WaitingList } from './waiting-events.js';
import { decodeMessage, unpackMessage } from './wire.js';

export interface BatchProcessorOptions {
  readonly subscription: Subscription;
  readonly parked: ParkedEvents;
  readonly codec: EventCodec;
  /** Lanes handled at the same time, over all partitions; a stream without lanes is one. */
  readonly concurrency: number;
  readonly retry: RetryPolicy;
  readonly metrics: BusMetrics;
  readonly logger: BusLogger;
}

export interface Batch {
  readonly source: ServiceName;
  readonly partition: number;
  /** In partition order; repeats allowed. */
  readonly deliveries: readonly Delivery[];
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
  /** Keys of the lanes that are parked. */
  readonly parked: Set<string>;
  readonly settled: boolean[];
  error: Error | null;
}

interface Indexed {
  readonly index: number;
  readonly delivery: Delivery;
}

/**
 * Takes one partition's events to the handler. Both transports share it.
 *
 * I1 Events of one stream are handled one after another, in order; streams run side by side. Where a subscription
 *    names lanes, so do the lanes of a stream; an event without a lane waits for all before it and holds up all behind.
 * I2 An event at or below the high water is a repeat and is passed over.
 * I3 A lane whose event fails for good is parked; its later events join it; other lanes and streams flow. Without a
 *    lane it is the stream that is parked, with every lane that is not parked already.
 * I4 Nothing is skipped: what is neither handled, parked nor foreign to the subscription stays unsettled.
 * I5 The high water moves only over settled events.
 * I6 An instance that lost its partition parks nothing; its effects are single by their inbox rows.
 * I7 Only the event's own failures park its stream. What it depends on being away is waited for indefinitely, with
 *    a backoff that grows up to its cap, and shown.
 */
export class BatchProcessor {
  private readonly types: ReadonlySet<string>;
  private readonly limiter: Limiter;
  private readonly waiting = new WaitingList();

  private readonly options: BatchProcessorOptions;

  constructor(options: BatchProcessorOptions) {
    this.options = options;
    this.types = new Set(options.subscription.types);
    this.limiter = new Limiter(options.concurrency);
  }

  async run(batch: Batch): Promise<BatchResult> {
    const fresh = freshDeliveries(batch);
    const known =
      fresh.length > 0
        ? await this.options.parked.knowledge(batch.source, batch.highWater)
        : { lanes: new Set<string>(), discarded: new Set<number>() };
    const failure = new AbortController();
    const run: BatchRun = {
      batch,
      signal: AbortSignal.any([batch.signal, failure.signal]),
      parked: known.lanes,
      settled: batch.deliveries.map(() => true),
      error: null,
    };
    const streams = new Map<string, Indexed[]>();
    for (const entry of fresh) {
      const { index, delivery } = entry;
      if (this.isForeign(delivery) || known.discarded.has(delivery.record.position)) {
        continue;
      }
      run.settled[index] = false;
      const { streamId } = delivery.record;
      const stream = streams.get(streamId);
      if (stream) {
        stream.push(entry);
      } else {
        streams.set(streamId, [entry]);
      }
    }
    await Promise.all(
      [...streams.values()].map(async (stream) => {
        for (const section of sectionsOf(stream, ({ delivery }) => this.laneOf(delivery))) {
          await Promise.all(
            [...section].map(([lane, entries]) =>
              this.limiter
                .run(() => this.handleLane(run, lane, entries))
                .catch((error: unknown) => {
                  // A lost partition is its new owner's matter, not a failure to retry here.
                  run.error ??= error instanceof PartitionLostError ? null : toError(error);
                  failure.abort();
                }),
            ),
          );
        }
      }),
    );
    return resultOf(run);
  }

  /** The status of a source with what is being retried in the partitions that this instance owns. */
  withWaiting(status: SourceStatus): SourceStatus {
    return this.waiting.shownIn(status);
  }

  /**
   * Handles a parked lane again, from its first event, until it is empty or one fails.
   *
   * @throws whatever keeps any event from being handled now; it does not count as a try of the event
   */
  async resume(lane: ParkedLane): Promise<ResumeResult> {
    const { parked } = this.options;
    const { source } = lane;
    for (let resumed = 0; ; resumed += 1) {
      const first = await parked.first(lane);
      if (!first) {
        return { resumed, unparked: true, error: null };
      }
      if (first.isHeldUp) {
        const error = 'an earlier event holds up the whole stream';
        return { resumed, unparked: false, error };
      }
      try {
        const { record, previousPosition } = decodeMessage(unpackMessage(first.record));
        if (this.types.has(record.type) || !eventDefinitions.has(record.type)) {
          await this.handle({ source, partition: -1, record, previousPosition, kafkaOffset: null });
        }
      } catch (error) {
        if (isTransientFailure(error)) {
          throw error;
        }
        const described = describeError(error);
        await parked.recordResumeFailure(source, first.position, {
          // Only rows of older versions have such a position; see `ParkedCode`.
          code: first.position < 0 ? 'unreadable' : codeOf(error),
          error: described,
        });
        return { resumed, unparked: false, error: described };
      }
      await parked.unpark(lane, first.position);
    }
  }

  /** A known type that is not subscribed is passed over; an unknown one must never be. */
  private isForeign(delivery: Delivery): boolean {
    const { type } = delivery.record;
    return !this.types.has(type) && eventDefinitions.has(type);
  }

  /** What cannot be decoded has no lane: nobody can say whose it is. */
  private laneOf(delivery: Delivery): string {
    const { subscription, codec } = this.options;
    const laneOf = subscription.lanes?.get(delivery.record.type);
    if (!laneOf) {
      return '';
    }
    try {
      return laneOf(decodeDelivery(codec, delivery).event);
    } catch {
      return '';
    }
  }

  private async handleLane(
    run: BatchRun,
    lane: string,
    entries: readonly Indexed[],
  ): Promise<void> {
    for (const { index, delivery } of entries) {
      if (run.signal.aborted) {
        return;
      }
      if (await this.joinParked(run, lane, delivery)) {
        this.settle(run, index);
        continue;
      }
      const outcome = await this.attempt(run, lane, delivery);
      if (outcome === 'stopped') {
        return;
      }
      if (outcome === 'parked') {
        run.parked.add(laneKey(delivery.record.streamId, lane));
      }
      this.settle(run, index);
    }
  }

  private settle(run: BatchRun, index: number): void {
    run.settled[index] = true;
    run.batch.onSettled();
  }

  /** Puts an event behind those of its lane, or of its whole stream, that are parked. */
  private async joinParked(run: BatchRun, lane: string, delivery: Delivery): Promise<boolean> {
    for (const parkedLane of lane === '' ? [''] : [lane, '']) {
      const key = laneKey(delivery.record.streamId, parkedLane);
      if (!run.parked.has(key)) {
        continue;
      }
      if (await this.options.parked.join(toParked(delivery, parkedLane), run.batch.lease)) {
        this.options.metrics.parked?.(delivery.source, delivery.record.type);
        return true;
      }
      run.parked.delete(key);
    }
    return false;
  }

  private async attempt(
    run: BatchRun,
    lane: string,
    delivery: Delivery,
  ): Promise<'done' | 'parked' | 'stopped'> {
    const { retry, metrics } = this.options;
    const place = placeOf(delivery);
    let attemptCount = 0;
    let transientCount = 0;
    for (;;) {
      try {
        await this.handle(delivery);
        this.waiting.settled(place);
        return 'done';
      } catch (error) {
        if (run.signal.aborted) {
          return 'stopped';
        }
        let failureCount: number;
        if (isTransientFailure(error)) {
          transientCount += 1;
          failureCount = attemptCount + this.waiting.failed(place, error);
        } else {
          attemptCount += 1;
          failureCount = attemptCount + transientCount;
          if (error instanceof PoisonEventError || attemptCount >= retry.attemptCountMax) {
            await this.park(
              toParked(delivery, lane),
              { code: codeOf(error), error: describeError(error), attemptCount },
              run.batch.lease,
            );
            this.waiting.settled(place);
            return 'parked';
          }
        }
        metrics.retried?.(delivery.source, delivery.record.type);
        if (transientCount >= retry.transientCountMax) {
          throw error;
        }
        await pause(backoffMs(failureCount, retry.backoffFirstMs, retry.backoffMaxMs), run.signal);
      }
    }
  }

  private async handle(delivery: Delivery): Promise<void> {
    const { subscription, codec, metrics } = this.options;
    await subscription.handle(decodeDelivery(codec, delivery));
    const lagMs = Date.now() - Date.parse(delivery.record.recordedAt);
    metrics.processed?.(delivery.source, delivery.record.type, lagMs);
  }

  private async park(event: ParkedRecord, failure: Failure, lease: Lease): Promise<void> {
    const { parked, logger, metrics } = this.options;
    await parked.park(event, failure, lease);
    metrics.parked?.(event.source, event.type);
    logger.error('stream parked', {
      consumer: parked.consumer,
      source: event.source,
      streamId: event.streamId,
      lane: event.lane,
      position: event.position,
      type: event.type,
      ...failure,
    });
  }
}

/** Leaves repeats out (I2). @throws GapError when the partition's own chain of positions has a hole. */
function freshDeliveries(batch: Batch): readonly Indexed[] {
  const fresh: Indexed[] = [];
  let highWater = batch.highWater;
  batch.deliveries.forEach((delivery, index) => {
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
    highWater = Math.max(highWater, delivery.record.position);
  }
  return { settledCount, highWater, error: run.error };
}
