import type { PostgresEventStore, WriterLease } from '@specie/postgres-event-store';
import { describeError, type Logger } from '../logging.js';

export type WriterState = 'standby' | 'promoting' | 'writer' | 'stopped';

export interface WriterRoleOptions {
  readonly store: Pick<PostgresEventStore, 'becomeWriter' | 'currentWriter'>;
  readonly instanceId: string;
  readonly logger: Logger;
  /** Makes this instance ready to decide and consume; runs with the lease held, before any write is taken. */
  readonly promote: () => Promise<void>;
  /** Undoes `promote`; afterwards nothing of this instance decides or consumes. */
  readonly demote: () => Promise<void>;
  /** The state of this instance cannot be trusted any more; the process must end and start clean. */
  readonly onDoubt: () => void;
}

/** A writer silent for longer than this has lost, or is about to lose, its lease. */
const heartbeatAgeMsMax = 5_000;
const writerCacheMs = 250;
const promoteFailureCountMax = 3;
const retryMs = 1_000;
/** Leaving a Kafka group may have to wait for a rebalance; what takes longer than that hangs. */
const demoteTimeMsMax = 30_000;

/**
 * Who writes this log. With a single writer the instances compete for a lease; the one that holds it is promoted, and
 * demoted when it loses it. Without one, every instance is a writer from the start.
 */
export class WriterRole {
  private current: WriterState = 'standby';
  private lease: WriterLease | undefined;
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private known: { readonly url: string | null; readonly atMs: number } | undefined;
  private readonly options: WriterRoleOptions;
  readonly isExclusive: boolean;

  constructor(isExclusive: boolean, options: WriterRoleOptions) {
    this.isExclusive = isExclusive;
    this.options = options;
  }

  get state(): WriterState {
    return this.current;
  }

  /** Whether this instance may decide commands now. */
  get isWriter(): boolean {
    return this.current === 'writer';
  }

  /** Where the writer is reached; null when nobody is known to write now. */
  async writerUrl(): Promise<string | null> {
    const nowMs = performance.now();
    if (this.known && nowMs - this.known.atMs < writerCacheMs) {
      return this.known.url;
    }
    const writer = await this.options.store.currentWriter();
    const isThere =
      writer !== null &&
      writer.heartbeatAgeMs < heartbeatAgeMsMax &&
      writer.instanceId !== this.options.instanceId;
    const url = isThere ? writer.advertisedUrl : null;
    this.known = { url, atMs: nowMs };
    return url;
  }

  /** Forgets where the writer was; call it when it could not be reached. */
  forgetWriter(): void {
    this.known = undefined;
  }

  /** Starts to write at once, or to wait for the lease. */
  async start(advertisedUrl: string): Promise<void> {
    if (!this.isExclusive) {
      await this.options.promote();
      this.current = 'writer';
      return;
    }
    this.running = this.compete(advertisedUrl);
  }

  /** Steps down for good. The lease itself is given back by closing the store, after its queue is empty. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.current = 'stopped';
    await this.running;
    // Also after a promotion that was under way when the order to stop came.
    await this.options.demote();
  }

  private async compete(advertisedUrl: string): Promise<void> {
    const { store, instanceId, logger } = this.options;
    const { signal } = this.stopping;
    let failureCount = 0;
    while (!signal.aborted) {
      let lost: () => void = () => undefined;
      const ended = new Promise<void>((resolve) => {
        lost = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      try {
        this.lease = await store.becomeWriter({ instanceId, advertisedUrl, signal, onLost: lost });
      } catch (error) {
        if (!signal.aborted) {
          logger.error(describeError(error), 'waiting for the writer lease failed');
          await pause(retryMs, signal);
        }
        continue;
      }
      const promoted = await this.tryPromote();
      failureCount = promoted ? 0 : failureCount + 1;
      if (failureCount >= promoteFailureCountMax) {
        this.options.onDoubt();
      }
      if (promoted) {
        await ended;
      }
      if (!signal.aborted) {
        await this.stepDown(promoted);
      }
    }
  }

  private async tryPromote(): Promise<boolean> {
    const { promote, logger } = this.options;
    this.current = 'promoting';
    try {
      await promote();
      if (this.stopping.signal.aborted) {
        return true;
      }
      this.current = 'writer';
      logger.info({ epoch: this.lease?.epoch }, 'became the writer');
      return true;
    } catch (error) {
      logger.error(describeError(error), 'could not take over as the writer');
      return false;
    }
  }

  private async stepDown(wasPromoted: boolean): Promise<void> {
    const { demote, logger, onDoubt } = this.options;
    this.current = 'standby';
    logger.warn({ epoch: this.lease?.epoch }, 'no longer the writer');
    try {
      await within(demoteTimeMsMax, demote());
      await this.lease?.release();
    } catch (error) {
      logger.fatal(describeError(error), 'could not stop writing cleanly');
      onDoubt();
    }
    if (!wasPromoted) {
      await pause(retryMs, this.stopping.signal);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

async function within(timeMsMax: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${timeMsMax} ms`)), timeMsMax);
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
