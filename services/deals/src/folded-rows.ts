import { assertPossible } from '@specie/event-sourcing';

/** Rows of a read model as the events of a batch leave them: those that were there before it, and new ones. */
export class FoldedRows<Row> {
  readonly added: Row[] = [];
  private readonly byKey: Map<string, Row>;

  constructor(
    known: readonly Row[],
    private readonly keyOf: (row: Row) => string,
  ) {
    this.byKey = new Map(known.map((row) => [keyOf(row), row]));
  }

  /** Adds a row even where its key is taken: the table then refuses the batch. */
  add(row: Row): void {
    this.added.push(row);
    this.byKey.set(this.keyOf(row), row);
  }

  find(key: string): Row | undefined {
    return this.byKey.get(key);
  }

  /** @throws Error if there is no such row: the log and its read model disagree */
  get(key: string): Row {
    const row = this.find(key);
    assertPossible(row !== undefined, `an event about ${key}, which has no row`);
    return row;
  }

  /** The rows that were there before, with what has become of them. */
  known(): readonly Row[] {
    const added = new Set(this.added);
    return [...this.byKey.values()].filter((row) => !added.has(row));
  }
}
