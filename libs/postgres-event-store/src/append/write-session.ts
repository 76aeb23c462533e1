import type { Client } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { discardRunner } from '../connection/discard-runner.js';
import { EventStoreUnavailableError } from '../connection/errors.js';
import type { LogTables } from '../schema/log-tables.js';
import type { BatchBuilder } from './batch-builder.js';
import { runCopyBatch } from './copy-batch.js';

export interface LockedHead {
  readonly position: number;
  readonly chainHash: Buffer;
  readonly epoch: number;
}

const sessionSettings = `
  set idle_in_transaction_session_timeout = '15s';
  set lock_timeout = '10s';
  set client_connection_check_interval = '1s'`;

/** The one connection of a store that appends. After any doubt it is thrown away, never repaired. */
export class WriteSession {
  private runner: QueryRunner | null = null;
  private pgClient: Client | null = null;
  private readonly dataSource: DataSource;
  private readonly tables: LogTables;
  private readonly unavailableAfterMs: number;

  constructor(dataSource: DataSource, tables: LogTables, unavailableAfterMs: number) {
    this.dataSource = dataSource;
    this.tables = tables;
    this.unavailableAfterMs = unavailableAfterMs;
  }

  get isOpen(): boolean {
    return this.runner !== null && !this.runner.isReleased;
  }

  get manager(): EntityManager {
    return this.openRunner().manager;
  }

  /** Connects, retrying with growing pauses. @throws EventStoreUnavailableError when it takes too long. */
  async open(): Promise<void> {
    const deadline = Date.now() + this.unavailableAfterMs;
    for (let pauseMs = 25; !this.isOpen; pauseMs = Math.min(pauseMs * 2, 500)) {
      const runner = this.dataSource.createQueryRunner();
      try {
        this.pgClient = (await runner.connect()) as Client;
        await this.pgClient.query(sessionSettings);
        this.runner = runner;
      } catch (error) {
        await discardRunner(runner);
        this.pgClient = null;
        if (Date.now() + pauseMs > deadline) {
          throw new EventStoreUnavailableError('the event store cannot reach its database', {
            cause: error,
          });
        }
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  async begin(): Promise<void> {
    await this.openRunner().startTransaction();
  }

  async commit(): Promise<void> {
    await this.openRunner().commitTransaction();
  }

  /** Ends the transaction without effect; a connection that cannot even do that is thrown away. */
  async rollback(): Promise<void> {
    const { runner } = this;
    if (!runner?.isTransactionActive) {
      return;
    }
    try {
      await runner.rollbackTransaction();
    } catch {
      await this.discard();
    }
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const result = await this.client().query(text, [...values]);
    return result.rows as readonly Row[];
  }

  /** Inside a transaction: takes the head row, which orders the writers of all instances. */
  async lockHead(): Promise<LockedHead> {
    const rows = await this.query<{ position: string; chain_hash: Buffer; epoch: string }>(
      `select position, chain_hash, epoch from ${this.tables.logHead} for update`,
    );
    return toHead(rows[0]);
  }

  async readHead(): Promise<LockedHead> {
    const rows = await this.query<{ position: string; chain_hash: Buffer; epoch: string }>(
      `select position, chain_hash, epoch from ${this.tables.logHead}`,
    );
    return toHead(rows[0]);
  }

  /**
   * Advances the head and copies the rows of `batch`, as one message. Outside a transaction the message is
   * one by itself, so that a failure leaves nothing behind for the message that may already follow it.
   */
  async write(batch: BatchBuilder, epoch: number): Promise<void> {
    const { tables } = this;
    const hex = (bytes: Buffer): string => `'\\x${bytes.toString('hex')}'`;
    const { base } = batch;
    const statements = [
      `select ${tables.advanceHead}(${base.position}, ${hex(base.chainHash)}, ${batch.position}, ${hex(batch.chainHash)}, ${epoch})`,
    ];
    const sources: { readonly rows: Buffer }[] = [];
    if (batch.events.length > 0) {
      statements.push(`copy ${tables.events} from stdin (format binary)`);
      sources.push({ rows: batch.rows.events.view() });
    }
    if (batch.seenCount > 0) {
      statements.push(`copy ${tables.commandSeen} from stdin (format binary)`);
      sources.push({ rows: batch.rows.seen.view() });
    }
    if (batch.inboxCount > 0) {
      statements.push(`copy ${tables.inbox} from stdin (format binary)`);
      sources.push({ rows: batch.rows.inbox.view() });
    }
    await runCopyBatch(this.client(), statements.join(';'), sources);
  }

  /** Closes the connection for good. */
  async discard(): Promise<void> {
    const { runner } = this;
    this.runner = null;
    this.pgClient = null;
    if (runner) {
      await discardRunner(runner);
    }
  }

  private openRunner(): QueryRunner {
    if (!this.runner || this.runner.isReleased) {
      throw new Error('Connection terminated: the write session is not open');
    }
    return this.runner;
  }

  private client(): Client {
    this.openRunner();
    if (!this.pgClient) {
      throw new Error('Connection terminated: the write session is not open');
    }
    return this.pgClient;
  }
}

function toHead(
  row:
    { readonly position: string; readonly chain_hash: Buffer; readonly epoch: string } | undefined,
): LockedHead {
  if (!row) {
    throw new Error('log_head has no row: the event store tables are damaged');
  }
  return { position: Number(row.position), chainHash: row.chain_hash, epoch: Number(row.epoch) };
}
