import type { ServiceName } from '@specie/contracts';
import type { BatchProcessor } from '../batch-processor.js';
import type { ConsumptionStore, Progress } from '../consumption-store.js';
import { describeError, GapError } from '../errors.js';
import { LogConnection } from '../log-connection.js';
import type { LogRecord } from '../log-record.js';
import { partitionOf } from '../partition.js';
import { backoffMs, pause } from '../pause.js';
import type { BusLogger, BusMetrics, Delivery, SourceStatus } from '../ports.js';
import type { PartitionOwnership } from './partition-ownership.js';

export interface SourceReaderOptions {
  readonly source: ServiceName;
  readonly databaseUrl: string;
  readonly store: ConsumptionStore;
  readonly processor: BatchProcessor;
  readonly ownership: PartitionOwnership;
  readonly partitionCount: number;
  readonly pageSize: number;
  readonly pollMs: number;
  readonly metrics: BusMetrics;
  readonly logger: BusLogger;
}

const adjustEveryMs = 500;

/**
 * Pages one publisher's log and hands every page, split by partition, to the processor. The next page is
 * read ahead but not handled before the last one is settled: that is the backpressure.
 */
export class SourceReader {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private state: SourceStatus['state'] = 'starting';
  private error: string | null = null;
  private highWaters = new Map<number, number>();
  private adjustedAt = 0;
  private failureCount = 0;
  private ahead: {
    readonly afterPosition: number;
    readonly page: Promise<readonly LogRecord[]>;
  } | null = null;

  private readonly options: SourceReaderOptions;

  constructor(options: SourceReaderOptions) {
    this.options = options;
  }

  start(): void {
    this.running = this.run();
  }

  status(): SourceStatus {
    return {
      source: this.options.source,
      state: this.state,
      error: this.error,
      partitions: [...this.highWaters].map(([partition, highWater]) => ({ partition, highWater })),
    };
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.state = 'stopped';
  }

  private async run(): Promise<void> {
    const { source, databaseUrl, logger } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let connection: LogConnection | null = null;
      try {
        connection = await LogConnection.open(databaseUrl, {
          applicationName: `specie event bus ${source}`,
        });
        this.ahead = null;
        while (!signal.aborted) {
          await this.turn(connection);
        }
      } catch (error) {
        this.fail(error);
        logger.warn('reading a log failed', { source, error: this.error });
        await pause(backoffMs(this.failureCount, 50, 2_000), signal);
      } finally {
        await connection?.close();
      }
    }
  }

  private async turn(connection: LogConnection): Promise<void> {
    const { pollMs, pageSize, metrics, source } = this.options;
    const { signal } = this.stopping;
    if (Date.now() - this.adjustedAt >= adjustEveryMs) {
      await this.adjust();
    }
    if (this.highWaters.size === 0) {
      this.succeed();
      await pause(adjustEveryMs, signal);
      return;
    }
    const after = Math.min(...this.highWaters.values());
    const page = await this.page(connection, after);
    if (page.length === 0) {
      this.succeed();
      metrics.backlog?.(source, -1, 0);
      await connection.grown(pollMs, signal);
      return;
    }
    assertDense(source, after, page);
    const last = after + page.length;
    this.ahead =
      page.length === pageSize
        ? { afterPosition: last, page: catchLater(connection.read(last, pageSize)) }
        : null;
    await this.handlePage(page, last);
  }

  private async handlePage(page: readonly LogRecord[], last: number): Promise<void> {
    const { source, partitionCount, processor, store } = this.options;
    const { signal } = this.stopping;
    const byPartition = new Map<number, Delivery[]>(
      [...this.highWaters.keys()].map((partition) => [partition, []]),
    );
    for (const record of page) {
      const partition = partitionOf(record.streamId, partitionCount);
      byPartition
        .get(partition)
        ?.push({ source, partition, record, previousPosition: null, kafkaOffset: null });
    }
    const failures: Error[] = [];
    const progress = await Promise.all(
      [...byPartition].map(async ([partition, deliveries]): Promise<Progress> => {
        const highWater = this.highWaters.get(partition) ?? 0;
        const result = await processor.run({ source, partition, deliveries, highWater, signal });
        if (result.error) {
          failures.push(result.error);
        }
        const open = deliveries[result.settledCount];
        // A settled page holds nothing else of this partition, so its end counts, not its last event here.
        const position = open
          ? Math.max(highWater, open.record.position - 1)
          : Math.max(highWater, last);
        return { partition, position, nextOffset: null };
      }),
    );
    await store.advance(source, progress);
    progress.forEach(({ partition, position }) => this.highWaters.set(partition, position));
    const [failure] = failures;
    if (failure) {
      throw failure;
    }
    this.succeed();
  }

  private page(connection: LogConnection, afterPosition: number): Promise<readonly LogRecord[]> {
    const { ahead } = this;
    this.ahead = null;
    return ahead?.afterPosition === afterPosition
      ? ahead.page
      : connection.read(afterPosition, this.options.pageSize);
  }

  private async adjust(): Promise<void> {
    const { ownership, source, store } = this.options;
    const owned = await ownership.adjust(source);
    const added = owned.filter((partition) => !this.highWaters.has(partition));
    const progress = added.length > 0 ? await store.progress(source, added) : [];
    const loaded = new Map(progress.map(({ partition, position }) => [partition, position]));
    this.highWaters = new Map(
      owned.map((partition) => [
        partition,
        this.highWaters.get(partition) ?? loaded.get(partition) ?? 0,
      ]),
    );
    this.adjustedAt = Date.now();
  }

  private succeed(): void {
    this.state = 'running';
    this.error = null;
    this.failureCount = 0;
  }

  /** Ownership may be gone with the same database that failed: what is owned is asked for again. */
  private fail(error: unknown): void {
    this.state = 'failing';
    this.error = describeError(error);
    this.failureCount += 1;
    this.highWaters = new Map();
    this.adjustedAt = 0;
  }
}

/** The log has no gaps; a hole in a page means that rows were taken out of it. */
function assertDense(source: ServiceName, after: number, page: readonly LogRecord[]): void {
  const wrong = page.findIndex((record, index) => record.position !== after + index + 1);
  if (wrong !== -1) {
    throw new GapError(`the log of ${source} has no event at position ${after + wrong + 1}`);
  }
}

/** A page read ahead may fail before anyone awaits it; the failure is still seen by whoever does. */
function catchLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
