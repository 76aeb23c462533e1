/** A JSON Schema, as far as generated OpenAPI documents use it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** A place in a JSON value: property names and array indices. */
export type Path = readonly (string | number)[];

/** One field of a body, at any depth, with its schema. */
export interface Field {
  readonly path: Path;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

const depthMax = 6;

/** Resolves references into `components.schemas` and takes the first form where several are allowed. */
export class SchemaReader {
  private readonly definitions: Readonly<Record<string, JsonSchema>>;

  constructor(definitions: Readonly<Record<string, JsonSchema>>) {
    this.definitions = definitions;
  }

  resolve(schema: JsonSchema): JsonSchema {
    if (schema.$ref !== undefined) {
      return this.resolve(
        this.definitions[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)] ?? {},
      );
    }
    const forms = schema.anyOf ?? schema.oneOf;
    const first = forms?.find((form) => this.resolve(form).type !== 'null');
    return first ? this.resolve(first) : schema;
  }

  /** Whether null is allowed. */
  isNullable(schema: JsonSchema): boolean {
    const types = [schema.type ?? []].flat();
    return (
      types.includes('null') ||
      [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some((form) => this.isNullable(form))
    );
  }

  /** All fields of an object schema, outermost first; of an array, those of its first item. */
  fieldsOf(schema: JsonSchema, path: Path = []): readonly Field[] {
    const own = this.resolve(schema);
    if (path.length > depthMax) {
      return [];
    }
    if (own.items) {
      return this.fieldsOf(own.items, [...path, 0]);
    }
    return Object.entries(own.properties ?? {}).flatMap(([name, property]) => {
      const field = {
        path: [...path, name],
        schema: property,
        isRequired: own.required?.includes(name) ?? false,
      };
      return [field, ...this.fieldsOf(property, field.path)];
    });
  }

  /** The objects of a schema, by path, that have named fields. */
  objectsOf(schema: JsonSchema): readonly Path[] {
    const own = this.resolve(schema);
    const root: readonly Path[] = own.properties ? [[]] : [];
    return [
      ...root,
      ...this.fieldsOf(schema).flatMap(({ path, schema: field }) => {
        const resolved = this.resolve(field);
        if (resolved.properties) {
          return [path];
        }
        return resolved.items && this.resolve(resolved.items).properties ? [[...path, 0]] : [];
      }),
    ];
  }

  /** A value that fits the schema in type, format and limits. */
  exampleOf(schema: JsonSchema): unknown {
    const own = this.resolve(schema);
    if (own.const !== undefined) {
      return own.const;
    }
    if (own.enum) {
      return own.enum[0];
    }
    switch (typeOf(own)) {
      case 'object':
        return Object.fromEntries(
          Object.entries(own.properties ?? {}).map(([name, property]) => [
            name,
            this.exampleOf(property),
          ]),
        );
      case 'array':
        return Array.from({ length: Math.max(1, own.minItems ?? 0) }, () =>
          this.exampleOf(own.items ?? {}),
        );
      case 'integer':
      case 'number':
        return Math.max(own.minimum ?? 1, (own.exclusiveMinimum ?? 0) + 1);
      case 'boolean':
        return true;
      default:
        return exampleText(own);
    }
  }
}

/** The type of a schema without null. */
export function typeOf(schema: JsonSchema): string {
  return [schema.type ?? 'string'].flat().find((type) => type !== 'null') ?? 'null';
}

export const exampleUuid = '0d9c2c5e-6a3b-4f43-9d0e-5a8b7c6d1e2f';

const candidates = [
  exampleUuid,
  '2026-01-05T09:00:00.000Z',
  '2026-01-05',
  '1.000000',
  '1',
  'US',
  'USD',
  'example_code',
  'example-1',
  'Example',
  'A',
  'a'.repeat(64),
  'a'.repeat(32),
  'YWFhYQ==',
] as const;

function exampleText(schema: JsonSchema): string {
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, 'u');
  const byFormat: Readonly<Record<string, string>> = {
    uuid: exampleUuid,
    'date-time': '2026-01-05T09:00:00.000Z',
    date: '2026-01-05',
  };
  const known = byFormat[schema.format ?? ''];
  if (known !== undefined) {
    return known;
  }
  const fits = (text: string): boolean =>
    (pattern?.test(text) ?? true) &&
    text.length >= (schema.minLength ?? 0) &&
    text.length <= (schema.maxLength ?? Infinity);
  return candidates.find(fits) ?? 'x'.repeat(schema.minLength ?? 1);
}

/** Whether a text field takes amounts, in units or in millionths. */
export function isQuantity(schema: JsonSchema): boolean {
  if (schema.pattern === undefined || typeOf(schema) !== 'string') {
    return false;
  }
  const pattern = new RegExp(schema.pattern, 'u');
  return pattern.test('1') && pattern.test('20') && !pattern.test('a') && !pattern.test('-1');
}

/** The largest amount that the pattern of a quantity lets through. */
export function largestQuantity(schema: JsonSchema): string {
  const pattern = new RegExp(schema.pattern ?? '', 'u');
  for (let digits = 64; digits > 0; digits -= 1) {
    const text = '9'.repeat(digits);
    if (pattern.test(text) && text.length <= (schema.maxLength ?? Infinity)) {
      return text;
    }
  }
  return '1';
}

/** A copy of `value` with `path` set to `replacement`, or removed where that is undefined. */
export function withField(value: unknown, path: Path, replacement: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) {
    return replacement;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      index === head ? withField(item, rest, replacement) : item,
    );
  }
  const copy: Record<string, unknown> = { ...(value as Readonly<Record<string, unknown>>) };
  const changed = withField(copy[head], rest, replacement);
  if (changed === undefined) {
    delete copy[head];
  } else {
    copy[head] = changed;
  }
  return copy;
}
