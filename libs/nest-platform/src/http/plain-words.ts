import { z } from 'zod';

/** A plain message for a zod issue whose schema has none. It never repeats the input. */
export function inPlainWords(issue: z.core.$ZodRawIssue): string {
  return `${issue.input === undefined ? 'This field is missing. ' : ''}${expectationOf(issue)}`;
}

function expectationOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Expected ${kinds[issue.expected] ?? issue.expected}.`;
    case 'invalid_format':
      return `Expected ${formats[issue.format] ?? 'another format'}.`;
    case 'invalid_value':
      return `Expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}.`;
    case 'too_big':
      return `Expected at most ${amountOf(issue.maximum, issue.origin)}.`;
    case 'too_small':
      return `Expected at least ${amountOf(issue.minimum, issue.origin)}.`;
    case 'custom':
      return 'The value is outside the allowed range.';
    default:
      return 'The value matches none of the allowed forms.';
  }
}

/** The example of the schema at `path` inside `schema`, if it has one. */
export function exampleAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): unknown {
  const { examples } = (z.globalRegistry.get(schema) ?? {}) as { examples?: readonly unknown[] };
  if (path.length === 0 && examples) {
    return examples[0];
  }
  const inner = innerOf(schema);
  if (inner) {
    return exampleAt(inner, path);
  }
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [key, ...rest] = path;
  const next =
    key === undefined
      ? undefined
      : def.type === 'object'
        ? def.shape[String(key)]
        : def.type === 'array'
          ? def.element
          : undefined;
  return next && exampleAt(next, rest);
}

/** The schema that another one wraps. */
function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return def.innerType;
    case 'pipe':
      return def.in;
    default:
      return undefined;
  }
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'a UUID in lower case',
  datetime: 'a date and time in UTC, with a Z at the end',
  date: 'a day as year-month-day',
};

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function amountOf(limit: number | bigint, origin: string): string {
  const units: Readonly<Record<string, string>> = { string: 'character', array: 'item' };
  const unit = units[origin];
  return unit === undefined ? `${limit}` : `${limit} ${unit}${Number(limit) === 1 ? '' : 's'}`;
}
