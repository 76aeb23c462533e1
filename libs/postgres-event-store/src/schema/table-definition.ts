import type { AnyColumn, ColumnInput, ColumnValue, ColumnWire, IsOptional } from './column.js';

export type Columns = Readonly<Record<string, AnyColumn>>;

/** Everything there is to know of a read-model table. */
export interface TableDefinition<C extends Columns, Key extends keyof C & string> {
  readonly name: string;
  readonly columns: C;
  /** Its constraint is `<table>_pkey` unless it is given a name. */
  readonly primaryKey: readonly Key[] | { readonly name: string; readonly columns: readonly Key[] };
  /** Columns by constraint. */
  readonly unique?: Readonly<Record<string, readonly (keyof C & string)[]>>;
  /** Conditions in SQL by constraint. */
  readonly checks?: Readonly<Record<string, string>>;
  /** The table whose primary key a column holds; the constraint is `<table>_<column>_fkey`. */
  readonly references?: { readonly [Name in keyof C]?: { readonly name: string } };
  /** By index what follows `on <table>` in SQL, such as `(expires_at) where status = 'open'`. */
  readonly indexes?: Readonly<Record<string, string>>;
  readonly uniqueIndexes?: Readonly<Record<string, string>>;
}

/** A row in memory. */
export type RowOfColumns<C extends Columns> = { -readonly [Name in keyof C]: ColumnValue<C[Name]> };

type Inputs<C extends Columns> = { readonly [Name in keyof C]: ColumnInput<C[Name]> };
type OptionalName<C extends Columns> = {
  [Name in keyof C]: IsOptional<C[Name]> extends true ? Name : never;
}[keyof C];
type NumericName<C extends Columns> = {
  [Name in keyof C]: ColumnValue<C[Name]> extends bigint | number ? Name : never;
}[keyof C];

/** A row to insert: nullable columns and those with a default may be left out. */
export type NewRow<C extends Columns> = Omit<Inputs<C>, OptionalName<C>> & {
  readonly [Name in OptionalName<C>]?: ColumnInput<C[Name]> | undefined;
};

/** A key and what becomes of some of the other columns. */
export type RowChange<C extends Columns, Key extends keyof C> = Pick<Inputs<C>, Key> &
  Partial<Omit<Inputs<C>, Key>>;

/** A key, what some numbers grow by, and the columns that are set. */
export type RowSum<C extends Columns, Key extends keyof C, Set extends keyof C> = Pick<
  Inputs<C>,
  Key | Set
> &
  Partial<Pick<Inputs<C>, NumericName<C>>>;

/** A key, what some numbers grow by, and whatever else a new row must have. */
export type NewRowSum<C extends Columns, Key extends keyof C> = Omit<
  NewRow<C>,
  Exclude<NumericName<C>, Key>
> &
  Partial<Pick<Inputs<C>, Exclude<NumericName<C>, Key>>>;

/** The JSON form of some columns of a row. */
export type WireOfColumns<C extends Columns, Name extends keyof C> = {
  [N in Name]: ColumnWire<C[N]>;
};
