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
  if (rows.length > 0) {
    await manager.query(
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`,
      [JSON.stringify(rows)],
    );
  }
}

/** Sets `columns` of the rows found by `keys`, with one statement. */
export async function updateRows(
  manager: EntityManager,
  update: {
    readonly table: string;
    readonly keys: readonly string[];
    readonly columns: readonly string[];
  },
  rows: readonly Row[],
): Promise<void> {
  if (rows.length > 0) {
    const { table, keys, columns } = update;
    await manager.query(
      `update ${table} old set ${columns.map((column) => `${column} = new.${column}`).join(', ')}
         from json_populate_recordset(null::${table}, $1::json) new
        where ${keys.map((key) => `old.${key} = new.${key}`).join(' and ')}`,
      [JSON.stringify(rows)],
    );
  }
}

/** Adds to `columns` of the rows found by `keys`; a row that is not there yet starts at zero. */
export async function addToRows(
  manager: EntityManager,
  change: {
    readonly table: string;
    readonly keys: readonly string[];
    readonly columns: readonly string[];
  },
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  const { table, keys, columns } = change;
  // Two statements, because a check constraint would refuse a negative change proposed for insertion.
  const zeros = rows.map((row) => ({
    ...row,
    ...Object.fromEntries(columns.map((column) => [column, 0])),
  }));
  await manager.query(
    `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json) on conflict do nothing`,
    [JSON.stringify(zeros)],
  );
  await manager.query(
    `update ${table} old set ${columns.map((column) => `${column} = old.${column} + new.${column}`).join(', ')}
       from json_populate_recordset(null::${table}, $1::json) new
      where ${keys.map((key) => `old.${key} = new.${key}`).join(' and ')}`,
    [JSON.stringify(rows)],
  );
}
