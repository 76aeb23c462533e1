import type { BookListener, BookUpdate, ShownBook } from './book-update.js';
import type { ExecutionReport } from './execution-report.js';

export type ReportListener = (reports: readonly ExecutionReport[], at: string) => void;

/** Passes on what the shard tells once it is durable: changes of books to everybody, reports to the owners of orders. */
export class ShardFeed implements BookListener {
  private readonly books: BookListener[] = [];
  private readonly reports: ReportListener[] = [];

  followBooks(listener: BookListener): void {
    this.books.push(listener);
  }

  followReports(listener: ReportListener): void {
    this.reports.push(listener);
  }

  opened(books: readonly ShownBook[]): void {
    this.books.forEach((listener) => listener.opened(books));
  }

  updated(updates: readonly BookUpdate[], at: string): void {
    this.books.forEach((listener) => listener.updated(updates, at));
  }

  closed(): void {
    this.books.forEach((listener) => listener.closed());
  }

  reported(reports: readonly ExecutionReport[], at: string): void {
    this.reports.forEach((listener) => listener(reports, at));
  }
}
