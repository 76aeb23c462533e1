import type { JsonValue } from '@specie/event-sourcing';
import type { EntityManager } from 'typeorm';

/** A row by column name. Quantities beyond 2^53 are decimal strings. */
export type Row = Readonly<Record<string, JsonValue>>;

/** Inserts all rows with one statement; a batch of events costs a few statements, not a few per event. */
export async function insertRows(
  manager: EntityManager,
  table: string,
  rows: readonly Row[],
): Promise<void> {
  await insert(manager, table, rows, '');
}

/**
 * Sets `columns` of the rows found by `keys`, and adds to those of `added`, with one statement.
 *
 * @returns how many rows it found.
 */
export async function updateRows(
  manager: EntityManager,
  update: {
    readonly table: string;
    readonly keys: readonly string[];
    readonly columns: readonly string[];
    readonly added?: readonly string[];
  },
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) {
    return 0;
  }
  const { table, keys, columns, added = [] } = update;
  const assignments = [
    ...columns.map((column) => `${column} = new.${column}`),
    ...added.map((column) => `${column} = old.${column} + new.${column}`),
  ];
  const [, rowCount] = await manager.query<[unknown, number]>(
    `update ${table} old set ${assignments.join(', ')}
       from json_populate_recordset(null::${table}, $1::json) new
      where ${keys.map((key) => `old.${key} = new.${key}`).join(' and ')}`,
    [JSON.stringify(rows)],
  );
  return rowCount;
}

/** Inserts those of `rows` whose key is not in the table yet. */
export async function insertMissingRows(
  manager: EntityManager,
  { table, keys }: { readonly table: string; readonly keys: readonly string[] },
  rows: readonly Row[],
): Promise<void> {
  await insert(manager, table, rows, `on conflict (${keys.join(', ')}) do nothing`);
}

async function insert(
  manager: EntityManager,
  table: string,
  rows: readonly Row[],
  onConflict: string,
): Promise<void> {
  if (rows.length > 0) {
    await manager.query(
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json) ${onConflict}`,
      [JSON.stringify(rows)],
    );
  }
}
