import { closeSync, openSync, writeSync } from 'node:fs';
import { describeFailure } from './failure.js';

/** A log that a full disk cannot turn into a crash: what cannot be written is left out, and that is said once. */
export class LogFile {
  private descriptor: number | null = null;
  private isBroken = false;
  private readonly path: string;
  private readonly onBroken: (message: string) => void;

  constructor(path: string, onBroken: (message: string) => void) {
    this.path = path;
    this.onBroken = onBroken;
  }

  write(chunk: Buffer): void {
    try {
      this.descriptor ??= openSync(this.path, 'a');
      writeSync(this.descriptor, chunk);
      this.isBroken = false;
    } catch (error) {
      if (!this.isBroken) {
        this.onBroken(`the log ${this.path} cannot be written: ${describeFailure(error)}`);
      }
      this.isBroken = true;
    }
  }

  close(): void {
    if (this.descriptor !== null) {
      closeSync(this.descriptor);
      this.descriptor = null;
    }
  }
}
