import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { ChainHasher, genesisHash } from './canonical.js';
import { discardRunner } from './discard-runner.js';
import { runCopyOut } from './copy-out.js';
import { LogEventView } from './log-event-view.js';
import { LogProblemError } from './log-problem.js';
import { eventColumns, type LogTables } from './tables.js';

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

/** Streams events in position order, checking density and the chain before each is handed out. */
export async function replayLog(source: LogSource, options: ReplayOptions): Promise<ReplayResult> {
  const { dataSource, tables, logName } = source;
  const { fromPosition = 1, toPosition, onEvent } = options;
  if (!Number.isSafeInteger(fromPosition) || fromPosition < 1) {
    throw new RangeError(`a replay starts at position 1 or later, not ${fromPosition}`);
  }
  const hasher = new ChainHasher(logName);
  const view = new LogEventView();
  let chainHash = await hashBefore(source, fromPosition);
  let position = fromPosition - 1;
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as Client;
    const end = toPosition === undefined ? '' : ` and position <= ${Math.floor(toPosition)}`;
    const text =
      `copy (select ${eventColumns} from ${tables.events} where position >= ${fromPosition}${end} ` +
      `order by position) to stdout (format binary)`;
    await runCopyOut(client, text, (bytes, start) => {
      view.moveTo(bytes, start);
      if (view.position !== position + 1) {
        throw new LogProblemError({
          logName,
          position: position + 1,
          eventId: null,
          kind: 'missing',
        });
      }
      const expected = hasher.next(chainHash, bytes, start, view.canonicalEnd);
      if (!view.hasChainHash(expected)) {
        throw new LogProblemError({
          logName,
          position: view.position,
          eventId: view.eventId,
          kind: 'altered',
        });
      }
      chainHash = expected;
      position += 1;
      onEvent(view);
    });
  } catch (error) {
    await discardRunner(runner);
    throw error;
  }
  await runner.release();
  return { eventCount: position - fromPosition + 1, position, chainHash };
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
