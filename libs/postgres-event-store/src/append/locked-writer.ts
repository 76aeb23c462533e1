import type { KeyObject } from 'node:crypto';
import type { AppendOutcome } from '@specie/event-sourcing';
import type { EntityManager } from 'typeorm';
import {
  EventStoreUnavailableError,
  fencedCode,
  isConnectionLoss,
  isTransient,
  sqlStateOf,
  violatedConstraint,
} from '../connection/errors.js';
import { ChainHasher } from '../record/canonical.js';
import type { LogTables } from '../schema/log-tables.js';
import { insertRows } from '../schema/set-writes.js';
import { BatchBuilder, type BatchBase, type Knowledge } from './batch-builder.js';
import { BatchRowsPool } from './batch-rows.js';
import type { Command } from './command.js';
import { lookUp } from './look-up.js';
import type { LogTail } from './log-tail.js';
import type { Projector } from './projector.js';
import type { WriteSession } from './write-session.js';

export interface LockedView {
  readonly manager: EntityManager;
  readonly position: number;
  readonly chainHash: Buffer;
}

export interface SequencerOptions {
  readonly logName: string;
  readonly tables: LogTables;
  readonly session: WriteSession;
  readonly signingKey: KeyObject;
  readonly projector: Projector;
  readonly singleWriter: boolean;
  readonly batchCommandCountMax: number;
  readonly queuedCommandCountMax: number;
  readonly pipelineDepth: number;
  readonly onCommitted: () => void;
  readonly onFenced: () => void;
}

export interface Waiting {
  readonly command: Command;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export type PrepareLocked = (view: LockedView) => Promise<Command>;

export type LockedWaiting = Pick<Waiting, 'resolve' | 'reject'> &
  ({ readonly command: Command } | { readonly prepare: PrepareLocked });

export function rejectAll(waiting: readonly Pick<Waiting, 'reject'>[], error: unknown): void {
  for (const { reject } of waiting) {
    reject(error);
  }
}

const attemptCountMax = 6;

/** Commits batches that are judged on the tables while the head row is locked: slower, and always exact. */
export class LockedWriter {
  private readonly options: SequencerOptions;
  private readonly tail: LogTail;
  private readonly hasher: ChainHasher;
  private readonly rowsPool = new BatchRowsPool();

  constructor(options: SequencerOptions, tail: LogTail) {
    this.options = options;
    this.tail = tail;
    this.hasher = new ChainHasher(options.logName);
  }

  /** Answers every one of `waiting`. @throws when the database stays away; all are rejected then. */
  async run(waiting: readonly LockedWaiting[]): Promise<void> {
    try {
      await this.runLocked(waiting);
    } catch (error) {
      // Those that were answered before are not affected by a second settlement.
      rejectAll(waiting, error);
      throw error;
    }
  }

  newBatch(base: BatchBase, knowledge: Knowledge): BatchBuilder {
    return new BatchBuilder({
      logName: this.options.logName,
      base: { position: base.position, chainHash: base.chainHash },
      knowledge,
      hasher: this.hasher,
      nowMs: Date.now(),
      rows: this.rowsPool.take(),
    });
  }

  /** To be called once for a committed batch. */
  recycle(batch: BatchBuilder): void {
    this.rowsPool.giveBack(batch.rows);
  }

  async writeInTransaction(batch: BatchBuilder, epoch: number): Promise<void> {
    const { session, projector } = this.options;
    await session.write(batch, epoch);
    if (batch.events.length > 0) {
      await projector.project(session.manager, batch.events);
    }
    for (const { table, rows } of batch.sideRows) {
      await insertRows(session.manager, table, rows);
    }
  }

  /** Locking the head waits for the end of the old connection's transaction; then its result is certain. */
  async hasCommitted(batch: BatchBuilder): Promise<boolean> {
    const { session, tables } = this.options;
    if (batch.events.length === 0) {
      // Side rows only: repeated under the lock, where the inbox and the answers are looked at.
      return false;
    }
    await session.begin();
    try {
      await session.lockHead();
      const rows = await session.query<{ chain_hash: Buffer }>(
        `select chain_hash from ${tables.events} where position = $1`,
        [batch.position],
      );
      return rows[0]?.chain_hash.equals(batch.chainHash) ?? false;
    } finally {
      await session.rollback();
    }
  }

  /** Runs commands exactly, splitting the batch until a violated constraint stands alone with its command. */
  private async runLocked(waiting: readonly LockedWaiting[], attempt = 1): Promise<void> {
    const { session } = this.options;
    const trial: { batch: BatchBuilder | null; outcomes: AppendOutcome[] } = {
      batch: null,
      outcomes: [],
    };
    try {
      await session.open();
      await this.tryLocked(waiting, trial);
    } catch (error) {
      await session.rollback();
      this.tail.forget();
      if (error instanceof EventStoreUnavailableError) {
        rejectAll(waiting, error);
        throw error;
      }
      if (isConnectionLoss(error)) {
        await session.discard();
        if (
          trial.batch &&
          trial.batch.events.length > 0 &&
          (await this.hasCommittedDespiteLoss(trial.batch))
        ) {
          this.settleLocked(waiting, trial.outcomes, trial.batch);
        } else if (attempt < attemptCountMax) {
          await this.runLocked(waiting, attempt + 1);
        } else {
          rejectAll(
            waiting,
            new EventStoreUnavailableError('the connection was lost repeatedly', { cause: error }),
          );
        }
        return;
      }
      if (isTransient(error) && attempt < attemptCountMax) {
        await this.runLocked(waiting, attempt + 1);
        return;
      }
      if (waiting.length > 1) {
        const middle = Math.ceil(waiting.length / 2);
        await this.runLocked(waiting.slice(0, middle));
        await this.runLocked(waiting.slice(middle));
        return;
      }
      this.answerError(waiting, error);
      return;
    }
    this.settleLocked(waiting, trial.outcomes, trial.batch);
  }

  private async hasCommittedDespiteLoss(batch: BatchBuilder): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.options.session.open();
        return await this.hasCommitted(batch);
      } catch (error) {
        const isFinal = attempt === attemptCountMax || error instanceof EventStoreUnavailableError;
        if (isFinal || !isConnectionLoss(error)) {
          throw error;
        }
        await this.options.session.discard();
      }
    }
  }

  private async tryLocked(
    waiting: readonly LockedWaiting[],
    trial: { batch: BatchBuilder | null; outcomes: AppendOutcome[] },
  ): Promise<void> {
    const { session, tables, signingKey, singleWriter } = this.options;
    await session.begin();
    const head = await session.lockHead();
    if (this.tail.leaseEpoch === null ? singleWriter : head.epoch !== this.tail.leaseEpoch) {
      await session.rollback();
      this.options.onFenced();
      trial.outcomes = waiting.map(() => ({ outcome: 'fenced' }));
      return;
    }
    const commands: Command[] = [];
    for (const one of waiting) {
      const view = { manager: session.manager, position: head.position, chainHash: head.chainHash };
      commands.push('command' in one ? one.command : await one.prepare(view));
    }
    const knowledge = await lookUp((text, values) => session.query(text, values), tables, commands);
    const batch = this.newBatch(head, knowledge);
    trial.outcomes = commands.map((command) => batch.judge(command));
    if (batch.commandCount > 0) {
      batch.seal(signingKey);
      trial.batch = batch;
      await this.writeInTransaction(batch, head.epoch);
      await session.commit();
    } else {
      await session.rollback();
    }
    this.tail.meet(head);
    this.tail.learn(knowledge.versions);
    this.tail.advance(batch, head.epoch);
  }

  private settleLocked(
    waiting: readonly LockedWaiting[],
    outcomes: readonly AppendOutcome[],
    batch: BatchBuilder | null,
  ): void {
    for (const [index, { resolve }] of waiting.entries()) {
      resolve(outcomes[index] as AppendOutcome);
    }
    if (batch) {
      this.recycle(batch);
      if (batch.events.length > 0) {
        this.options.onCommitted();
      }
    }
  }

  private answerError(waiting: readonly LockedWaiting[], error: unknown): void {
    const constraint = violatedConstraint(error);
    for (const { resolve, reject } of waiting) {
      if (sqlStateOf(error) === fencedCode) {
        resolve({ outcome: 'fenced' });
      } else if (constraint === 'events_event_id') {
        resolve({ outcome: 'conflicting_repeat' });
      } else if (constraint === null) {
        reject(error);
      } else {
        resolve({ outcome: 'constraint_violated', constraint });
      }
    }
  }
}
