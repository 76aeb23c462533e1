import type { EventMetadata, JsonValue, RecordedEvent } from '@specie/event-sourcing';
import type { DataSource } from 'typeorm';
import { retryRead } from '../connection/retry-read.js';
import type { CanonicalEvent } from '../record/canonical.js';
import { eventColumns, type LogTables } from '../schema/log-tables.js';

/** An event with the exact bytes that were hashed and its proof. What relays publish and the audit checks. */
export interface StoredEvent extends RecordedEvent {
  readonly dataBytes: Buffer;
  readonly metadataBytes: Buffer;
  readonly chainHash: Buffer;
  /** The service's signature of the head as it was after this event; present on the last event of a batch. */
  readonly headSignature: Buffer | null;
}

interface EventRow {
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

const pageSizeMax = 20_000;

/** Reads of the log by plain queries: pages for relays and consumers, streams for deciders. */
export class LogReader {
  private readonly dataSource: DataSource;
  private readonly tables: LogTables;

  constructor(dataSource: DataSource, tables: LogTables) {
    this.dataSource = dataSource;
    this.tables = tables;
  }

  async readStream(streamId: string, afterVersion: number): Promise<readonly RecordedEvent[]> {
    const rows = await retryRead(() =>
      this.dataSource.query<EventRow[]>(
        `select ${eventColumns} from ${this.tables.events}
          where stream_id = $1 and stream_version > $2 order by stream_version`,
        [streamId, afterVersion],
      ),
    );
    return rows.map(toRecordedEvent);
  }

  async readAll(afterPosition: number, limit: number): Promise<readonly RecordedEvent[]> {
    return (await this.readRows(afterPosition, limit)).map(toRecordedEvent);
  }

  /** Gap-free: positions commit in order, so a page never skips one that commits later. */
  async readLog(afterPosition: number, limit: number): Promise<readonly StoredEvent[]> {
    return (await this.readRows(afterPosition, limit)).map((row) => ({
      ...toRecordedEvent(row),
      dataBytes: row.data,
      metadataBytes: row.metadata,
      chainHash: row.chain_hash,
      headSignature: row.head_signature,
    }));
  }

  /** As `readLog`, but decodes nothing: for events whose bytes may be damaged. */
  async readProofs(
    afterPosition: number,
    limit: number,
  ): Promise<readonly (CanonicalEvent & { readonly chainHash: Buffer })[]> {
    return (await this.readRows(afterPosition, limit)).map((row) => ({
      ...placeOf(row),
      metadata: row.metadata,
      data: row.data,
      chainHash: row.chain_hash,
    }));
  }

  async head(): Promise<{
    readonly position: number;
    readonly chainHash: Buffer;
    readonly epoch: number;
  }> {
    const rows = await this.dataSource.query<
      { position: string; chain_hash: Buffer; epoch: string }[]
    >(`select position, chain_hash, epoch from ${this.tables.logHead}`);
    const row = rows[0];
    if (!row) {
      throw new Error('log_head has no row: the event store tables are damaged');
    }
    return { position: Number(row.position), chainHash: row.chain_hash, epoch: Number(row.epoch) };
  }

  private readRows(afterPosition: number, limit: number): Promise<EventRow[]> {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`a page has at least one event, not ${limit}`);
    }
    return retryRead(() =>
      this.dataSource.query<EventRow[]>(
        `select ${eventColumns} from ${this.tables.events} where position > $1 order by position limit $2`,
        [afterPosition, Math.min(limit, pageSizeMax)],
      ),
    );
  }
}

function toRecordedEvent(row: EventRow): RecordedEvent {
  return {
    ...placeOf(row),
    metadata: JSON.parse(row.metadata.toString('utf8')) as EventMetadata,
    data: JSON.parse(row.data.toString('utf8')) as JsonValue,
  };
}

function placeOf(row: EventRow): Omit<RecordedEvent, 'metadata' | 'data'> {
  return {
    position: Number(row.position),
    eventId: row.event_id,
    streamId: row.stream_id,
    streamVersion: row.stream_version,
    type: row.type,
    schemaVersion: row.schema_version,
    occurredAt: row.occurred_at.toISOString(),
    effectiveAt: row.effective_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    commandId: row.command_id,
  };
}
