import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { BatchWriter, readJournal } from './journal.js';
import type { Recovered } from './journal.js';

/**
 * The journal on disk, with group commit: commands gather in memory, and `commit` makes all of them durable with one
 * write and one fdatasync. Apart from this adapter nothing of the engine touches the operating system.
 */
export class JournalFile {
  private readonly batch = new BatchWriter();
  private readonly descriptor: number;

  private constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** Opens a journal, shows every intact command to `visit`, cuts a torn tail off and stands ready to append. */
  static open(
    path: string,
    visit: (command: Float64Array) => void,
  ): { journal: JournalFile; recovered: Recovered } {
    const descriptor = openSync(path, 'a+');
    const recovered = readJournal(readFileSync(path), visit);
    ftruncateSync(descriptor, recovered.bytes);
    return { journal: new JournalFile(descriptor), recovered };
  }

  append(command: Float64Array, offset = 0): void {
    this.batch.append(command, offset);
  }

  /** Only after this may the outcome of the appended commands be acknowledged. */
  commit(): void {
    if (this.batch.count === 0) return;
    const bytes = this.batch.seal();
    for (let written = 0; written < bytes.length;)
      written += writeSync(this.descriptor, bytes, written, bytes.length - written);
    fdatasyncSync(this.descriptor);
  }

  close(): void {
    this.commit();
    closeSync(this.descriptor);
  }
}
