import { FieldBuffer } from '../record/field-buffer.js';

/** A batch that needed more than this keeps its memory for itself. */
const keptBytesMax = 1024 * 1024;
const keptCountMax = 8;

/** The rows of one batch as COPY takes them. */
export class BatchRows {
  readonly events = new FieldBuffer(64 * 1024);
  readonly seen = new FieldBuffer(8 * 1024);
  readonly inbox = new FieldBuffer(1024);

  clear(): this {
    this.events.length = 0;
    this.seen.length = 0;
    this.inbox.length = 0;
    return this;
  }

  get byteLength(): number {
    return this.events.bytes.length + this.seen.bytes.length + this.inbox.bytes.length;
  }
}

/**
 * Uses the memory of committed batches again. Made again for each batch, tens of megabytes a second of it
 * would drive the collector into full collections, which are the tail of an append's latency.
 */
export class BatchRowsPool {
  private readonly kept: BatchRows[] = [];

  take(): BatchRows {
    return (this.kept.pop() ?? new BatchRows()).clear();
  }

  /** Only rows that the server has taken in whole: the socket may still read them before. */
  giveBack(rows: BatchRows): void {
    if (this.kept.length < keptCountMax && rows.byteLength <= keptBytesMax) {
      this.kept.push(rows);
    }
  }
}
