import { logChannel } from '@specie/postgres-event-store';
import pg from 'pg';
import type { LogRecord } from './log-record.js';

interface FeedRow {
  readonly position: string;
  readonly stream_id: string;
  readonly stream_version: number;
  readonly event_id: string;
  readonly command_id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly occurred_at: Date;
  readonly effective_at: Date;
  readonly recorded_at: Date;
  readonly metadata: Buffer;
  readonly data: Buffer;
  readonly chain_hash: Buffer;
  readonly head_signature: Buffer | null;
}

/** One connection to a service's database that reads its log and hears when it grows. */
export class LogConnection {
  /** Set when the connection is lost; every later call fails. */
  isLost = false;
  private wasNotified = false;
  private wake: (() => void) | null = null;

  readonly client: pg.Client;
  private readonly schema: string;

  private constructor(client: pg.Client, schema: string) {
    this.client = client;
    this.schema = schema;
  }

  static async open(
    databaseUrl: string,
    options: { readonly applicationName: string; readonly schema?: string },
  ): Promise<LogConnection> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: options.applicationName,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    const connection = new LogConnection(client, options.schema ?? 'public');
    const lose = (): void => {
      connection.isLost = true;
      connection.wakeUp();
    };
    client.on('error', lose);
    client.on('end', lose);
    client.on('notification', () => connection.wakeUp());
    await client.connect();
    await client.query(`listen ${logChannel}`);
    return connection;
  }

  /** Events in position order, `limit` behind `afterPosition` and the one there, by which a reader knows its place. */
  async read(afterPosition: number, limit: number): Promise<readonly LogRecord[]> {
    const { rows } = await this.client.query<FeedRow>({
      // Planned once: a log at rest is read again and again.
      name: 'read log',
      text: `select position, stream_id, stream_version, event_id, command_id, type, schema_version, occurred_at,
              effective_at, recorded_at, metadata, data, chain_hash, head_signature
         from ${this.schema}.event_feed where position >= $1 order by position limit $2`,
      values: [afterPosition, afterPosition === 0 ? limit : limit + 1],
    });
    return rows.map(toLogRecord);
  }

  async head(): Promise<{ readonly position: number; readonly epoch: number }> {
    const { rows } = await this.client.query<{ position: string; epoch: string }>(
      `select position, epoch from ${this.schema}.log_head`,
    );
    return { position: Number(rows[0]?.position ?? 0), epoch: Number(rows[0]?.epoch ?? 1) };
  }

  /** Resolves when the log grew since the last wait, when the connection is lost, or after `timeoutMs`. */
  async grown(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.wasNotified && !this.isLost && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          this.wake = null;
          resolve();
        };
        const timer = setTimeout(finish, timeoutMs);
        signal.addEventListener('abort', finish, { once: true });
        this.wake = finish;
      });
    }
    this.wasNotified = false;
  }

  /** Ends a wait for growth. */
  wakeUp(): void {
    this.wasNotified = true;
    this.wake?.();
  }

  async close(): Promise<void> {
    this.isLost = true;
    await this.client.end().catch(() => undefined);
  }
}

function toLogRecord(row: FeedRow): LogRecord {
  return {
    position: Number(row.position),
    streamId: row.stream_id,
    streamVersion: row.stream_version,
    eventId: row.event_id,
    commandId: row.command_id,
    type: row.type,
    schemaVersion: row.schema_version,
    occurredAt: row.occurred_at.toISOString(),
    effectiveAt: row.effective_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    metadata: row.metadata,
    data: row.data,
    chainHash: row.chain_hash,
    headSignature: row.head_signature,
  };
}
