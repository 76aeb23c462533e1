import type { AnyColumn } from './column.js';
import type { Columns, TableDefinition } from './table-definition.js';

/** The statements that create a table and its indexes. */
export function createTableSql<C extends Columns>(
  definition: TableDefinition<C, keyof C & string>,
): readonly string[] {
  const { name, columns, primaryKey, unique = {}, checks = {} } = definition;
  const list = (properties: readonly string[]): string =>
    properties.map((property) => sqlNameOf(property, columns[property])).join(', ');
  const key = 'columns' in primaryKey ? primaryKey : { name: `${name}_pkey`, columns: primaryKey };
  const lines = [
    ...Object.entries(columns).map(([property, column]) => columnSql(property, column)),
    `constraint ${key.name} primary key (${list(key.columns)})`,
    ...Object.entries(unique).map(([of, on]) => `constraint ${of} unique (${list(on)})`),
    ...Object.entries(columns).flatMap(([property, { form }]) => {
      const column = sqlNameOf(property, columns[property]);
      return form.allowed
        ? `constraint ${name}_${column}_check check (${column} in (${form.allowed.map(literal).join(', ')}))`
        : [];
    }),
    ...Object.entries(checks).map(([of, condition]) => `constraint ${of} check (${condition})`),
    ...referencesOf(definition).map(([property, table]) => {
      const column = sqlNameOf(property, columns[property]);
      return `constraint ${name}_${column}_fkey foreign key (${column}) references ${table.name}`;
    }),
  ];
  return [
    `create table ${name} (\n  ${lines.join(',\n  ')}\n)`,
    ...indexSql('index', name, definition.indexes),
    ...indexSql('unique index', name, definition.uniqueIndexes),
  ];
}

/** The name of a property's column. */
export function sqlNameOf(property: string, column: AnyColumn | undefined): string {
  return column?.form.sqlName ?? property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function columnSql(property: string, column: AnyColumn): string {
  const { sqlType, isNullable, defaultValue, defaultSql } = column.form;
  const byDefault = defaultSql ?? (defaultValue === undefined ? undefined : literal(defaultValue));
  return [
    sqlNameOf(property, column),
    sqlType,
    ...(isNullable ? [] : ['not null']),
    ...(byDefault === undefined ? [] : [`default ${byDefault}`]),
  ].join(' ');
}

function referencesOf<C extends Columns>({
  references = {},
}: TableDefinition<C, keyof C & string>): readonly (readonly [
  string,
  { readonly name: string },
])[] {
  return Object.entries(references as Readonly<Record<string, { readonly name: string }>>);
}

function indexSql(
  kind: string,
  table: string,
  indexes: Readonly<Record<string, string>> = {},
): readonly string[] {
  return Object.entries(indexes).map(([index, on]) => `create ${kind} ${index} on ${table} ${on}`);
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}
