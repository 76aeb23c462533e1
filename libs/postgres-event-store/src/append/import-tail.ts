import type { EventMetadata, JsonValue, RecordedEvent } from '@specie/event-sourcing';
import type { DataSource, EntityManager } from 'typeorm';
import type { CanonicalEvent } from '../record/canonical.js';
import { eventColumns, type LogTables } from '../schema/log-tables.js';
import type { Projector } from './projector.js';

/** An event that the log had before, with its proof. */
export interface ProvenEvent extends CanonicalEvent {
  readonly chainHash: Buffer;
  readonly headSignature: Buffer | null;
}

export interface TailImport {
  readonly dataSource: DataSource;
  readonly tables: LogTables;
  readonly projector: Projector;
  /** Verified by the caller: it follows the head without a gap and ends with a signed head. */
  readonly events: readonly ProvenEvent[];
}

const rowsPerStatement = 500;
const columnCount = eventColumns.split(', ').length;

/**
 * Puts back what a restored log lost, in one transaction with the read models, and raises the epoch, so
 * that a writer from before the restore is fenced. @throws Error when the log does not end where the events begin.
 */
export async function importTail(tail: TailImport): Promise<void> {
  const { dataSource, tables, projector, events } = tail;
  const last = events.at(-1);
  if (last === undefined) {
    return;
  }
  await dataSource.transaction(async (manager) => {
    const [head] = await manager.query<{ readonly position: string }[]>(
      `select position from ${tables.logHead} for update`,
    );
    if (Number(head?.position) + 1 !== events[0]?.position) {
      throw new Error(
        `the log ends at ${head?.position}, the events begin at ${events[0]?.position}`,
      );
    }
    for (let start = 0; start < events.length; start += rowsPerStatement) {
      const page = events.slice(start, start + rowsPerStatement);
      await insert(manager, tables, page);
      await projector.project(manager, page.map(toRecordedEvent));
    }
    await manager.query(
      `update ${tables.logHead} set position = $1, chain_hash = $2, epoch = epoch + 1`,
      [last.position, last.chainHash],
    );
  });
}

async function insert(
  manager: EntityManager,
  tables: LogTables,
  events: readonly ProvenEvent[],
): Promise<void> {
  const rows = events.map((_, row) => {
    const places = Array.from({ length: columnCount }, (_, at) => `$${row * columnCount + at + 1}`);
    return `(${places.join(', ')})`;
  });
  await manager.query(
    `insert into ${tables.events} (${eventColumns}) values ${rows.join(', ')}`,
    events.flatMap((event) => [
      event.position,
      event.streamId,
      event.streamVersion,
      event.eventId,
      event.commandId,
      event.type,
      event.schemaVersion,
      event.occurredAt,
      event.effectiveAt,
      event.recordedAt,
      event.metadata,
      event.data,
      event.chainHash,
      event.headSignature,
    ]),
  );
}

function toRecordedEvent(event: ProvenEvent): RecordedEvent {
  const { chainHash: _hash, headSignature: _signature, ...recorded } = event;
  return {
    ...recorded,
    metadata: JSON.parse(Buffer.from(event.metadata).toString('utf8')) as EventMetadata,
    data: JSON.parse(Buffer.from(event.data).toString('utf8')) as JsonValue,
  };
}
