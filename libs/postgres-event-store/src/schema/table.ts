import type { JsonValue, SideRows } from '@specie/event-sourcing';
import { EntitySchema, type EntityManager, type EntitySchemaColumnOptions } from 'typeorm';
import type { AnyColumn } from './column.js';
import { insertMissingRows, insertRows, updateRows, type Row } from './set-writes.js';
import type {
  Columns,
  NewRow,
  NewRowSum,
  RowChange,
  RowOfColumns,
  RowSum,
  TableDefinition,
  WireOfColumns,
} from './table-definition.js';
import { createTableSql, sqlNameOf } from './table-sql.js';

/** The row of a table in memory: `RowOf<typeof accountTable>`. */
export type RowOf<T> = T extends Table<infer C, infer _Key> ? RowOfColumns<C> : never;

/** A table whatever its columns. */
export interface AnyTable {
  readonly name: string;
  createSql(): readonly string[];
}

/**
 * Defines a read-model table once: its row type, its entity for TypeORM, its SQL, its writes and its wire form.
 * `tableDifferences` shows that the migrations of a service made the same.
 */
export function defineTable<C extends Columns, const Key extends keyof C & string>(
  definition: TableDefinition<C, Key>,
): Table<C, Key> {
  return new Table(definition);
}

type Values = Readonly<Record<string, unknown>>;

/** One read-model table; made by `defineTable`. */
export class Table<C extends Columns, Key extends keyof C & string> implements AnyTable {
  readonly name: string;
  /** For reading with TypeORM. */
  readonly entity: EntitySchema<RowOfColumns<C>>;
  private readonly definition: TableDefinition<C, Key>;
  private readonly columns: ReadonlyMap<string, AnyColumn>;
  private readonly storedNames: ReadonlyMap<string, string>;
  private readonly key: readonly string[];

  constructor(definition: TableDefinition<C, Key>) {
    const { name, columns, primaryKey } = definition;
    this.definition = definition;
    this.name = name;
    this.columns = new Map(Object.entries(columns));
    this.storedNames = new Map(
      [...this.columns].map(([property, column]) => [property, sqlNameOf(property, column)]),
    );
    this.key = 'columns' in primaryKey ? primaryKey.columns : primaryKey;
    this.entity = entityOf<RowOfColumns<C>>(name, this.columns, this.key);
  }

  /** The statements that create the table, for its migration. */
  createSql(): readonly string[] {
    return createTableSql<C>(this.definition);
  }

  /** Inserts all rows with one statement. Properties that are no columns are left out. */
  async insert(manager: EntityManager, rows: readonly NewRow<C>[]): Promise<void> {
    const stored = rows.map((row) => this.newRow(row));
    await insertRows(manager, this.name, stored);
  }

  /** Inserts those of the rows whose key is not in the table yet; a row that is there stays as it is. */
  async insertMissing(manager: EntityManager, rows: readonly NewRow<C>[]): Promise<void> {
    const target = { table: this.name, keys: this.sqlNames(this.key) };
    await insertMissingRows(
      manager,
      target,
      rows.map((row) => this.newRow(row)),
    );
  }

  /** Rows that a command inserts beside its events. */
  sideRows(rows: readonly NewRow<C>[]): SideRows {
    return { table: this.name, rows: rows.map((row) => this.newRow(row)) };
  }

  /**
   * Sets columns of the rows found by their keys, with one statement; the same columns in every row.
   *
   * @throws if a row is missing: the log and its read model would disagree.
   */
  async set(manager: EntityManager, rows: readonly RowChange<C, Key>[]): Promise<void> {
    await this.update(manager, rows, { added: [] });
  }

  /**
   * Adds to numbers of the rows found by their keys, with one statement; the same numbers in every row. Columns named in
   * `set` are set as well.
   *
   * @throws if a row is missing: the log and its read model would disagree.
   */
  async add<Set extends Exclude<keyof C & string, Key> = never>(
    manager: EntityManager,
    rows: readonly RowSum<C, Key, NoInfer<Set>>[],
    { set = [] }: { readonly set?: readonly Set[] } = {},
  ): Promise<void> {
    const added = this.changedColumns(rows).filter((name) => !set.some((one) => one === name));
    await this.update(manager, rows, { added });
  }

  /**
   * As `add`, where a row that is missing starts at zero. What else a new row must have stands in every row, and leaves a
   * row that is there as it is.
   */
  async addOrInsert(manager: EntityManager, rows: readonly NewRowSum<C, Key>[]): Promise<void> {
    const numbers = [...this.columns.keys()].filter(
      (name) => !this.key.includes(name) && this.isNumeric(name),
    );
    const zeros = Object.fromEntries(numbers.map((name) => [name, 0]));
    // Two statements, because a check constraint would refuse a negative change proposed for insertion.
    await insertMissingRows(
      manager,
      { table: this.name, keys: this.sqlNames(this.key) },
      rows.map((row) => this.newRow({ ...row, ...zeros })),
    );
    const added = this.changedColumns(rows).filter((name) => numbers.includes(name));
    const sums = rows.map((row) => pick(row, [...this.key, ...added]));
    await this.update(manager, sums, { added });
  }

  /** The JSON form of a row, or of some of its columns. */
  wire<Name extends keyof C & string = keyof C & string>(
    row: Readonly<Pick<RowOfColumns<C>, Name>>,
    columns: readonly Name[] = Object.keys(this.definition.columns) as Name[],
  ): WireOfColumns<C, Name> {
    return Object.fromEntries(
      columns.map((name) => [name, this.column(name).toWire(row[name])]),
    ) as WireOfColumns<C, Name>;
  }

  private async update(
    manager: EntityManager,
    rows: readonly Values[],
    { added }: { readonly added: readonly string[] },
  ): Promise<void> {
    const changed = this.changedColumns(rows);
    if (changed.length === 0) {
      return;
    }
    const rowCount = await updateRows(
      manager,
      {
        table: this.name,
        keys: this.sqlNames(this.key),
        columns: this.sqlNames(changed.filter((name) => !added.includes(name))),
        added: this.sqlNames(added),
      },
      rows.map((row) => this.storedRow(row)),
    );
    if (rowCount !== rows.length) {
      throw new Error(`${this.name} has ${rowCount} of ${rows.length} rows to update`);
    }
  }

  /** The columns that every one of `rows` has beside the key. @throws TypeError where rows differ in them. */
  private changedColumns(rows: readonly Values[]): readonly string[] {
    const [first] = rows;
    const changed = Object.keys(first ?? {}).filter((name) => !this.key.includes(name));
    for (const row of rows) {
      const isAlike = [...this.key, ...changed].every((name) => row[name] !== undefined);
      if (!isAlike || Object.keys(row).length !== this.key.length + changed.length) {
        throw new TypeError(`the rows for ${this.name} do not all have the same columns`);
      }
    }
    return changed;
  }

  /** A thousand rows are built for one statement, so this does no more than it must. */
  private newRow(row: Values): Row {
    const stored: Record<string, JsonValue> = {};
    for (const [name, sqlName] of this.storedNames) {
      stored[sqlName] = storedValue(row[name] ?? this.column(name).form.defaultValue ?? null);
    }
    return stored;
  }

  /** By column name, as a statement takes it. */
  private storedRow(row: Values): Row {
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [this.sqlName(name), storedValue(value)]),
    );
  }

  private sqlNames(names: readonly string[]): readonly string[] {
    return names.map((name) => this.sqlName(name));
  }

  private sqlName(name: string): string {
    return this.storedNames.get(name) ?? sqlNameOf(name, this.column(name));
  }

  private isNumeric(name: string): boolean {
    const { entityType, isNullable } = this.column(name).form;
    return !isNullable && ['integer', 'bigint', 'numeric'].includes(String(entityType));
  }

  private column(name: string): AnyColumn {
    const column = this.columns.get(name);
    if (!column) {
      throw new TypeError(`${this.name} has no column ${name}`);
    }
    return column;
  }
}

function entityOf<Row extends object>(
  name: string,
  columns: ReadonlyMap<string, AnyColumn>,
  key: readonly string[],
): EntitySchema<Row> {
  const options = [...columns].map(([property, column]) => {
    const { entityType, isArray = false, isNullable = false, read } = column.form;
    const transformer = read && {
      from: (stored: string | null): unknown => (stored === null ? null : read(stored)),
      to: (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value),
    };
    const option: EntitySchemaColumnOptions = {
      name: sqlNameOf(property, column),
      type: entityType,
      array: isArray,
      nullable: isNullable,
      primary: key.includes(property),
      ...(transformer && { transformer }),
    };
    return [property, option];
  });
  return new EntitySchema<Row>({
    name,
    tableName: name,
    columns: Object.fromEntries(options) as { [P in keyof Row]?: EntitySchemaColumnOptions },
  });
}

/** As `json_populate_recordset` takes it. */
function storedValue(value: unknown): JsonValue {
  if (Buffer.isBuffer(value)) {
    return `\\x${value.toString('hex')}`;
  }
  return typeof value === 'bigint' ? value.toString() : (value as JsonValue);
}

function pick(row: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}
