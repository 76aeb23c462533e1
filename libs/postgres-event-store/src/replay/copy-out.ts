import type { Client, Connection, Submittable } from 'pg';

const copyDataCode = 0x64;
const copySignature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const copyHeaderBytes = 19;
/** Type and length of a message. */
const headBytes = 5;

/** Called for each row: `row[start]` is the length of its first field. */
export type OnCopyRow = (bytes: Buffer, start: number) => void;

/**
 * Reads `COPY ... TO STDOUT (FORMAT binary)` straight from the socket's chunks. The driver's own parser
 * builds an object per message; here a row costs no allocation unless it straddles two chunks. All other
 * messages are passed on to the driver.
 */
class CopyOut implements Submittable {
  private connection: Connection | null = null;
  private driverListener: ((chunk: Buffer) => void) | null = null;
  private readonly listener = (chunk: Buffer): void => this.read(chunk);
  /** The pieces of a message whose end has not arrived. */
  private readonly begun: Buffer[] = [];
  private begunBytes = 0;
  private isFirstRow = true;
  private error: unknown = null;
  private settled = false;
  private readonly text: string;
  private readonly onRow: OnCopyRow;
  private readonly settle: (error: unknown) => void;

  constructor(text: string, onRow: OnCopyRow, settle: (error: unknown) => void) {
    this.text = text;
    this.onRow = onRow;
    this.settle = settle;
  }

  submit(connection: Connection): void {
    this.connection = connection;
    const { stream } = connection;
    const listeners = stream.listeners('data');
    if (listeners.length !== 1) {
      throw new Error(`expected one reader on the PostgreSQL socket, found ${listeners.length}`);
    }
    this.driverListener = listeners[0] as (chunk: Buffer) => void;
    stream.removeListener('data', this.driverListener);
    stream.on('data', this.listener);
    connection.query(this.text);
  }

  handleError(error: unknown): void {
    this.finish(error);
  }

  handleReadyForQuery(): void {
    this.finish(null);
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}

  private read(chunk: Buffer): void {
    if (this.begun.length === 0) {
      this.messages(chunk, 0);
      return;
    }
    this.begun.push(chunk);
    this.begunBytes += chunk.length;
    if (this.begunBytes < headBytes) {
      return;
    }
    const head = Buffer.concat(this.begun.slice(0, headBytes), headBytes);
    const size = messageSize(head, 0);
    if (this.begunBytes < size) {
      return;
    }
    // Only the message that two or more chunks share is copied.
    const shared = Buffer.concat(this.begun, size);
    const next = chunk.length - (this.begunBytes - size);
    this.begun.length = 0;
    this.begunBytes = 0;
    this.messages(shared, 0);
    if (this.settled) {
      if (next < chunk.length) {
        this.driverListener?.(chunk.subarray(next));
      }
    } else {
      this.messages(chunk, next);
    }
  }

  /** Handles the messages of `bytes` from `start` and keeps what is left of one for the next chunk. */
  private messages(bytes: Buffer, start: number): void {
    let at = start;
    const end = bytes.length;
    while (at + headBytes <= end) {
      const size = messageSize(bytes, at);
      if (at + size > end) {
        break;
      }
      if (bytes[at] === copyDataCode) {
        if (this.error === null) {
          this.row(bytes, at + headBytes);
        }
      } else {
        this.driverListener?.(bytes.subarray(at, at + size));
        if (this.settled) {
          // The listener is the driver's again; what follows is its own.
          if (at + size < end) {
            this.driverListener?.(bytes.subarray(at + size));
          }
          return;
        }
      }
      at += size;
    }
    if (at < end) {
      this.begun.push(bytes.subarray(at));
      this.begunBytes = end - at;
    }
  }

  private row(bytes: Buffer, start: number): void {
    let at = start;
    if (this.isFirstRow) {
      this.isFirstRow = false;
      if (
        bytes.compare(copySignature, 0, copySignature.length, at, at + copySignature.length) !== 0
      ) {
        this.error = new Error('PostgreSQL sent no binary COPY signature');
        return;
      }
      at += copyHeaderBytes;
    }
    if (bytes.readInt16BE(at) === -1) {
      return;
    }
    try {
      this.onRow(bytes, at + 2);
    } catch (error) {
      // Nobody wants the remaining rows; the caller discards the connection, which is cheaper than reading them.
      this.error = error;
      this.connection?.stream.pause();
      this.finish(error);
    }
  }

  private finish(error: unknown): void {
    if (this.settled) {
      return;
    }
    this.settled = true;
    const stream = this.connection?.stream;
    stream?.removeListener('data', this.listener);
    if (this.driverListener) {
      stream?.on('data', this.driverListener);
    }
    this.settle(error ?? this.error);
  }
}

function messageSize(bytes: Buffer, at: number): number {
  return 1 + bytes.readInt32BE(at + 1);
}

export function runCopyOut(client: Client, text: string, onRow: OnCopyRow): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(
      new CopyOut(text, onRow, (error) => (error === null ? resolve() : reject(error as Error))),
    );
  });
}
