import type {
  EventMetadata,
  JsonValue,
  RecordedEvent,
  ReplayedEvent,
} from '@specie/event-sourcing';
import type { StoredEvent } from '../read/log-reader.js';
import { readInstantMs, readInt64 } from '../record/field-buffer.js';
import { readStringMember } from './json-member.js';

/**
 * One event of a replay, read in place from the bytes that PostgreSQL sent. A single view is moved from
 * row to row, so it must not be kept after `onEvent` returns; copy what is needed, or take `toRecordedEvent()`.
 * Nothing is decoded before it is asked for.
 */
export class LogEventView {
  private row: Buffer = Buffer.alloc(0);
  private start = 0;
  private streamVersionAt = 0;
  private typeAt = 0;
  private schemaVersionAt = 0;
  private metadataAt = 0;
  private dataAt = 0;
  private chainHashAt = 0;

  /** Points the view at the row whose first field (`position`) starts at `start`; see `eventColumns`. */
  moveTo(row: Buffer, start: number): void {
    this.row = row;
    this.start = start;
    // position: 4 + 8 bytes, then the stream id.
    this.streamVersionAt = start + 16 + row.readInt32BE(start + 12);
    // stream version: 4 + 4, event id and command id: 4 + 16 each.
    this.typeAt = this.streamVersionAt + 48;
    this.schemaVersionAt = this.typeAt + 4 + row.readInt32BE(this.typeAt);
    // schema version: 4 + 2, three instants: 4 + 8 each.
    this.metadataAt = this.schemaVersionAt + 42;
    this.dataAt = this.metadataAt + 4 + row.readInt32BE(this.metadataAt);
    this.chainHashAt = this.dataAt + 4 + row.readInt32BE(this.dataAt);
  }

  get position(): number {
    return readInt64(this.row, this.start + 4);
  }

  get streamId(): string {
    return this.row.toString('utf8', this.start + 16, this.streamVersionAt);
  }

  get streamVersion(): number {
    return this.row.readInt32BE(this.streamVersionAt + 4);
  }

  get eventId(): string {
    return uuidText(this.row, this.streamVersionAt + 12);
  }

  get commandId(): string {
    return uuidText(this.row, this.streamVersionAt + 32);
  }

  get type(): string {
    return this.row.toString('latin1', this.typeAt + 4, this.schemaVersionAt);
  }

  get schemaVersion(): number {
    return this.row.readInt16BE(this.schemaVersionAt + 4);
  }

  get occurredAtMs(): number {
    return readInstantMs(this.row, this.schemaVersionAt + 10);
  }

  get effectiveAtMs(): number {
    return readInstantMs(this.row, this.schemaVersionAt + 22);
  }

  get recordedAtMs(): number {
    return readInstantMs(this.row, this.schemaVersionAt + 34);
  }

  /** The data's canonical JSON text. */
  get dataText(): string {
    return this.row.toString('utf8', this.dataAt + 4, this.chainHashAt);
  }

  get data(): JsonValue {
    return JSON.parse(this.dataText) as JsonValue;
  }

  /**
   * A top-level string of the data, read without decoding the rest; for folds that need a few fields of
   * very many events. Undefined when the data has no such string. `name` is plain ASCII.
   */
  dataString(name: string): string | undefined {
    return readStringMember(this.row, this.dataAt + 4, this.chainHashAt, name);
  }

  get dataBytes(): Buffer {
    return this.row.subarray(this.dataAt + 4, this.chainHashAt);
  }

  get metadataBytes(): Buffer {
    return this.row.subarray(this.metadataAt + 4, this.dataAt);
  }

  get metadata(): EventMetadata {
    return JSON.parse(this.row.toString('utf8', this.metadataAt + 4, this.dataAt)) as EventMetadata;
  }

  get chainHash(): Buffer {
    return this.row.subarray(this.chainHashAt + 4, this.chainHashAt + 36);
  }

  get headSignature(): Buffer | null {
    const at = this.chainHashAt + 36;
    const size = this.row.readInt32BE(at);
    return size < 0 ? null : this.row.subarray(at + 4, at + 4 + size);
  }

  /** Whether the stored chain hash is `digest` (latin1). */
  hasChainHash(digest: string): boolean {
    const at = this.chainHashAt + 4;
    return (
      this.row.readInt32BE(this.chainHashAt) === 32 &&
      this.row.toString('latin1', at, at + 32) === digest
    );
  }

  /** Where the row ends. */
  get rowEnd(): number {
    const at = this.chainHashAt + 36;
    return at + 4 + Math.max(0, this.row.readInt32BE(at));
  }

  /** Where the hashed fields end. */
  get canonicalEnd(): number {
    return this.chainHashAt;
  }

  toReplayedEvent(): ReplayedEvent {
    return {
      position: this.position,
      streamVersion: this.streamVersion,
      type: this.type,
      schemaVersion: this.schemaVersion,
      occurredAt: new Date(this.occurredAtMs).toISOString(),
      commandId: this.commandId,
      data: this.data,
    };
  }

  toRecordedEvent(): RecordedEvent {
    return {
      position: this.position,
      eventId: this.eventId,
      streamId: this.streamId,
      streamVersion: this.streamVersion,
      type: this.type,
      schemaVersion: this.schemaVersion,
      occurredAt: new Date(this.occurredAtMs).toISOString(),
      effectiveAt: new Date(this.effectiveAtMs).toISOString(),
      recordedAt: new Date(this.recordedAtMs).toISOString(),
      commandId: this.commandId,
      metadata: this.metadata,
      data: this.data,
    };
  }

  toStoredEvent(): StoredEvent {
    const signature = this.headSignature;
    return {
      ...this.toRecordedEvent(),
      dataBytes: Buffer.from(this.dataBytes),
      metadataBytes: Buffer.from(this.metadataBytes),
      chainHash: Buffer.from(this.chainHash),
      headSignature: signature && Buffer.from(signature),
    };
  }
}

function uuidText(row: Buffer, at: number): string {
  const hex = row.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
