import type { ServiceName } from '@specie/contracts';
import type { BatchProcessor } from '../batch-processor.js';
import type { ConsumptionStore, OwnedProgress, Progress } from '../consumption-store.js';
import { describeError } from '../errors.js';
import { HaltedError, type Fault } from '../halt.js';
import { Lag } from '../lag.js';
import { LogConnection } from '../log-connection.js';
import type { LogRecord } from '../log-record.js';
import { partitionOf } from '../partition.js';
import type { OwnedPartition } from '../partition-leases.js';
import { backoffMs, pause } from '../pause.js';
import type { BusLogger, BusMetrics, Delivery, SourceStatus } from '../ports.js';
import { HaltGate } from '../verify/halt-gate.js';
import type { HaltStore } from '../verify/halt-store.js';
import { verifyPage } from '../verify/page-verifier.js';
import { genesis, type ChainPoint, type LogKeys } from '../verify/partition-chain.js';
import type { PartitionOwnership } from './partition-ownership.js';

export interface SourceReaderOptions {
  readonly source: ServiceName;
  readonly databaseUrl: string;
  readonly store: ConsumptionStore;
  readonly haltStore: HaltStore;
  readonly keys: LogKeys;
  readonly processor: BatchProcessor;
  readonly ownership: PartitionOwnership;
  readonly partitionCount: number;
  readonly pageSize: number;
  readonly pollMs: number;
  readonly metrics: BusMetrics;
  readonly logger: BusLogger;
}

interface PartitionState {
  /** What was verified and settled. */
  readonly head: ChainPoint;
  /** What took effect: behind the head only while progress without a hash is verified from the first event. */
  readonly highWater: number;
}

const lookAheadEveryMs = 1_000;
/** An append may be longer than a page; its signature is looked for in pages that grow up to this. */
const pageSizeMax = 128_000;

/**
 * Pages one publisher's log, proves every page and hands it, split by partition, to the processor. The next
 * page is read ahead but not handled before the last one is settled: that is the backpressure.
 */
export class SourceReader {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private state: SourceStatus['state'] = 'starting';
  private error: string | null = null;
  private states = new Map<number, PartitionState>();
  private owned: readonly OwnedPartition[] = [];
  private readonly lag = new Lag();
  private pageSize: number;
  private readonly gate: HaltGate;
  private connection: LogConnection | null = null;
  private isUnbalanced = true;
  private failureCount = 0;
  private failingSince: string | null = null;
  /** What was owned when a failure put the ownership in doubt; for the status alone. */
  private ownedBefore = new Map<number, PartitionState>();
  private ahead: {
    readonly afterPosition: number;
    readonly page: Promise<readonly LogRecord[]>;
  } | null = null;

  private readonly options: SourceReaderOptions;

  constructor(options: SourceReaderOptions) {
    this.options = options;
    this.pageSize = options.pageSize;
    this.gate = new HaltGate(options);
  }

  start(): void {
    this.options.ownership.onUnbalanced(this.options.source, () => {
      this.isUnbalanced = true;
      this.connection?.wakeUp();
    });
    this.running = this.run();
  }

  status(): SourceStatus {
    const { source, ownership, processor } = this.options;
    const owned = this.states.size > 0 ? this.states : this.ownedBefore;
    return processor.withWaiting({
      source,
      state: this.state,
      error: this.error,
      since: this.failingSince,
      tryCount: this.failureCount,
      partitions: [...owned].map(([partition, { highWater }]) => ({ partition, highWater })),
      backlog: this.lag.backlog,
      stalledMs: this.lag.stalledMs,
      unowned: ownership.unowned(source),
    });
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
        this.connection = connection;
        this.ahead = null;
        while (!signal.aborted) {
          await this.turn(connection);
        }
      } catch (error) {
        this.fail(error);
        if (!(error instanceof HaltedError)) {
          logger.warn('reading a log failed', { source, error: this.error });
        }
        await pause(backoffMs(this.failureCount, 50, 2_000), signal);
      } finally {
        this.connection = null;
        await connection?.close();
      }
    }
  }

  private async turn(connection: LogConnection): Promise<void> {
    const { pollMs, metrics, source } = this.options;
    const { signal } = this.stopping;
    if (this.isUnbalanced || this.owned.some(({ signal: lost }) => lost.aborted)) {
      await this.adjust();
    }
    if (this.states.size === 0) {
      this.succeed();
      this.lag.know(0);
      metrics.backlog?.(source, -1, 0);
      await connection.grown(pollMs, signal);
      return;
    }
    const after = lowest([...this.states.values()].map(({ head }) => head));
    const { records, fault, isEnd } = await this.provenPage(connection, after);
    if (records.length > 0) {
      this.lag.know(Math.max(this.lag.backlog, records.length));
      const lookingAhead = setInterval(() => void this.lookAhead(connection), lookAheadEveryMs);
      try {
        await this.handlePage(after, records);
      } finally {
        clearInterval(lookingAhead);
      }
    }
    if (fault) {
      throw await this.gate.close(
        { partitions: this.standingAt(fault), partitionCount: this.options.partitionCount },
        fault,
      );
    }
    if (isEnd) {
      await this.gate.open([...this.states.keys()]);
      this.succeed();
      this.lag.know(0);
      metrics.backlog?.(source, -1, 0);
    }
    if (isEnd && records.length === 0) {
      await connection.grown(pollMs, signal);
    }
  }

  /** The page after `after` up to its last signed head, and what is wrong behind that. */
  private async provenPage(
    connection: LogConnection,
    after: ChainPoint,
  ): Promise<{
    readonly records: readonly LogRecord[];
    readonly fault: Fault | null;
    readonly isEnd: boolean;
  }> {
    const { source, keys, pageSize } = this.options;
    const page = await this.page(connection, after.position);
    const isEnd = page.length < this.pageSize + (after.position === 0 ? 0 : 1);
    const { records, fault } = verifyPage({
      logName: source,
      keys: keys(source),
      after,
      records: page,
      isEnd,
    });
    const misfit = fault ? null : this.misfitOf(records);
    if (misfit) {
      return { records: [], fault: misfit, isEnd };
    }
    const isCut = records.length === 0 && !isEnd && fault === null;
    this.pageSize = isCut ? Math.min(this.pageSize * 2, pageSizeMax) : pageSize;
    const last = records.at(-1);
    if (last && !isEnd && fault === null) {
      const next = catchLater(connection.read(last.position, pageSize));
      this.ahead = { afterPosition: last.position, page: next };
    }
    return { records, fault, isEnd };
  }

  /** Partitions that are ahead of the page's start must find their own event in it too. */
  private misfitOf(records: readonly LogRecord[]): Fault | null {
    const first = records[0]?.position ?? 0;
    for (const { head } of this.states.values()) {
      const record = head.position < first ? undefined : records[head.position - first];
      if (record && !record.chainHash.equals(head.hash)) {
        const detail = 'the log has another event at this position';
        return { reason: 'diverged', position: head.position, kafkaOffset: null, detail };
      }
    }
    return null;
  }

  /** The partitions that cannot go on; one that is past the fault learns of it when it is its turn. */
  private standingAt({ reason, position }: Fault): readonly number[] {
    const isBehind = ({ head }: PartitionState): boolean => head.position < (position ?? 0);
    return [...this.states]
      .filter(([, state]) => reason === 'diverged' || isBehind(state))
      .map(([partition]) => partition);
  }

  private async handlePage(after: ChainPoint, page: readonly LogRecord[]): Promise<void> {
    const { source, partitionCount, processor, store } = this.options;
    const hashes = new Map(page.map(({ position, chainHash }) => [position, chainHash]));
    hashes.set(after.position, after.hash);
    const last = page.at(-1)?.position ?? after.position;
    const byPartition = new Map<number, Delivery[]>(
      [...this.states.keys()].map((partition) => [partition, []]),
    );
    for (const record of page) {
      const partition = partitionOf(record.streamId, partitionCount);
      byPartition
        .get(partition)
        ?.push({ source, partition, record, previousPosition: null, kafkaOffset: null });
    }
    const failures: Error[] = [];
    const progress = await Promise.all(
      this.owned.map(async ({ partition, lease, signal }): Promise<OwnedProgress> => {
        const deliveries = byPartition.get(partition) ?? [];
        const { head, highWater } = this.states.get(partition) ?? { head: genesis, highWater: 0 };
        const result = await processor.run({
          source,
          partition,
          deliveries,
          highWater,
          lease,
          signal: AbortSignal.any([this.stopping.signal, signal]),
          onSettled: () => this.lag.settled(),
        });
        if (result.error) {
          failures.push(result.error);
        }
        const open = deliveries[result.settledCount];
        // A settled page holds nothing else of this partition, so its end counts, not its last event here.
        const position = Math.max(head.position, open ? open.record.position - 1 : last);
        const chainHash = hashes.get(position) ?? head.hash;
        return { partition, position, chainHash, nextOffset: null, lease };
      }),
    );
    await store.advance(source, progress);
    for (const { partition, position, chainHash } of progress) {
      const highWater = Math.max(position, this.states.get(partition)?.highWater ?? 0);
      this.states.set(partition, {
        head: { position, hash: chainHash ?? genesis.hash },
        highWater,
      });
    }
    this.lag.settled();
    const [failure] = failures;
    if (failure) {
      throw failure;
    }
    if (!this.gate.isClosed) {
      this.succeed();
    }
  }

  private page(connection: LogConnection, afterPosition: number): Promise<readonly LogRecord[]> {
    const { ahead } = this;
    this.ahead = null;
    return ahead?.afterPosition === afterPosition
      ? ahead.page
      : connection.read(afterPosition, this.pageSize);
  }

  private async adjust(): Promise<void> {
    const { ownership, source, store } = this.options;
    this.isUnbalanced = false;
    const owned = await ownership.adjust(source);
    const isKept = ({ partition, lease }: OwnedPartition): boolean =>
      this.owned.some((before) => before.partition === partition && before.lease === lease);
    // A lease that was lost and taken again starts from what is stored: another may have gone on meanwhile.
    const added = owned.filter((entry) => !isKept(entry)).map(({ partition }) => partition);
    const progress = added.length > 0 ? await store.progress(source, added) : [];
    const loaded = new Map(progress.map((entry) => [entry.partition, stateOf(entry)]));
    this.gate.retain(owned.map(({ partition }) => partition));
    for (const partition of added) {
      await this.gate.load(partition);
    }
    this.states = new Map(
      owned.map(({ partition }) => [
        partition,
        loaded.get(partition) ?? this.states.get(partition) ?? { head: genesis, highWater: 0 },
      ]),
    );
    this.owned = owned;
    this.ownedBefore = new Map();
  }

  /** How far the log has grown while a page is being handled. */
  private async lookAhead(connection: LogConnection): Promise<void> {
    const { source, metrics } = this.options;
    try {
      const { position } = await connection.head();
      this.lag.know(position - lowest([...this.states.values()].map(({ head }) => head)).position);
      metrics.backlog?.(source, -1, this.lag.backlog);
    } catch {
      // Whoever reads the log reports that the connection is lost.
    }
  }

  private succeed(): void {
    this.state = 'running';
    this.error = null;
    this.failureCount = 0;
    this.failingSince = null;
  }

  /** Ownership may be gone with the same database that failed: what is owned is asked for again. */
  private fail(error: unknown): void {
    this.state = error instanceof HaltedError ? 'halted' : 'failing';
    this.error = describeError(error);
    this.failureCount += 1;
    this.failingSince ??= new Date().toISOString();
    this.ownedBefore = this.states.size > 0 ? this.states : this.ownedBefore;
    this.pageSize = this.options.pageSize;
    this.states = new Map();
    this.owned = [];
    this.isUnbalanced = true;
  }
}

/** Progress without a hash was made before anything was verified: it is verified from the first event. */
function stateOf({ position, chainHash }: Progress): PartitionState {
  const head = position === 0 || chainHash === null ? genesis : { position, hash: chainHash };
  return { head, highWater: position };
}

function lowest(heads: readonly ChainPoint[]): ChainPoint {
  return heads.reduce((least, head) => (head.position < least.position ? head : least));
}

/** A page read ahead may fail before anyone awaits it; the failure is still seen by whoever does. */
function catchLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
