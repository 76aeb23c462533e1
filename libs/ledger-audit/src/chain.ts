import { hash, verify, type KeyObject } from 'node:crypto';
import type { LogRecord } from './log-record.js';

const twoTo32 = 4_294_967_296;
const hashLength = 32;

export const genesisHash: Buffer = Buffer.alloc(hashLength);

/** Where a record stands, or claims to. */
export type Place = Pick<LogRecord, 'position' | 'streamVersion'>;

/**
 * Computes chain hashes from the specification of the canonical bytes, not with the code that wrote
 * them: SHA-256(previous || for each field an int32 byte count and the bytes), fields in the order log
 * name, position, stream id, stream version, event id, command id, type, schema version, the three
 * instants, metadata, data.
 */
export class ChainHasher {
  private buffer = Buffer.alloc(8192);
  private readonly start: number;

  constructor(logName: string) {
    this.start = this.putText(logName, hashLength);
  }

  /** The hash the chain has after `record`, given the one before it; `place` may differ from the record's own. */
  next(previous: Buffer, record: LogRecord, place: Place = record): Buffer {
    const { streamId, type, metadata, data } = record;
    this.reserve(
      this.start + (streamId.length + type.length) * 3 + metadata.length + data.length + 256,
    );
    const { buffer } = this;
    buffer.set(previous, 0);
    let at = this.putInt64(place.position, this.start);
    at = this.putText(streamId, at);
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(place.streamVersion, at);
    at = this.putUuid(record.eventId, at);
    at = this.putUuid(record.commandId, at);
    at = this.putText(type, at);
    at = buffer.writeInt32BE(2, at);
    at = buffer.writeInt16BE(record.schemaVersion, at);
    at = this.putInt64(record.occurredAtMicros, at);
    at = this.putInt64(record.effectiveAtMicros, at);
    at = this.putInt64(record.recordedAtMicros, at);
    at = this.putBytes(metadata, at);
    at = this.putBytes(data, at);
    return hash('sha256', buffer.subarray(0, at), 'buffer');
  }

  private putInt64(value: number, at: number): number {
    const high = Math.floor(value / twoTo32);
    const after = this.buffer.writeInt32BE(8, at);
    this.buffer.writeInt32BE(high, after);
    return this.buffer.writeUInt32BE(value - high * twoTo32, after + 4);
  }

  private putText(text: string, at: number): number {
    const size = this.buffer.write(text, at + 4, 'utf8');
    this.buffer.writeInt32BE(size, at);
    return at + 4 + size;
  }

  private putBytes(bytes: Buffer, at: number): number {
    this.buffer.writeInt32BE(bytes.length, at);
    this.buffer.set(bytes, at + 4);
    return at + 4 + bytes.length;
  }

  private putUuid(uuid: string, at: number): number {
    const { buffer } = this;
    let to = buffer.writeInt32BE(16, at);
    for (let index = 0; index < uuid.length; index += 2) {
      if (uuid.charCodeAt(index) === 45) {
        index += 1;
      }
      buffer[to] = (nibble(uuid.charCodeAt(index)) << 4) | nibble(uuid.charCodeAt(index + 1));
      to += 1;
    }
    return to;
  }

  private reserve(size: number): void {
    if (size > this.buffer.length) {
      const grown = Buffer.alloc(size * 2);
      grown.set(this.buffer.subarray(0, this.start));
      this.buffer = grown;
    }
  }
}

function nibble(code: number): number {
  return code < 58 ? code - 48 : (code & 7) + 9;
}

export interface SignedHead {
  readonly logName: string;
  readonly position: number;
  readonly chainHash: Buffer;
  readonly signature: Buffer;
}

/** Whether one of `keys` signed the head (several keys after a rotation). Runs beside the fold, on other threads. */
export async function isSigned(head: SignedHead, keys: readonly KeyObject[]): Promise<boolean> {
  const { logName, position, chainHash, signature } = head;
  const text = Buffer.from(
    `specie log head v1\n${logName}\n${position}\n${chainHash.toString('hex')}\n`,
  );
  for (const key of keys) {
    const signed = await new Promise<boolean>((resolve) =>
      verify(null, text, key, signature, (error, result) => resolve(error === null && result)),
    );
    if (signed) {
      return true;
    }
  }
  return false;
}
