import type { DataSource, QueryRunner } from 'typeorm';
import type { AnyTable } from './table.js';

const scratchSchema = 'specie_table_differences';

/**
 * Where a table in the database is not as its definition says, a line for each column, constraint or index; none when
 * they agree. For tests: it creates the table a second time beside the first, and PostgreSQL itself tells both apart.
 */
export async function tableDifferences(
  dataSource: DataSource,
  table: AnyTable,
): Promise<readonly string[]> {
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  try {
    const [current] = (await runner.query('select current_schema() as schema')) as [
      { readonly schema: string },
    ];
    const actual = await describeTable(runner, `${current.schema}.${table.name}`);
    await runner.query(`create schema ${scratchSchema}`);
    await runner.query(`set local search_path to ${scratchSchema}, ${current.schema}`);
    for (const statement of table.createSql()) {
      await runner.query(statement);
    }
    const defined = await describeTable(runner, `${scratchSchema}.${table.name}`);
    return [...new Set([...defined.keys(), ...actual.keys()])]
      .filter((part) => defined.get(part) !== actual.get(part))
      .map(
        (part) =>
          `${table.name} ${part}: defined ${defined.get(part) ?? 'nowhere'}, in the database ${actual.get(part) ?? 'nowhere'}`,
      );
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

/** Columns, constraints and indexes of a table in PostgreSQL's own words. */
async function describeTable(
  runner: QueryRunner,
  table: string,
): Promise<ReadonlyMap<string, string>> {
  const parts = (await runner.query(
    `select 'column ' || attname as part,
            concat_ws(' ', format_type(atttypid, atttypmod), case when attnotnull then 'not null' end,
                      'default ' || pg_get_expr(adbin, adrelid)) as form
       from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attrelid = to_regclass($1) and attnum > 0 and not attisdropped
     union all
     select 'constraint ' || conname, pg_get_constraintdef(oid)
       from pg_constraint where conrelid = to_regclass($1) and contype <> 'n'
     union all
     select 'index ' || relname, regexp_replace(pg_get_indexdef(indexrelid), ' ON \\S+ USING', ' USING')
       from pg_index join pg_class on pg_class.oid = indexrelid
      where indrelid = to_regclass($1)
        and not exists (select from pg_constraint where conindid = indexrelid and conrelid = indrelid)`,
    [table],
  )) as readonly { readonly part: string; readonly form: string }[];
  return new Map(parts.map(({ part, form }) => [part, form]));
}
