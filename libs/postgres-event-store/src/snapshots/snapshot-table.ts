import {
  snapshotsKept,
  type Snapshot,
  type SnapshotStore,
  type StoredSnapshot,
} from '@specie/event-sourcing';
import pg, { type Client } from 'pg';
import type { DataSource } from 'typeorm';
import { discardRunner } from '../connection/discard-runner.js';
import { retryRead } from '../connection/retry-read.js';
import { runCopyOut } from '../replay/copy-out.js';
import type { LogTables } from '../schema/log-tables.js';

/** The columns of a stored snapshot as their bytes. */
type Fields = readonly [
  streamVersion: Buffer,
  position: Buffer,
  format: Buffer,
  stateHash: Buffer,
  sha256: Buffer,
  isInLog: Buffer,
  bytes: Buffer,
];

/** The snapshots of a log, beside it: each with the chain hash at its place, so that one of another log is known as such. */
export class SnapshotTable implements SnapshotStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tables: LogTables,
  ) {}

  async latest(streamId: string, olderThan = 2 ** 31): Promise<StoredSnapshot | null> {
    const fields = await retryRead(() => this.read(streamId, olderThan));
    if (!fields) {
      return null;
    }
    const [streamVersion, position, format, stateHash, sha256, isInLog, bytes] = fields;
    let doubt: string | null = null;
    if (isInLog.toString() !== 'true') {
      doubt = 'its place is not in this log';
    } else if (!sha256.equals(await sha256Of(bytes))) {
      doubt = 'its bytes are not those that were saved';
    }
    return {
      streamId,
      streamVersion: Number(streamVersion.toString()),
      position: Number(position.toString()),
      format: format.toString(),
      stateHash: stateHash.toString(),
      bytes,
      doubt,
    };
  }

  async save(snapshot: Snapshot): Promise<void> {
    const { streamId, streamVersion, position, format, stateHash, bytes } = snapshot;
    const { snapshots, events } = this.tables;
    const sha256 = await sha256Of(bytes);
    await this.dataSource.transaction(async (manager) => {
      const saved = await manager.query<unknown[]>(
        `insert into ${snapshots} (stream_id, stream_version, position, chain_hash, format, state_hash, sha256, bytes)
         select stream_id, stream_version, position, chain_hash, $4, $5, $6, $7 from ${events}
          where stream_id = $1 and stream_version = $2 and position = $3
         on conflict (stream_id, stream_version) do update set position = excluded.position,
           chain_hash = excluded.chain_hash, format = excluded.format, state_hash = excluded.state_hash,
           sha256 = excluded.sha256, bytes = excluded.bytes
         returning 1`,
        [streamId, streamVersion, position, format, stateHash, sha256, bytes],
      );
      if (saved.length === 0) {
        throw new Error(`version ${streamVersion} of ${streamId} is not at position ${position}`);
      }
      // What is not of this log would otherwise take the place of what is.
      await manager.query(
        `delete from ${snapshots} where stream_id = $1 and stream_version not in
           (select s.stream_version from ${snapshots} s join ${events} e ${samePlace}
             where s.stream_id = $1 order by s.stream_version desc limit ${snapshotsKept})`,
        [streamId],
      );
    });
  }

  /** By COPY: as text, bytes would be sent in hexadecimal, and many of them exceed what a string can hold. */
  private async read(streamId: string, olderThan: number): Promise<Fields | null> {
    const { snapshots, events } = this.tables;
    const text = `copy (
      select s.stream_version::text, s.position::text, s.format, s.state_hash, s.sha256, (e.position is not null)::text, s.bytes
        from ${snapshots} s left join ${events} e ${samePlace}
       where s.stream_id = ${pg.escapeLiteral(streamId)} and s.stream_version < ${Math.floor(olderThan)}
       order by s.stream_version desc limit 1) to stdout (format binary)`;
    const fields: Buffer[] = [];
    const runner = this.dataSource.createQueryRunner();
    try {
      await runCopyOut((await runner.connect()) as Client, text, (bytes, start) => {
        let at = start;
        while (fields.length < fieldCount) {
          const end = at + 4 + bytes.readInt32BE(at);
          fields.push(Buffer.from(bytes.subarray(at + 4, end)));
          at = end;
        }
      });
    } catch (error) {
      await discardRunner(runner);
      throw error;
    }
    await runner.release();
    return fields.length === 0 ? null : (fields as unknown as Fields);
  }
}

const fieldCount = 7;

/** The event that a snapshot says it ends with, unless that is another one in this log. */
const samePlace = `on e.position = s.position and e.stream_id = s.stream_id
  and e.stream_version = s.stream_version and e.chain_hash = s.chain_hash`;

/** Beside the thread that decides commands: of a large snapshot it takes long. */
async function sha256Of(bytes: Uint8Array): Promise<Buffer> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}
