const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags and the length of the header extension. */
const headerLength = signature.length + 8;

/** Fields of one row of PostgreSQL's binary COPY; null for SQL null. */
export type RowFields = readonly (Buffer | null)[];

/** Splits the bytes of `COPY ... TO STDOUT (FORMAT binary)` into rows; rows may straddle chunks. */
export class CopyRows {
  private pending: Buffer = Buffer.alloc(0);
  private headerSeen = false;

  /** Hands out the rows that are complete after `chunk`. */
  *push(chunk: Buffer): Generator<RowFields> {
    const bytes = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    let at = 0;
    if (!this.headerSeen) {
      if (bytes.length < headerLength) {
        this.pending = bytes;
        return;
      }
      at = headerLength + bytes.readInt32BE(signature.length + 4);
      this.headerSeen = true;
    }
    for (;;) {
      const row = readRow(bytes, at);
      if (row === null) {
        break;
      }
      at = row.end;
      yield row.fields;
    }
    this.pending = bytes.subarray(at);
  }
}

function readRow(
  bytes: Buffer,
  start: number,
): { readonly fields: RowFields; readonly end: number } | null {
  if (bytes.length < start + 2) {
    return null;
  }
  const count = bytes.readInt16BE(start);
  // -1 is the trailer.
  if (count < 0) {
    return null;
  }
  const fields: (Buffer | null)[] = [];
  let at = start + 2;
  for (let index = 0; index < count; index += 1) {
    if (bytes.length < at + 4) {
      return null;
    }
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) {
      fields.push(null);
      continue;
    }
    if (bytes.length < at + length) {
      return null;
    }
    fields.push(bytes.subarray(at, at + length));
    at += length;
  }
  return { fields, end: at };
}
