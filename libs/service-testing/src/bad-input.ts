import type { OpenApiOperation } from '@specie/nest-platform';
import {
  isQuantity,
  largestQuantity,
  type SchemaReader,
  typeOf,
  withField,
  type Field,
  type JsonSchema,
  type Path,
} from './json-schema.js';

/** Stands in what is sent wherever text goes, and must never come back. */
export const marker = 'zqmarkerqz';

/** One wrong body, and the field that a violation must name (or one of its parents). */
export interface BadBody {
  readonly name: string;
  readonly body: unknown;
  readonly path: Path;
}

/** Every wrong body that follows from the schema, starting from one that is right. */
export function badBodies(
  reader: SchemaReader,
  schema: JsonSchema,
  valid: unknown,
): readonly BadBody[] {
  const fields = reader.fieldsOf(schema).filter(({ path }) => has(valid, path));
  return [
    ...[null, [], 'text', 7].map((body) => ({
      name: `${JSON.stringify(body)} as body`,
      body,
      path: [],
    })),
    ...reader
      .objectsOf(schema)
      .filter((path) => has(valid, path))
      .map((path) => ({
        name: `unknown field in ${nameOf(path)}`,
        body: withField(valid, [...path, 'unknownField'], marker),
        path,
      })),
    ...fields
      .filter(({ isRequired }) => isRequired)
      .map(({ path }) => ({
        name: `without ${nameOf(path)}`,
        body: withField(valid, path, undefined),
        path,
      })),
    ...fields.flatMap((field) =>
      wrongValues(reader, field).map(([what, value]) => ({
        name: `${nameOf(field.path)}: ${what}`,
        body: withField(valid, field.path, value),
        path: field.path,
      })),
    ),
  ];
}

/** Bodies that are right in shape with every amount and time as large as its pattern allows: refused or done, never a crash. */
export function extremeBodies(
  reader: SchemaReader,
  schema: JsonSchema,
  valid: unknown,
): readonly BadBody[] {
  return reader
    .fieldsOf(schema)
    .filter(({ path }) => has(valid, path))
    .flatMap(({ path, schema: field }) => {
      const own = reader.resolve(field);
      const extremes = isQuantity(own)
        ? ['0', largestQuantity(own)]
        : typeOf(own) === 'integer'
          ? [own.minimum ?? 0, own.maximum ?? Number.MAX_SAFE_INTEGER]
          : own.format === 'date-time'
            ? ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z']
            : own.format === 'date'
              ? ['1800-01-01', '9999-12-31']
              : [];
      return extremes.map((value) => ({
        name: `${nameOf(path)} = ${value}`,
        body: withField(valid, path, value),
        path,
      }));
    });
}

/** The valid body with each of its fields in turn sent twice, with the same value: right but for that. */
export function bodiesWithRepeatedKeys(
  reader: SchemaReader,
  schema: JsonSchema,
  valid: unknown,
): readonly { readonly raw: string; readonly path: Path }[] {
  return reader
    .fieldsOf(schema)
    .filter(({ path }) => has(valid, path))
    .map(({ path }) => {
      const twice = withField(valid, [...path.slice(0, -1), marker], marker);
      const again = `${JSON.stringify(path.at(-1))}:${JSON.stringify(valueAt(valid, path))}`;
      const raw = JSON.stringify(twice).replace(`"${marker}":"${marker}"`, () => again);
      return { raw, path };
    });
}

/** Fields of text or lists without any limit of size; the style forbids them. */
export function unboundedFields(reader: SchemaReader, schema: JsonSchema): readonly string[] {
  return reader.fieldsOf(schema).flatMap(({ path, schema: field }) => {
    const own = reader.resolve(field);
    const type = typeOf(own);
    const isBounded =
      type === 'string'
        ? own.maxLength !== undefined ||
          own.enum !== undefined ||
          own.const !== undefined ||
          own.format !== undefined ||
          isBoundedPattern(own.pattern)
        : type !== 'array' || own.maxItems !== undefined;
    return isBounded ? [] : [nameOf(path)];
  });
}

export function bodySchemaOf(operation: OpenApiOperation): JsonSchema | undefined {
  return operation.requestBody?.content['application/json'].schema;
}

function wrongValues(
  reader: SchemaReader,
  { schema }: Field,
): readonly (readonly [string, unknown])[] {
  const own = reader.resolve(schema);
  const values: (readonly [string, unknown])[] = reader.isNullable(schema) ? [] : [['null', null]];
  const other = (...types: readonly (readonly [string, unknown])[]): void => {
    values.push(...types.filter(([type]) => type !== typeOf(own)));
  };
  other(
    ['integer', 7],
    ['string', marker],
    ['boolean', true],
    ['array', [marker]],
    ['object', { [marker]: 1 }],
  );
  if (typeOf(own) === 'string') {
    values.push(['NUL in the text', `${marker}\u0000`], ['a lone surrogate', `${marker}\ud800`]);
    if (
      own.maxLength !== undefined ||
      own.pattern !== undefined ||
      own.format !== undefined ||
      own.enum
    ) {
      values.push(['far too long', marker.repeat(60)]);
    }
    if (own.pattern !== undefined || own.format !== undefined || own.enum) {
      values.push(['empty', ''], ['only blanks', '   ']);
    }
    if (own.format === 'uuid') {
      values.push(
        ['upper case', '0D9C2C5E-6A3B-4F43-9D0E-5A8B7C6D1E2F'],
        ['nearly an id', '0d9c2c5e-6a3b-4f43-9d0e-5a8b7c6d1e2'],
      );
    }
    if (own.format === 'date-time' || own.format === 'date') {
      const days = ['0000-01-01', '0001-01-01', '1799-12-31', '10000-01-01', '2026-02-30'];
      const time = own.format === 'date' ? '' : 'T00:00:00Z';
      values.push(...days.map((text) => [text, `${text}${time}`] as const));
    }
    if (isQuantity(own)) {
      const amounts = [
        '-1',
        '+1',
        '1e3',
        '0x10',
        ' 1',
        '1 ',
        '01',
        '1,5',
        '1.0000001',
        'NaN',
        'Infinity',
        '9'.repeat(64),
      ];
      values.push(...amounts.map((text) => [`"${text}"`, text] as const));
    }
  }
  if (typeOf(own) === 'integer') {
    values.push(['a fraction', 1.5], ['beyond 2^53', 2 ** 60]);
    values.push(...(own.minimum === undefined ? [] : [['too small', own.minimum - 1] as const]));
    values.push(
      ...(own.maximum === undefined || own.maximum >= Number.MAX_SAFE_INTEGER
        ? []
        : [['too large', own.maximum + 1] as const]),
    );
  }
  if (typeOf(own) === 'array' && own.maxItems !== undefined && own.maxItems < 5_000) {
    const item = reader.exampleOf(own.items ?? {});
    values.push(['too many items', Array.from({ length: own.maxItems + 1 }, () => item)]);
  }
  return values;
}

/** A pattern from ^ to $ without * or + takes text of limited length only. */
function isBoundedPattern(pattern: string | undefined): boolean {
  return (
    pattern !== undefined &&
    pattern.startsWith('^') &&
    pattern.endsWith('$') &&
    !/(?<!\\)[*+]|,\}/.test(pattern)
  );
}

function has(value: unknown, path: Path): boolean {
  const [head, ...rest] = path;
  if (head === undefined) {
    return true;
  }
  if (typeof value !== 'object' || value === null || !(head in value)) {
    return false;
  }
  return has((value as Readonly<Record<string | number, unknown>>)[head], rest);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Readonly<Record<string | number, unknown>>)[part],
    value,
  );
}

function nameOf(path: Path): string {
  return path.length === 0 ? 'the body' : path.join('.');
}

/** Texts that a parameter must not take. */
export function wrongTexts(schema: JsonSchema): readonly (readonly [string, string])[] {
  const isFree =
    schema.pattern === undefined &&
    schema.format === undefined &&
    !schema.enum &&
    schema.const === undefined;
  return [
    ...(isFree ? [] : [['another form', `${marker} !`] as const]),
    ...(schema.format === 'uuid'
      ? [['upper case', '0D9C2C5E-6A3B-4F43-9D0E-5A8B7C6D1E2F'] as const]
      : []),
    ...(schema.format === 'date-time' ? [['the year 0', '0000-01-01T00:00:00Z'] as const] : []),
    ...(typeOf(schema) === 'string' ? [['NUL', `${marker}\u0000`] as const] : []),
    ['far too long', marker.repeat(500)],
  ];
}
