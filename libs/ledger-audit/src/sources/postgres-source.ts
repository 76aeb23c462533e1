import type { ServiceName } from '@specie/contracts';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { LogRecord } from '../log-record.js';
import type { LogSource, TakeRecord } from '../rebuild.js';
import { CopyRows, type RowFields } from './copy-rows.js';

const columns =
  'position, stream_id, stream_version, event_id, command_id, type, schema_version, occurred_at, ' +
  'effective_at, recorded_at, metadata, data, chain_hash, head_signature';
const none = Buffer.alloc(0);

/** Reads the logs of the services, by the view that a role for reading may see, each in one snapshot, by binary COPY. */
export function postgresSource(
  databaseUrls: Partial<Readonly<Record<ServiceName, string>>>,
): LogSource {
  return {
    kind: 'postgres',
    read: async (take) => {
      const completeBeforeMs = Date.now();
      const ends = new Map<ServiceName, number>();
      for (const [service, databaseUrl] of Object.entries(databaseUrls) as [
        ServiceName,
        string,
      ][]) {
        ends.set(service, await readLog(service, databaseUrl, take));
      }
      return { ends, completeBeforeMs };
    },
  };
}

/** Returns the position that the head row claims. */
async function readLog(
  service: ServiceName,
  databaseUrl: string,
  take: TakeRecord,
): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const { rows } = await client.query<{ position: string }>(
      'select position from public.log_head',
    );
    const parser = new CopyRows();
    const stream = client.query(
      copyTo(
        `copy (select ${columns} from public.event_feed order by position) to stdout (format binary)`,
      ),
    );
    for await (const chunk of stream) {
      for (const fields of parser.push(chunk as Buffer)) {
        const wait = take(service, recordFrom(fields));
        if (wait !== undefined) {
          await wait;
        }
      }
    }
    await client.query('rollback');
    return Number(rows[0]?.position ?? 0);
  } finally {
    await client.end();
  }
}

function recordFrom(fields: RowFields): LogRecord {
  const field = (index: number): Buffer => fields[index] ?? none;
  return {
    position: int64(field(0)),
    streamId: field(1).toString('utf8'),
    streamVersion: field(2).readInt32BE(0),
    eventId: uuid(field(3)),
    commandId: uuid(field(4)),
    type: field(5).toString('utf8'),
    schemaVersion: field(6).readInt16BE(0),
    occurredAtMicros: int64(field(7)),
    effectiveAtMicros: int64(field(8)),
    recordedAtMicros: int64(field(9)),
    metadata: field(10),
    data: field(11),
    chainHash: field(12),
    headSignature: fields[13] ?? null,
  };
}

function int64(bytes: Buffer): number {
  return bytes.readInt32BE(0) * 4_294_967_296 + bytes.readUInt32BE(4);
}

function uuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
