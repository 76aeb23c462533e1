import type { StoredAnswer } from '@specie/event-sourcing';
import type { DataSource } from 'typeorm';
import { retryRead } from '../connection/retry-read.js';
import type { LogTables } from '../schema/log-tables.js';
import { pair } from './batch-builder.js';
import { findAnswers } from './look-up.js';

interface Lookup {
  readonly scope: string;
  readonly key: string;
  readonly resolve: (answer: StoredAnswer | null) => void;
  readonly reject: (error: unknown) => void;
}

const lookupCountMax = 500;

/** The stored answers of idempotency keys. Look-ups made in the same turn share one query. */
export class Answers {
  private readonly dataSource: DataSource;
  private readonly tables: LogTables;
  private waiting: Lookup[] = [];

  constructor(dataSource: DataSource, tables: LogTables) {
    this.dataSource = dataSource;
    this.tables = tables;
  }

  find(scope: string, key: string): Promise<StoredAnswer | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ scope, key, resolve, reject });
      if (this.waiting.length === 1) {
        setImmediate(() => {
          const lookups = this.waiting.splice(0);
          for (let start = 0; start < lookups.length; start += lookupCountMax) {
            void this.answer(lookups.slice(start, start + lookupCountMax));
          }
        });
      }
    });
  }

  /** Deletes answers older than `olderThanDays`; repeats of those commands are then refused by their event ids only. */
  async purge(olderThanDays: number): Promise<number> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `delete from ${this.tables.commandSeen} where recorded_at < now() - make_interval(days => $1)`,
      [olderThanDays],
    );
    return result[1];
  }

  private async answer(lookups: readonly Lookup[]): Promise<void> {
    try {
      const found = await retryRead(() =>
        findAnswers(
          (text, values) => this.dataSource.query(text, [...values]),
          this.tables,
          lookups,
        ),
      );
      for (const { scope, key, resolve } of lookups) {
        resolve(found.get(pair(scope, key)) ?? null);
      }
    } catch (error) {
      for (const { reject } of lookups) {
        reject(error);
      }
    }
  }
}
