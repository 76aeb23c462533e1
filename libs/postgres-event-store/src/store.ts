import type { KeyObject } from 'node:crypto';
import type {
  AppendOutcome,
  AppendRequest,
  EventCodec,
  EventStore,
  RecordedEvent,
  ReplayedEvent,
  SnapshotStore,
  StoredAnswer,
} from '@specie/event-sourcing';
import type { DataSource } from 'typeorm';
import { Answers } from './append/answers.js';
import { prepareCommand } from './append/command.js';
import { importTail, type ProvenEvent } from './append/import-tail.js';
import type { LockedView } from './append/locked-writer.js';
import { Notifier } from './append/notifier.js';
import type { Projection } from './append/projection.js';
import { Projector } from './append/projector.js';
import { Sequencer } from './append/sequencer.js';
import { WriteSession } from './append/write-session.js';
import { AbandonedSessions } from './connection/abandoned-sessions.js';
import { guardPool } from './connection/guard-pool.js';
import {
  WriterLease,
  type BecomeWriterOptions,
  type CurrentWriter,
} from './leases/writer-lease.js';
import { LogReader, type StoredEvent } from './read/log-reader.js';
import { SideTables } from './read/side-tables.js';
import { publicKeyOf, toPrivateKey } from './record/head-signature.js';
import { replayLog, type ReplayOptions, type ReplayResult } from './replay/replay.js';
import { replayStream } from './replay/replay-stream.js';
import { verifyLog, type LogVerification } from './replay/verify-log.js';
import { LogTables } from './schema/log-tables.js';
import { migrateEventStore } from './schema/migrations.js';
import { SnapshotTable } from './snapshots/snapshot-table.js';

export interface EventStoreOptions {
  /** Initialised here when it is not yet; at least 4 connections. */
  readonly dataSource: DataSource;
  /** The service's name, such as `issuance`; part of every chain hash. */
  readonly logName: string;
  /** The service's Ed25519 private key (KeyObject or PEM). */
  readonly signingKey: KeyObject | string;
  /** Run inside the append transaction, in this order. */
  readonly projections?: readonly Projection[];
  /** Decodes the events for `projections`; required where there are any. */
  readonly codec?: EventCodec;
  /** Event types must start with it, such as `issuance.`; default: the log name and a dot. */
  readonly eventTypePrefix?: string;
  readonly schema?: string;
  /** Appends only while this instance holds the writer lease; without it every append is `fenced`. */
  readonly singleWriter?: boolean;
  /** Creates or updates the tables; default true. */
  readonly migrate?: boolean;
  readonly tuning?: EventStoreTuning;
}

export interface EventStoreTuning {
  readonly batchCommandCountMax?: number;
  readonly queuedCommandCountMax?: number;
  /** Batches under way at once, so that one is prepared while the server works. Projections force 1. */
  readonly pipelineDepth?: number;
  /** How long an append waits for a database that is away before it is rejected. */
  readonly unavailableAfterMs?: number;
  readonly leasePollMs?: number;
  readonly leaseHeartbeatMs?: number;
  readonly leaseStaleAfterMs?: number;
  /** A session that waits for its client inside a transaction for longer is ended: its instance is paused. */
  readonly abandonedAfterMs?: number;
}

/** Opens the event log of a service in its database, creating the tables when they are missing. */
export async function openEventStore(options: EventStoreOptions): Promise<PostgresEventStore> {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(options.logName)) {
    throw new TypeError(`log name "${options.logName}" is not a lower-case name`);
  }
  if (!options.dataSource.isInitialized) {
    await options.dataSource.initialize();
  }
  guardPool(options.dataSource);
  if (options.migrate ?? true) {
    await migrateEventStore(options.dataSource, options.schema);
  }
  return new PostgresEventStore(options);
}

/** The event log of one service on PostgreSQL; see README.md for its guarantees. */
export class PostgresEventStore implements EventStore {
  readonly logName: string;
  /** Verifies the head signatures of this store. */
  readonly publicKey: KeyObject;
  readonly sideTables: SideTables;
  readonly snapshots: SnapshotStore;
  private readonly options: EventStoreOptions;
  private readonly eventTypePrefix: string;
  private readonly tables: LogTables;
  private readonly projector: Projector;
  private readonly sequencer: Sequencer;
  private readonly reader: LogReader;
  private readonly answers: Answers;
  private readonly notifier: Notifier;
  private readonly abandoned: AbandonedSessions;
  private lease: WriterLease | null = null;

  /** Use `openEventStore`. */
  constructor(options: EventStoreOptions) {
    const { dataSource, logName, tuning = {} } = options;
    const signingKey = toPrivateKey(options.signingKey);
    this.options = options;
    this.logName = logName;
    this.eventTypePrefix = options.eventTypePrefix ?? `${logName}.`;
    this.publicKey = publicKeyOf(signingKey);
    this.tables = new LogTables(options.schema ?? 'public');
    this.reader = new LogReader(dataSource, this.tables);
    this.answers = new Answers(dataSource, this.tables);
    this.sideTables = new SideTables(dataSource, this.tables);
    this.snapshots = new SnapshotTable(dataSource, this.tables);
    this.notifier = new Notifier(dataSource, logName);
    this.abandoned = new AbandonedSessions(dataSource, tuning.abandonedAfterMs ?? 15_000);
    this.projector = new Projector(options.projections ?? [], options.codec);
    this.sequencer = new Sequencer({
      logName,
      tables: this.tables,
      session: new WriteSession(dataSource, this.tables, tuning.unavailableAfterMs ?? 20_000),
      signingKey,
      projector: this.projector,
      singleWriter: options.singleWriter ?? false,
      batchCommandCountMax: tuning.batchCommandCountMax ?? 256,
      queuedCommandCountMax: tuning.queuedCommandCountMax ?? 20_000,
      pipelineDepth: this.projector.isEmpty ? (tuning.pipelineDepth ?? 2) : 1,
      onCommitted: () => this.notifier.notify(),
      onFenced: () => this.lease?.lose(),
    });
  }

  /** Resolves after the commit. @throws TypeError on a request that is a bug, EventStoreUnavailableError. */
  async append(request: AppendRequest): Promise<AppendOutcome> {
    return this.sequencer.append(prepareCommand(request, this.eventTypePrefix));
  }

  /**
   * Appends what `build` returns while no other command of any instance can be appended: the read models
   * that `view.manager` reads are exactly those as of `view.position`. `build` may run again after a lost
   * connection and must not call `append` of this store.
   */
  appendWhileLocked(build: (view: LockedView) => Promise<AppendRequest>): Promise<AppendOutcome> {
    return this.sequencer.appendWhileLocked(async (view) =>
      prepareCommand(await build(view), this.eventTypePrefix),
    );
  }

  readStream(streamId: string, afterVersion = 0): Promise<readonly RecordedEvent[]> {
    return this.reader.readStream(streamId, afterVersion);
  }

  replayStream(
    streamId: string,
    afterVersion: number,
    onEvent: (event: ReplayedEvent) => void,
  ): Promise<void> {
    const { dataSource } = this.options;
    const { tables } = this;
    return replayStream({ dataSource, tables }, { streamId, afterVersion, onEvent });
  }

  readAll(afterPosition: number, limit: number): Promise<readonly RecordedEvent[]> {
    return this.reader.readAll(afterPosition, limit);
  }

  /** A page of the log with stored bytes and proofs, for relays and the audit. */
  readLog(page: {
    readonly afterPosition: number;
    readonly limit: number;
  }): Promise<readonly StoredEvent[]> {
    return this.reader.readLog(page.afterPosition, page.limit);
  }

  /** Last position, its chain hash and the writer epoch. */
  head(): Promise<{
    readonly position: number;
    readonly chainHash: Buffer;
    readonly epoch: number;
  }> {
    return this.reader.head();
  }

  findAnswer(scope: string, key: string): Promise<StoredAnswer | null> {
    return this.answers.find(scope, key);
  }

  /** See `Answers.purge`: the retention of idempotency answers. */
  purgeAnswers(olderThanDays: number): Promise<number> {
    return this.answers.purge(olderThanDays);
  }

  /** Streams the log by binary COPY, checking the chain. @throws LogProblemError at the first problem. */
  replay(options: ReplayOptions): Promise<ReplayResult> {
    return replayLog(
      { dataSource: this.options.dataSource, tables: this.tables, logName: this.logName },
      options,
    );
  }

  /** Checks positions, chain and head signatures of the whole log and names the first problem. */
  verifyLog(publicKeys: readonly KeyObject[] = [this.publicKey]): Promise<LogVerification> {
    return verifyLog(
      { dataSource: this.options.dataSource, tables: this.tables, logName: this.logName },
      this.reader,
      publicKeys,
    );
  }

  /**
   * Puts events back that a restored log lost, with their read models, and raises the epoch. The caller has
   * verified them. @throws Error when the log does not end where they begin.
   */
  importTail(events: readonly ProvenEvent[]): Promise<void> {
    const { dataSource } = this.options;
    return importTail({ dataSource, tables: this.tables, projector: this.projector, events });
  }

  /** Waits until this instance is the only writer. Its appends then carry the new epoch. */
  async becomeWriter(options: BecomeWriterOptions): Promise<WriterLease> {
    const { tuning = {}, dataSource } = this.options;
    const lease = await WriterLease.acquire(dataSource, this.tables, {
      ...options,
      timing: {
        pollMs: tuning.leasePollMs ?? 100,
        heartbeatMs: tuning.leaseHeartbeatMs ?? 500,
        staleAfterMs: tuning.leaseStaleAfterMs ?? 5_000,
      },
    });
    this.lease = lease;
    this.sequencer.setLeaseEpoch(lease.epoch);
    return lease;
  }

  /** The instance that holds, or last held, the writer lease. */
  currentWriter(): Promise<CurrentWriter | null> {
    return WriterLease.current(this.options.dataSource, this.tables);
  }

  /** Answers every accepted command, steps down and gives its connections back. The data source stays open. */
  async close(): Promise<void> {
    await this.sequencer.close();
    await this.lease?.release();
    await this.notifier.close();
    this.abandoned.stop();
  }
}
