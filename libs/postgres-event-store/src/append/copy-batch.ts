import type { Client, Connection, Submittable } from 'pg';

/** The rows of one `COPY ... FROM STDIN (FORMAT binary)` in the order in which the SQL text names them. */
export interface CopySource {
  readonly rows: Buffer;
}

const copyHeader = Buffer.concat([
  Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'),
  Buffer.alloc(8), // flags and header extension length
]);
const copyTrailer = Buffer.from([0xff, 0xff]);
const copyDoneMessage = Buffer.from([0x63, 0, 0, 0, 4]);

/**
 * Sends a text of several statements, among them COPY FROM STDIN, and the rows of every COPY in one
 * write, without waiting for the server to ask for them. A failing statement ends the text; PostgreSQL
 * ignores copy messages that arrive outside COPY, so the connection stays in step.
 */
class CopyBatch implements Submittable {
  private error: Error | null = null;
  private readonly text: string;
  private readonly sources: readonly CopySource[];
  private readonly settle: (error: Error | null) => void;

  constructor(text: string, sources: readonly CopySource[], settle: (error: Error | null) => void) {
    this.text = text;
    this.sources = sources;
    this.settle = settle;
  }

  submit(connection: Connection): void {
    const { stream } = connection;
    stream.cork();
    connection.query(this.text);
    for (const { rows } of this.sources) {
      const prefix = Buffer.allocUnsafe(5);
      prefix[0] = 0x64;
      prefix.writeInt32BE(4 + copyHeader.length + rows.length + copyTrailer.length, 1);
      stream.write(Buffer.concat([prefix, copyHeader, rows, copyTrailer, copyDoneMessage]));
    }
    stream.uncork();
  }

  handleError(error: Error): void {
    this.error ??= error;
    this.settle(this.error);
  }

  handleReadyForQuery(): void {
    this.settle(this.error);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}

/** Runs `text` with its COPY rows on `client`; rejects with the first error the server reports. */
export function runCopyBatch(
  client: Client,
  text: string,
  sources: readonly CopySource[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const batch = new CopyBatch(text, sources, (error) => (error ? reject(error) : resolve()));
    client.query(batch);
  });
}
