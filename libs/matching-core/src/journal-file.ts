import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { BatchWriter, batchLength, isTorn, readJournal } from './journal.js';
import type { Recovered } from './journal.js';

/** How much of a journal is read at once; more only for a batch that is larger. */
const CHUNK_BYTES = 2 ** 26;
/** What one call of the operating system may read. */
const READ_BYTES_MAX = 2 ** 30;

/** The disk refused: what was committed before is safe, what was not is not known to be. */
export class JournalError extends Error {}

/**
 * The journal on disk, with group commit: commands gather in memory, and `commit` makes all of them durable with one
 * write and one fdatasync. Apart from this adapter nothing of the engine touches the operating system.
 */
export class JournalFile {
  private readonly batch = new BatchWriter();
  private readonly descriptor: number;
  private failed = false;

  private constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /**
   * Opens a journal, shows every intact command to `visit`, cuts a torn tail off and stands ready to append. Throws
   * `JournalError` and leaves the file as it is when what follows the intact batches is no torn tail.
   */
  static open(
    path: string,
    visit: (command: Float64Array) => void,
  ): { journal: JournalFile; recovered: Recovered } {
    const descriptor = openSync(path, 'a+');
    try {
      const recovered = readAll(descriptor, visit);
      ftruncateSync(descriptor, recovered.bytes);
      if (recovered.bytes === 0) syncFolderOf(path);
      return { journal: new JournalFile(descriptor), recovered };
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  append(command: Float64Array, offset = 0): void {
    this.batch.append(command, offset);
  }

  /**
   * Only after this may the outcome of the appended commands be acknowledged. Throws `JournalError` if the disk refuses;
   * what it took of the batch is a torn tail then, so nothing more is written behind it: the journal has to be opened again.
   */
  commit(): void {
    if (this.failed) throw new JournalError('a write failed before: open the journal again');
    if (this.batch.count === 0) return;
    const bytes = this.batch.seal();
    try {
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.descriptor, bytes, written, bytes.length - written);
      fdatasyncSync(this.descriptor);
    } catch (cause) {
      this.failed = true;
      throw new JournalError('the journal could not be written', { cause });
    }
  }

  /** Commits what was appended and closes the file, also when the commit throws. */
  close(): void {
    try {
      if (!this.failed) this.commit();
    } finally {
      closeSync(this.descriptor);
    }
  }
}

/** Chunk by chunk, each from the first batch on that the one before did not hold whole. */
function readAll(descriptor: number, visit: (command: Float64Array) => void): Recovered {
  const size = fstatSync(descriptor).size;
  let batches = 0;
  let commands = 0;
  let bytes = 0;
  for (let wanted = CHUNK_BYTES; ;) {
    const chunk = readAt(descriptor, bytes, Math.min(wanted, size - bytes));
    const recovered = readJournal(chunk, visit);
    batches += recovered.batches;
    commands += recovered.commands;
    bytes += recovered.bytes;
    // A first batch that is not intact is torn, unless the chunk was too small for it.
    const length = recovered.bytes > 0 ? CHUNK_BYTES : batchLength(chunk);
    if (recovered.bytes === 0 && (length <= chunk.length || length > size - bytes)) {
      if (isTorn(chunk, size - bytes)) return { batches, commands, bytes };
      throw new JournalError(
        bytes === 0
          ? 'not a journal'
          : `the journal is damaged at byte ${bytes}: restore it from a copy`,
      );
    }
    wanted = length;
  }
}

function readAt(descriptor: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let read = 0; read < length;) {
    const most = Math.min(length - read, READ_BYTES_MAX);
    const count = readSync(descriptor, bytes, read, most, position + read);
    if (count === 0) throw new JournalError('the journal became shorter while it was read');
    read += count;
  }
  return bytes;
}

/** Makes the name of a new file durable; Windows has no such call and needs none. */
function syncFolderOf(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
