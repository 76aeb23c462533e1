import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { discardRunner } from '../connection/discard-runner.js';
import { ChainHasher, genesisHash } from '../record/canonical.js';
import { eventColumns, type LogTables } from '../schema/log-tables.js';
import { runCopyOut } from './copy-out.js';
import { LogEventView } from './log-event-view.js';
import { LogProblemError } from './log-problem.js';

export { LogEventView } from './log-event-view.js';

export interface ReplayOptions {
  /** Default 1. The chain hash before it is taken from the log, so verify the part before it elsewhere. */
  readonly fromPosition?: number;
  /** Default: the end of the log when the replay starts. */
  readonly toPosition?: number;
  /** Synchronous, so that nothing is buffered; the view is only valid during the call. */
  readonly onEvent: (event: LogEventView) => void;
}

export interface ReplayResult {
  readonly eventCount: number;
  /** Position and chain hash of the last event; `fromPosition - 1` when there was none. */
  readonly position: number;
  readonly chainHash: Buffer;
}

export interface LogSource {
  readonly dataSource: DataSource;
  readonly tables: LogTables;
  readonly logName: string;
}

/** Rows that came before their turn. Beyond this many the log is read in index order instead. */
const heldRowCountMax = 20_000;

/** Streams events in position order, checking density and the chain before each is handed out. */
export async function replayLog(source: LogSource, options: ReplayOptions): Promise<ReplayResult> {
  const { dataSource, tables, logName } = source;
  const { fromPosition = 1, toPosition, onEvent } = options;
  if (!Number.isSafeInteger(fromPosition) || fromPosition < 1) {
    throw new RangeError(`a replay starts at position 1 or later, not ${fromPosition}`);
  }
  const checker = new ChainChecker(
    logName,
    fromPosition,
    await hashBefore(source, fromPosition),
    onEvent,
  );
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as Client;
    if (
      fromPosition > 1 ||
      toPosition !== undefined ||
      !(await readAsStored(client, tables, checker))
    ) {
      const end = toPosition === undefined ? '' : ` and position <= ${Math.floor(toPosition)}`;
      const rows = `select ${eventColumns} from ${tables.events} where position >= ${checker.nextPosition}${end} order by position`;
      await runCopyOut(client, `copy (${rows}) to stdout (format binary)`, (bytes, start) => {
        checker.takeInOrder(bytes, start);
      });
      checker.finish();
    }
  } catch (error) {
    await discardRunner(runner);
    throw error;
  }
  await runner.release();
  return checker.result(fromPosition);
}

/**
 * Reads the whole table as it lies on disk, which is nearly position order and twice as fast as by index.
 * False when it lies too far out of order; what was handed out until then is right.
 */
async function readAsStored(
  client: Client,
  tables: LogTables,
  checker: ChainChecker,
): Promise<boolean> {
  // A synchronized scan would start in the middle of the table.
  const text = `begin; set local synchronize_seqscans = off;
    copy ${tables.events} (${eventColumns}) to stdout (format binary); commit`;
  let isOrdered = true;
  await runCopyOut(client, text, (bytes, start) => {
    isOrdered &&= checker.take(bytes, start) || checker.hold(bytes, start);
  });
  if (isOrdered) {
    checker.finish();
  }
  return isOrdered;
}

/** Hands rows out in position order, each after its chain hash was found right. */
class ChainChecker {
  nextPosition: number;
  private readonly logName: string;
  private readonly hasher: ChainHasher;
  private readonly view = new LogEventView();
  private readonly onEvent: (event: LogEventView) => void;
  private readonly held = new Map<number, Buffer>();
  private digest: string;

  constructor(
    logName: string,
    fromPosition: number,
    hashAtStart: Buffer,
    onEvent: (event: LogEventView) => void,
  ) {
    this.logName = logName;
    this.nextPosition = fromPosition;
    this.hasher = new ChainHasher(logName);
    this.hasher.continueFrom(hashAtStart);
    this.digest = hashAtStart.toString('latin1');
    this.onEvent = onEvent;
  }

  /** Hands the row out when it is its turn; false when it is not. */
  take(bytes: Buffer, start: number): boolean {
    this.view.moveTo(bytes, start);
    if (this.view.position !== this.nextPosition) {
      return false;
    }
    this.handOut(bytes, start);
    for (let row = this.held.get(this.nextPosition); row; row = this.held.get(this.nextPosition)) {
      this.held.delete(this.nextPosition);
      this.view.moveTo(row, 0);
      this.handOut(row, 0);
    }
    return true;
  }

  /** As `take`, for rows sorted by position: one that is early proves that another is missing. */
  takeInOrder(bytes: Buffer, start: number): void {
    if (!this.take(bytes, start)) {
      this.refuse('missing');
    }
  }

  /** Keeps a row that came early; false when too many are kept already. */
  hold(bytes: Buffer, start: number): boolean {
    if (this.held.size === heldRowCountMax) {
      this.held.clear();
      return false;
    }
    this.held.set(this.view.position, Buffer.from(bytes.subarray(start, this.view.rowEnd)));
    return true;
  }

  /** To be called after the last row: rows still held wait for one that does not exist. */
  finish(): void {
    if (this.held.size > 0) {
      this.refuse('missing');
    }
  }

  result(fromPosition: number): ReplayResult {
    return {
      eventCount: this.nextPosition - fromPosition,
      position: this.nextPosition - 1,
      chainHash: Buffer.from(this.digest, 'latin1'),
    };
  }

  private handOut(bytes: Buffer, start: number): void {
    const { view } = this;
    this.digest = this.hasher.next(bytes, start, view.canonicalEnd);
    if (!view.hasChainHash(this.digest)) {
      this.refuse('altered');
    }
    this.nextPosition += 1;
    this.onEvent(view);
  }

  private refuse(kind: 'missing' | 'altered'): never {
    const { logName, nextPosition: position } = this;
    throw new LogProblemError({
      logName,
      position,
      eventId: kind === 'missing' ? null : this.view.eventId,
      kind,
    });
  }
}

async function hashBefore(
  { dataSource, tables, logName }: LogSource,
  position: number,
): Promise<Buffer> {
  if (position === 1) {
    return genesisHash;
  }
  const rows = await dataSource.query<{ chain_hash: Buffer }[]>(
    `select chain_hash from ${tables.events} where position = $1`,
    [position - 1],
  );
  if (!rows[0]) {
    throw new LogProblemError({ logName, position: position - 1, eventId: null, kind: 'missing' });
  }
  return rows[0].chain_hash;
}
