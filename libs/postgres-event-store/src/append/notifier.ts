import type { DataSource } from 'typeorm';

export const logChannel = 'specie_log';
const quietMs = 2;

/**
 * Tells listeners that the log grew. NOTIFY takes a lock over all of PostgreSQL at its commit, so it
 * stays outside the append transaction and at most one is under way; readers poll anyway, this only
 * wakes them sooner.
 */
export class Notifier {
  private readonly dataSource: DataSource;
  private readonly text: string;
  private running: Promise<void> | null = null;
  private again = false;

  constructor(dataSource: DataSource, logName: string) {
    this.dataSource = dataSource;
    // A hint needs no durable commit.
    this.text = `begin; set local synchronous_commit = off; notify ${logChannel}, '${logName}'; commit`;
  }

  notify(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.run().finally(() => {
      this.running = null;
    });
  }

  async close(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    do {
      this.again = false;
      try {
        await this.dataSource.query(this.text);
      } catch {
        // Readers find the events by polling.
      }
      await new Promise((resolve) => setTimeout(resolve, quietMs));
    } while (this.again);
  }
}
