import { hash } from 'node:crypto';
import { FieldBuffer } from './field-buffer.js';

/** What the chain hash covers, with the JSON parts as the exact bytes that were stored or received. */
export interface CanonicalEvent {
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
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

/** The chain hash before position 1. */
export const genesisHash: Buffer = Buffer.alloc(32);

/**
 * The canonical bytes of an event. Each field in this order is an int32 (big-endian) byte count, then
 * its bytes; integers are big-endian two's complement:
 *
 * 1. log name, UTF-8
 * 2. position, int64
 * 3. stream id, UTF-8
 * 4. stream version, int32
 * 5. event id, the 16 bytes of the UUID
 * 6. command id, the 16 bytes of the UUID
 * 7. type, UTF-8
 * 8. schema version, int16
 * 9. occurredAt, effectiveAt, recordedAt: three fields, int64 microseconds since 2000-01-01T00:00:00Z
 * 10. metadata, RFC 8785 JSON as stored
 * 11. data, RFC 8785 JSON as stored
 *
 * Fields 2 to 11 are byte for byte a row of `COPY events TO STDOUT (FORMAT binary)`, so a verifier may
 * hash a slice of what PostgreSQL sent.
 */
export function canonicalEventBytes(logName: string, event: CanonicalEvent): Buffer {
  const buffer = new FieldBuffer(512 + event.data.length + event.metadata.length);
  buffer.text(logName);
  buffer.int64(event.position);
  buffer.text(event.streamId);
  buffer.int32(event.streamVersion);
  buffer.uuid(event.eventId);
  buffer.uuid(event.commandId);
  buffer.text(event.type);
  buffer.int16(event.schemaVersion);
  buffer.instant(Date.parse(event.occurredAt));
  buffer.instant(Date.parse(event.effectiveAt));
  buffer.instant(Date.parse(event.recordedAt));
  buffer.blob(event.metadata);
  buffer.blob(event.data);
  return buffer.view();
}

/** SHA-256(previous chain hash || canonical bytes). */
export function chainHash(previous: Uint8Array, canonicalBytes: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([previous, canonicalBytes]), 'buffer');
}

const viewLengthMax = 8192;

/**
 * Computes one chain hash after another over slices of COPY rows. A digest is kept as a latin1 string of
 * 32 characters: Node makes such a string in half the time of a Buffer.
 */
export class ChainHasher {
  private readonly scratch: FieldBuffer;
  private readonly prefixBytes: number;
  private views: Buffer[] = [];
  private viewsOf: Buffer;

  constructor(logName: string) {
    this.scratch = new FieldBuffer(viewLengthMax);
    this.scratch.raw(genesisHash);
    this.scratch.text(logName);
    this.prefixBytes = this.scratch.length;
    this.viewsOf = this.scratch.bytes;
  }

  /** Continues after `previous`. */
  continueFrom(previous: Uint8Array): void {
    this.scratch.bytes.set(previous, 0);
  }

  /** The digest of the next event; `source[start, end)` holds its fields from `position` to `data`. */
  next(source: Buffer, start: number, end: number): string {
    const { scratch } = this;
    scratch.length = this.prefixBytes;
    scratch.rawRange(source, start, end);
    const digest = hash('sha256', this.view(), 'binary');
    scratch.bytes.write(digest, 0, 'latin1');
    return digest;
  }

  /** The scratch bytes so far. Making a view costs as much as hashing a block, so views are kept. */
  private view(): Buffer {
    const { scratch } = this;
    if (scratch.length > viewLengthMax) {
      return scratch.view();
    }
    if (this.viewsOf !== scratch.bytes) {
      this.viewsOf = scratch.bytes;
      this.views = [];
    }
    return (this.views[scratch.length] ??= scratch.view());
  }
}
