import type { EventMetadata, JsonValue, RecordedEvent } from '@specie/event-sourcing';

/** An event with the exact bytes that were hashed, as it leaves the log and as it travels. */
export interface LogRecord {
  readonly position: number;
  readonly streamId: string;
  readonly streamVersion: number;
  readonly eventId: string;
  readonly commandId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly occurredAt: string;
  readonly effectiveAt: string;
  readonly recordedAt: string;
  /** Canonical JSON, byte for byte as stored. */
  readonly metadata: Buffer;
  readonly data: Buffer;
  readonly chainHash: Buffer;
  /** Ed25519 over the head; only the last event of each append has one. */
  readonly headSignature: Buffer | null;
}

/** Parses the JSON parts. @throws SyntaxError when they are not JSON. */
export function toRecordedEvent(record: LogRecord): RecordedEvent {
  return {
    position: record.position,
    eventId: record.eventId,
    streamId: record.streamId,
    streamVersion: record.streamVersion,
    type: record.type,
    schemaVersion: record.schemaVersion,
    occurredAt: record.occurredAt,
    effectiveAt: record.effectiveAt,
    recordedAt: record.recordedAt,
    commandId: record.commandId,
    metadata: JSON.parse(record.metadata.toString('utf8')) as EventMetadata,
    data: JSON.parse(record.data.toString('utf8')) as JsonValue,
  };
}
