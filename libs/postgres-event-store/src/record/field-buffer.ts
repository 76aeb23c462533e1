const epoch2000Ms = 946_684_800_000;
const twoTo32 = 4_294_967_296;

/**
 * A growing buffer of length-prefixed fields: an int32 (big-endian) byte count, then the bytes. This is
 * at once the encoding of a field in PostgreSQL's binary COPY and in the canonical bytes of an event, so
 * what is hashed is what is sent, without a second encoding.
 */
export class FieldBuffer {
  bytes: Buffer;
  length = 0;

  constructor(initialBytes = 4096) {
    this.bytes = Buffer.allocUnsafe(initialBytes);
  }

  /** A field count (binary COPY starts each row with one). */
  rawInt16(value: number): void {
    this.reserve(2);
    this.length = this.bytes.writeInt16BE(value, this.length);
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  rawRange(source: Buffer, start: number, end: number): void {
    this.reserve(end - start);
    source.copy(this.bytes, this.length, start, end);
    this.length += end - start;
  }

  absent(): void {
    this.reserve(4);
    this.length = this.bytes.writeInt32BE(-1, this.length);
  }

  int16(value: number): void {
    this.reserve(6);
    this.length = this.bytes.writeInt32BE(2, this.length);
    this.length = this.bytes.writeInt16BE(value, this.length);
  }

  int32(value: number): void {
    this.reserve(8);
    this.length = this.bytes.writeInt32BE(4, this.length);
    this.length = this.bytes.writeInt32BE(value, this.length);
  }

  int64(value: number): void {
    this.reserve(12);
    this.length = this.bytes.writeInt32BE(8, this.length);
    const high = Math.floor(value / twoTo32);
    this.length = this.bytes.writeInt32BE(high, this.length);
    this.length = this.bytes.writeUInt32BE(value - high * twoTo32, this.length);
  }

  /** An instant as PostgreSQL keeps it: int64 microseconds since 2000-01-01T00:00:00Z. */
  instant(epochMs: number): void {
    this.int64((epochMs - epoch2000Ms) * 1000);
  }

  text(value: string): void {
    // A UTF-16 unit needs at most three bytes of UTF-8.
    this.reserve(4 + value.length * 3);
    const size = this.bytes.write(value, this.length + 4, 'utf8');
    this.bytes.writeInt32BE(size, this.length);
    this.length += 4 + size;
  }

  blob(value: Uint8Array): void {
    this.reserve(4 + value.length);
    this.bytes.writeInt32BE(value.length, this.length);
    this.bytes.set(value, this.length + 4);
    this.length += 4 + value.length;
  }

  /** A field of bytes given as a latin1 string. */
  latin1(value: string): void {
    this.reserve(4 + value.length);
    this.length = this.bytes.writeInt32BE(value.length, this.length);
    this.length += this.bytes.write(value, this.length, 'latin1');
  }

  uuid(value: string): void {
    this.reserve(20);
    this.length = this.bytes.writeInt32BE(16, this.length);
    const bytes = this.bytes;
    let at = this.length;
    for (let index = 0; index < 36; index += 2) {
      if (value.charCodeAt(index) === 45) {
        index += 1;
      }
      bytes[at] = (hexDigit(value.charCodeAt(index)) << 4) | hexDigit(value.charCodeAt(index + 1));
      at += 1;
    }
    this.length = at;
  }

  /** What was written; valid until the next write. */
  view(from = 0, to = this.length): Buffer {
    return this.bytes.subarray(from, to);
  }

  private reserve(size: number): void {
    const needed = this.length + size;
    if (needed <= this.bytes.length) {
      return;
    }
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

function hexDigit(code: number): number {
  // '0'-'9' are 48-57; 'A'-'F' and 'a'-'f' end in 1-6 under the mask.
  return code < 58 ? code - 48 : (code & 7) + 9;
}

/** Epoch milliseconds of a PostgreSQL instant (see `FieldBuffer.instant`) read at `offset`. */
export function readInstantMs(bytes: Buffer, offset: number): number {
  return readInt64(bytes, offset) / 1000 + epoch2000Ms;
}

export function readInt64(bytes: Buffer, offset: number): number {
  return bytes.readInt32BE(offset) * twoTo32 + bytes.readUInt32BE(offset + 4);
}
