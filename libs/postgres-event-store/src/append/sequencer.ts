import type { AppendOutcome } from '@specie/event-sourcing';
import {
  EventStoreUnavailableError,
  headMovedCode,
  isConnectionLoss,
  sqlStateOf,
} from '../connection/errors.js';
import type { BatchBuilder, Knowledge } from './batch-builder.js';
import type { Command } from './command.js';
import {
  LockedWriter,
  rejectAll,
  type PrepareLocked,
  type SequencerOptions,
  type Waiting,
} from './locked-writer.js';
import { LogTail } from './log-tail.js';
import { lookUpVersions, type RunQuery } from './look-up.js';
import { nextBatchSize, nextTask, stateOf, type Situation } from './sequencer-state.js';

interface Sent {
  readonly batch: BatchBuilder;
  readonly waiting: readonly Waiting[];
  readonly outcomes: readonly AppendOutcome[];
}

interface Failure {
  readonly error: unknown;
  readonly sent: Sent[];
}

/** After another instance appended, this many batches lock the head first: waiting in line beats guessing. */
const lockedBatchCount = 16;

/**
 * The single road into the log of one instance: gathers commands into batches and commits them one after
 * another, preparing the next while the server works. Batches are first built on what memory says
 * ("optimistic", one message to the server) and, on any doubt, on what the tables say while the head row is
 * locked ("locked"), which is always exact.
 */
export class Sequencer {
  private readonly options: SequencerOptions;
  private readonly tail = new LogTail();
  private readonly locked: LockedWriter;
  private readonly query: RunQuery;
  private queue: Waiting[] = [];
  private doubtful: Waiting[] = [];
  private readonly jobs: (() => Promise<void>)[] = [];
  private inFlight: Sent[] = [];
  private failure: Failure | null = null;
  private exclusive = false;
  private pumpScheduled = false;
  private lockedBatchesLeft = 0;
  private closed = false;
  private idleWaiters: (() => void)[] = [];

  constructor(options: SequencerOptions) {
    this.options = options;
    this.locked = new LockedWriter(options, this.tail);
    this.query = (text, values) => options.session.query(text, values);
  }

  append(command: Command): Promise<AppendOutcome> {
    if (this.closed) {
      return Promise.reject(new EventStoreUnavailableError('the event store is closed'));
    }
    if (this.queue.length >= this.options.queuedCommandCountMax) {
      return Promise.reject(
        new EventStoreUnavailableError('too many commands wait for the event store'),
      );
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ command, resolve, reject });
      this.schedulePump();
    });
  }

  /** Runs `prepare` and its append while no instance can append; see `PostgresEventStore.appendWhileLocked`. */
  appendWhileLocked(prepare: PrepareLocked): Promise<AppendOutcome> {
    if (this.closed) {
      return Promise.reject(new EventStoreUnavailableError('the event store is closed'));
    }
    return new Promise((resolve, reject) => {
      this.jobs.push(async () => {
        await this.locked.run([{ resolve, reject, prepare }]);
      });
      this.schedulePump();
    });
  }

  /** From now on only batches of `epoch` are accepted (null: of whatever epoch the head has). */
  setLeaseEpoch(epoch: number | null): void {
    this.tail.leaseEpoch = epoch;
    this.tail.forget();
  }

  /** Refuses new commands and waits until every accepted one is answered. */
  async close(): Promise<void> {
    this.closed = true;
    while (stateOf(this.situation()) !== 'idle') {
      await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
    }
    await this.options.session.discard();
  }

  private situation(): Situation {
    return {
      isExclusive: this.exclusive,
      inFlightCount: this.inFlight.length,
      inFlightMax: this.options.pipelineDepth,
      hasFailed: this.failure !== null,
      jobCount: this.jobs.length,
      doubtfulCount: this.doubtful.length,
      queuedCount: this.queue.length,
      lockedBatchesLeft: this.lockedBatchesLeft,
      isHeadKnown: this.tail.head !== null,
      isSessionOpen: this.options.session.isOpen,
      isFenced: this.isUnanswerable(),
    };
  }

  /** A macrotask, so that callers answered together are batched together again. */
  private schedulePump(): void {
    if (!this.pumpScheduled) {
      this.pumpScheduled = true;
      setImmediate(() => {
        this.pumpScheduled = false;
        this.pump();
      });
    }
  }

  private pump(): void {
    for (;;) {
      switch (stateOf(this.situation())) {
        case 'sending':
          this.sendOptimistic();
          if (this.doubtful.length > 0) {
            this.schedulePump();
            return;
          }
          break;
        case 'fenced':
          this.answerFenced(this.queue.splice(0));
          break;
        case 'quiet':
          this.runExclusive(() => this.step());
          return;
        case 'idle':
          for (const resolve of this.idleWaiters.splice(0)) {
            resolve();
          }
          return;
        case 'full':
        case 'committing':
        case 'draining':
        case 'exclusive':
          // The pump runs again at the end of what is under way.
          return;
      }
    }
  }

  private runExclusive(task: () => Promise<void>): void {
    this.exclusive = true;
    task()
      .catch((error: unknown) => this.rejectEverything(error))
      .finally(() => {
        this.exclusive = false;
        this.schedulePump();
      });
  }

  /** One task that must have the connection for itself. */
  private async step(): Promise<void> {
    if (this.failure) {
      const failure = this.failure;
      this.failure = null;
      await this.recover(failure);
      return;
    }
    await this.options.session.open();
    switch (nextTask(this.situation())) {
      case 'run_job':
        await this.jobs.shift()?.();
        return;
      case 'judge_on_tables':
        await this.judgeOnTables();
        return;
      case 'read_head':
        await this.readHead();
        return;
      case 'recover':
      case 'open':
      case null:
        return;
    }
  }

  private async judgeOnTables(): Promise<void> {
    const max = this.options.batchCommandCountMax;
    const batch = this.doubtful.splice(0, max);
    batch.push(...this.queue.splice(0, max - batch.length));
    this.lockedBatchesLeft = Math.max(0, this.lockedBatchesLeft - 1);
    await this.locked.run(batch);
  }

  private async readHead(): Promise<void> {
    const { session } = this.options;
    try {
      this.tail.meet(await session.readHead());
    } catch (error) {
      // The next step reopens the session; `open` limits how long that may take.
      if (!isConnectionLoss(error)) {
        throw error;
      }
      await session.discard();
    }
  }

  private isUnanswerable(): boolean {
    const epoch = this.tail.head?.epoch;
    return this.tail.leaseEpoch === null
      ? this.options.singleWriter
      : epoch !== undefined && epoch !== this.tail.leaseEpoch;
  }

  private sendOptimistic(): void {
    const head = this.tail.head;
    if (!head) {
      return;
    }
    const count = nextBatchSize(this.situation(), this.options.batchCommandCountMax);
    const unknown = this.tail.unknownStreams(this.queue.slice(0, count));
    if (unknown.length > 0) {
      this.runExclusive(() => this.learnVersions(unknown));
      return;
    }
    const candidates = this.queue.splice(0, count);
    const knowledge: Knowledge = {
      answerOf: () => undefined,
      inInbox: () => false,
      earlierRun: () => 'none',
      versionOf: (streamId) => this.tail.versionOf(streamId),
    };
    const batch = this.locked.newBatch(head, knowledge);
    const waiting: Waiting[] = [];
    const outcomes: AppendOutcome[] = [];
    for (const candidate of candidates) {
      if (this.needsTransaction(candidate.command)) {
        this.doubtful.push(candidate);
        continue;
      }
      const outcome = batch.judge(candidate.command);
      if (outcome.outcome === 'appended') {
        waiting.push(candidate);
        outcomes.push(outcome);
      } else {
        // Memory may be behind another instance, so only the tables may refuse.
        this.doubtful.push(candidate);
      }
    }
    if (waiting.length === 0) {
      return;
    }
    batch.seal(this.options.signingKey);
    this.tail.advance(batch, head.epoch);
    this.send({ batch, waiting, outcomes }, head.epoch);
  }

  /** Without projections a batch is one message; side rows need statements of their own. */
  private needsTransaction({ request }: Command): boolean {
    return this.options.projector.isEmpty && (request.sideRows?.length ?? 0) > 0;
  }

  private async learnVersions(streamIds: readonly string[]): Promise<void> {
    const { tables, session } = this.options;
    try {
      this.tail.learn(await lookUpVersions(this.query, tables, streamIds));
    } catch (error) {
      if (!isConnectionLoss(error)) {
        throw error;
      }
      this.tail.forget();
      if (this.inFlight.length === 0) {
        await session.discard();
      }
    }
  }

  private send(sent: Sent, epoch: number): void {
    this.inFlight.push(sent);
    this.commitOptimistic(sent, epoch).then(
      () => {
        this.inFlight.shift();
        this.settle(sent);
        this.schedulePump();
      },
      (error: unknown) => {
        this.inFlight.shift();
        this.failure ??= { error, sent: [] };
        this.failure.sent.push(sent);
        this.schedulePump();
      },
    );
  }

  private async commitOptimistic({ batch }: Sent, epoch: number): Promise<void> {
    const { session, projector } = this.options;
    if (projector.isEmpty) {
      await session.write(batch, epoch);
      return;
    }
    try {
      await session.begin();
      await this.locked.writeInTransaction(batch, epoch);
      await session.commit();
    } catch (error) {
      await session.rollback();
      throw error;
    }
  }

  private settle({ waiting, outcomes, batch }: Sent): void {
    for (const [index, { resolve }] of waiting.entries()) {
      resolve(outcomes[index] as AppendOutcome);
    }
    this.locked.recycle(batch);
    if (batch.events.length > 0) {
      this.options.onCommitted();
    }
  }

  /** Finds out what became of failed batches, then repeats what did not commit, exactly. */
  private async recover(failure: Failure): Promise<void> {
    const { session } = this.options;
    this.tail.forget();
    const state = sqlStateOf(failure.error);
    if (state === headMovedCode) {
      this.lockedBatchesLeft = lockedBatchCount;
    }
    if (isConnectionLoss(failure.error) || !session.isOpen) {
      await session.discard();
      try {
        await session.open();
      } catch (error) {
        for (const { waiting } of failure.sent) {
          rejectAll(waiting, error);
        }
        throw error;
      }
      await this.confirmAfterLoss(failure.sent);
      return;
    }
    this.doubtful.unshift(...failure.sent.flatMap(({ waiting }) => waiting));
  }

  private async confirmAfterLoss(sent: readonly Sent[]): Promise<void> {
    for (const [index, one] of sent.entries()) {
      let committed: boolean;
      try {
        committed = await this.locked.hasCommitted(one.batch);
      } catch (error) {
        // Still unknown: keep the question, and ask again on a new connection.
        this.failure = { error, sent: [...sent.slice(index)] };
        await this.options.session.discard();
        return;
      }
      if (committed) {
        this.settle(one);
      } else {
        this.doubtful.push(...one.waiting);
      }
    }
  }

  private answerFenced(waiting: readonly Waiting[]): void {
    this.options.onFenced();
    for (const { resolve } of waiting) {
      resolve({ outcome: 'fenced' });
    }
  }

  private rejectEverything(error: unknown): void {
    this.tail.forget();
    rejectAll([...this.doubtful.splice(0), ...this.queue.splice(0)], error);
    for (const job of this.jobs.splice(0)) {
      // The session cannot be opened: each job finds that out for itself and rejects its caller.
      job().catch(() => undefined);
    }
  }
}
