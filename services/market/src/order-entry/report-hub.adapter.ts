import type { ExecutionReport } from '../shard/execution-report.js';
import { messageOf } from './execution-report-message.dto.js';

/** Who takes the reports of a party. */
export interface ReportReader {
  readonly partyId: string;
  take(bytes: Buffer): void;
}

/** Brings execution reports to the connections of their party; each is encoded once. */
export class ReportHub {
  private readonly readers = new Map<string, Set<ReportReader>>();

  /** In the order of the log; called once they are durable. */
  readonly publish = (reports: readonly ExecutionReport[], at: string): void => {
    for (const report of reports) {
      const readers = this.readers.get(report.partyId);
      if (readers) {
        const bytes = Buffer.from(JSON.stringify(messageOf(report, at)));
        readers.forEach((reader) => reader.take(bytes));
      }
    }
  };

  add(reader: ReportReader): void {
    const readers = this.readers.get(reader.partyId) ?? new Set();
    this.readers.set(reader.partyId, readers.add(reader));
  }

  hasReaders(partyId: string): boolean {
    return this.readers.has(partyId);
  }

  remove(reader: ReportReader): void {
    const readers = this.readers.get(reader.partyId);
    readers?.delete(reader);
    if (readers?.size === 0) {
      this.readers.delete(reader.partyId);
    }
  }
}
