import { z } from 'zod';
import { exampleAt, inPlainWords } from './plain-words.js';
import type { FieldViolation } from './problem.js';

export type Validated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly violations: readonly FieldViolation[] };

const violationCountMax = 32;
const depthMax = 32;

/** Whatever a route did not declare is not taken. */
const nothing = z.strictObject({});

/** Whether a write may come without a body: `{}` is a right one. */
export function bodyIsOptional(schema: z.ZodType): boolean {
  return schema.safeParse({}).success;
}

/**
 * Validates one kind of input (`params`, `query` or `body`). The violations say where and what to fix, and never
 * repeat what was sent.
 */
export function validateInput(
  kind: 'params' | 'query' | 'body',
  schema: z.ZodType | undefined,
  value: unknown,
): Validated {
  if (schema === undefined && value === undefined) {
    return { ok: true, value: undefined };
  }
  const unsafe = unsafeText(kind, value, 0);
  if (unsafe) {
    return { ok: false, violations: [unsafe] };
  }
  const expected = schema ?? nothing;
  const parsed = expected.safeParse(value, { error: inPlainWords });
  if (parsed.success) {
    return { ok: true, value: schema ? parsed.data : undefined };
  }
  const violations = parsed.error.issues.flatMap((issue) => violationsOf(kind, issue, expected));
  return { ok: false, violations: violations.slice(0, violationCountMax) };
}

function violationsOf(
  kind: string,
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
): readonly FieldViolation[] {
  const path = pathOf(kind, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathOf(path, [key]),
        code: 'unknown_field',
        message: 'This field is unknown; remove it.',
      }));
    case 'invalid_type':
    case 'invalid_format': {
      const example = exampleAt(schema, issue.path);
      const shown = example === undefined ? '' : ` Example: ${JSON.stringify(example)}.`;
      return [{ path, code: issue.code, message: `${issue.message}${shown}` }];
    }
    default: {
      const code = issue.code === 'custom' ? 'out_of_range' : issue.code;
      return [{ path, code, message: issue.message }];
    }
  }
}

/** `body.items.3.price`; a key that is not a plain name is left out, so nothing but field names is repeated. */
export function pathOf(start: string, keys: readonly PropertyKey[]): string {
  const names = keys.map((key) =>
    /^[A-Za-z0-9_-]{1,64}$/.test(String(key)) ? String(key) : '(unnamed)',
  );
  return [start, ...names].join('.');
}

const uuidAnyCase = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Finds text that no schema should have to think of: what PostgreSQL cannot store (NUL, lone surrogates), a UUID in
 * upper case (the same id under a second name: ids are compared and hashed as text), and nesting without end.
 */
function unsafeText(path: string, value: unknown, depth: number): FieldViolation | undefined {
  if (typeof value === 'string') {
    if (value.includes('\u0000') || !value.isWellFormed()) {
      return {
        path,
        code: 'invalid_text',
        message: 'Expected well-formed Unicode text without NUL.',
      };
    }
    if (uuidAnyCase.test(value) && value !== value.toLowerCase()) {
      return { path, code: 'invalid_format', message: 'Expected a UUID in lower case.' };
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  if (depth >= depthMax) {
    return { path, code: 'too_deep', message: `Nest at most ${depthMax} levels.` };
  }
  for (const [key, item] of Object.entries(value)) {
    const found = unsafeText(pathOf(path, [key]), item, depth + 1);
    if (found) {
      return found;
    }
  }
  return undefined;
}
