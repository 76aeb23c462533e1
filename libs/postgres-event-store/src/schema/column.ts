import type { JsonValue } from '@specie/event-sourcing';
import { formatMicro } from '@specie/quantities';
import type { ColumnType } from 'typeorm';

/** A column whatever its kind. */
export type AnyColumn = Column<unknown, unknown, unknown, boolean>;
export type ColumnValue<C extends AnyColumn> = NonNullable<C['types']>['value'];
export type ColumnInput<C extends AnyColumn> = NonNullable<C['types']>['input'];
export type ColumnWire<C extends AnyColumn> = NonNullable<C['types']>['wire'];
export type IsOptional<C extends AnyColumn> = NonNullable<C['types']>['optional'];

type Scalar = string | number | bigint | boolean;

interface ColumnForm {
  readonly sqlType: string;
  readonly entityType: ColumnType;
  readonly isArray?: boolean;
  /** What the driver's text is in memory, where it is not the text itself. */
  readonly read?: (text: string) => unknown;
  /** What a value is on the wire, where it is not the value itself. */
  readonly write?: (value: never) => string;
  readonly allowed?: readonly string[];
  readonly isNullable?: boolean;
  readonly defaultValue?: Scalar;
  readonly defaultSql?: string;
  readonly sqlName?: string;
}

/**
 * One column: `Value` is what a row holds in memory, `Input` what a row to write may hold, `Wire` its JSON form.
 * An optional one may be left out of a row to insert.
 */
export class Column<Value, Input = Value, Wire = Value, Optional extends boolean = false> {
  /** For the compiler only. */
  declare readonly types?: {
    readonly value: Value;
    readonly input: Input;
    readonly wire: Wire;
    readonly optional: Optional;
  };
  readonly form: ColumnForm;

  constructor(form: ColumnForm) {
    this.form = form;
  }

  nullable(): Column<Value | null, Input | null, Wire | null, true> {
    return new Column({ ...this.form, isNullable: true });
  }

  /** What a row has that is inserted without a value. */
  default(value: Input & Scalar): Column<Value, Input, Wire, true> {
    return new Column({ ...this.form, defaultValue: value });
  }

  /** What a statement that leaves the column out gives it, such as `now()`. A row that is inserted as a whole says it. */
  defaultSql(sql: string): Column<Value, Input, Wire, Optional> {
    return new Column({ ...this.form, defaultSql: sql });
  }

  /** The name in SQL; without it, the snake case of the property's. */
  named(sqlName: string): Column<Value, Input, Wire, Optional> {
    return new Column({ ...this.form, sqlName });
  }

  /** The JSON form of a value read from the table. */
  toWire(value: unknown): JsonValue {
    const { write } = this.form;
    return value === null || !write ? (value as JsonValue) : write(value as never);
  }
}

export function uuid(): Column<string> {
  return new Column({ sqlType: 'uuid', entityType: 'uuid' });
}

export function uuids(): Column<string[], readonly string[], readonly string[]> {
  return new Column({ sqlType: 'uuid[]', entityType: 'uuid', isArray: true });
}

export function text<Value extends string = string>(): Column<Value> {
  return new Column({ sqlType: 'text', entityType: 'text' });
}

export function texts<Value extends string = string>(): Column<
  Value[],
  readonly Value[],
  readonly Value[]
> {
  return new Column({ sqlType: 'text[]', entityType: 'text', isArray: true });
}

/** One of these texts; a check `<table>_<column>_check` holds the table to it. */
export function oneOf<const Value extends string>(...allowed: readonly Value[]): Column<Value> {
  return new Column({ sqlType: 'text', entityType: 'text', allowed });
}

export function boolean(): Column<boolean> {
  return new Column({ sqlType: 'boolean', entityType: 'boolean' });
}

/** Bytes, such as a file; hexadecimal on the wire. */
export function bytes(): Column<Buffer, Buffer, string> {
  return new Column({
    sqlType: 'bytea',
    entityType: 'bytea',
    write: (value: Buffer) => value.toString('hex'),
  });
}

export function int32(): Column<number> {
  return new Column({ sqlType: 'integer', entityType: 'integer' });
}

/** A `bigint` column of numbers that stay below 2^53: counts, positions. */
export function int64(): Column<number> {
  return new Column({ sqlType: 'bigint', entityType: 'bigint', read: Number });
}

const wholeNumber = { read: BigInt, write: String };

/** A whole number, such as shares: a decimal string on the wire. */
export function whole(): Column<bigint, bigint, string> {
  return new Column({ sqlType: 'bigint', entityType: 'bigint', ...wholeNumber });
}

/** A whole number beyond 64 bits, such as atoms: a decimal string on the wire. */
export function wideWhole(): Column<bigint, bigint, string> {
  return new Column({ sqlType: 'numeric(38,0)', entityType: 'numeric', ...wholeNumber });
}

/** Micro-tokens or micro-money: a decimal string with six places on the wire. */
export function micro(): Column<bigint, bigint, string> {
  return new Column({ sqlType: 'bigint', entityType: 'bigint', read: BigInt, write: formatMicro });
}

/** A calendar day, `YYYY-MM-DD`. */
export function day(): Column<string> {
  return new Column({ sqlType: 'date', entityType: 'date' });
}

/** A point in time. A row to write may have the text of an event; on the wire it has milliseconds. */
export function instant(): Column<Date, Date | string, string> {
  return new Column({
    sqlType: 'timestamp with time zone',
    entityType: 'timestamptz',
    write: (value: Date) => value.toISOString(),
  });
}

export function json<Value>(): Column<Value> {
  return new Column({ sqlType: 'jsonb', entityType: 'jsonb' });
}
