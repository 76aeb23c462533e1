/** Null when the value fits; else where it does not, and with a leading `+` where it only has a field too many. */
export type Check = (value: unknown) => string | null;

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const understood = new Set([
  '$schema',
  'type',
  'const',
  'enum',
  'anyOf',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'items',
  'properties',
  'required',
  'additionalProperties',
  'description',
  'examples',
]);

/** Turns a JSON Schema into a function. @throws on a keyword it would have to ignore. */
export function compileCheck(schema: object): Check {
  const unknown = Object.keys(schema).find((keyword) => !understood.has(keyword));
  if (unknown !== undefined) {
    throw new Error(`the JSON Schema keyword "${unknown}" has no check`);
  }
  const known = schema as Schema;
  if (known.anyOf !== undefined) {
    return checkAnyOf(known.anyOf.map(compileCheck));
  }
  if (known.const !== undefined) {
    return (value) => (value === known.const ? null : '');
  }
  if (known.enum !== undefined) {
    const members = new Set(known.enum);
    return (value) => (members.has(value) ? null : '');
  }
  switch (known.type) {
    case 'object':
      return checkObject(known);
    case 'array':
      return checkArray(known);
    case 'string':
      return checkString(known);
    case 'integer': {
      const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = known;
      return (value) =>
        Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum
          ? null
          : '';
    }
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? null : '');
    case 'null':
      return (value) => (value === null ? null : '');
    default:
      throw new Error(`the JSON Schema type "${known.type ?? 'none'}" has no check`);
  }
}

function checkObject({ properties = {}, required = [] }: Schema): Check {
  const members = Object.entries(properties).map(([key, schema]) => ({
    key,
    check: compileCheck(schema),
  }));
  const requiredKeys = new Set(required);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return '';
    }
    const record = value as Readonly<Record<string, unknown>>;
    let present = 0;
    let unexpected: string | null = null;
    for (const { key, check } of members) {
      const member = record[key];
      if (member === undefined) {
        if (requiredKeys.has(key)) {
          return `.${key}`;
        }
        continue;
      }
      present += 1;
      const verdict = check(member);
      if (verdict !== null) {
        if (!verdict.startsWith('+')) {
          return `.${key}${verdict}`;
        }
        unexpected = `+${key}.${verdict.slice(1)}`;
      }
    }
    let count = 0;
    for (const key in record) {
      count += Object.hasOwn(record, key) ? 1 : 0;
    }
    return count > present ? '+' : unexpected;
  };
}

function checkArray({
  items = {},
  minItems = 0,
  maxItems = Number.MAX_SAFE_INTEGER,
}: Schema): Check {
  const check = compileCheck(items);
  return (value) => {
    if (!Array.isArray(value) || value.length < minItems || value.length > maxItems) {
      return '';
    }
    let unexpected: string | null = null;
    for (const item of value) {
      const verdict = check(item);
      if (verdict !== null) {
        if (!verdict.startsWith('+')) {
          return `[]${verdict}`;
        }
        unexpected = `+[].${verdict.slice(1)}`;
      }
    }
    return unexpected;
  };
}

function checkString({
  pattern,
  minLength = 0,
  maxLength = Number.MAX_SAFE_INTEGER,
}: Schema): Check {
  const expression = pattern === undefined ? null : new RegExp(pattern, 'u');
  return (value) =>
    typeof value === 'string' &&
    value.length >= minLength &&
    value.length <= maxLength &&
    (expression === null || expression.test(value))
      ? null
      : '';
}

function checkAnyOf(checks: readonly Check[]): Check {
  return (value) => {
    let unexpected: string | null = null;
    for (const check of checks) {
      const verdict = check(value);
      if (verdict === null) {
        return null;
      }
      unexpected = verdict.startsWith('+') ? verdict : unexpected;
    }
    return unexpected ?? '';
  };
}
