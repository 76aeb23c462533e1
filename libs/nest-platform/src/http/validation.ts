import { z } from 'zod';
import type { Violation } from './problem.js';

export type Validated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly violations: readonly Violation[] };

const violationCountMax = 32;
const depthMax = 32;

/** Whatever a route did not declare is not taken. */
const nothing = z.strictObject({});

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
  const parsed = (schema ?? nothing).safeParse(value);
  if (parsed.success) {
    return { ok: true, value: schema ? parsed.data : undefined };
  }
  const violations = parsed.error.issues.flatMap((issue) => violationsOf(kind, issue));
  return { ok: false, violations: violations.slice(0, violationCountMax) };
}

function violationsOf(kind: string, issue: z.core.$ZodIssue): readonly Violation[] {
  const path = pathOf(kind, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathOf(path, [key]),
        code: 'unknown_field',
        message: 'This field does not exist here; remove it.',
      }));
    case 'invalid_type':
      return [{ path, code: 'invalid_type', message: `Expected ${issue.expected}.` }];
    case 'invalid_format':
      return [{ path, code: 'invalid_format', message: formatMessage(issue) }];
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
      return [{ path, code: issue.code, message: 'The value fits none of the allowed forms.' }];
    case 'custom':
      // The message of a refinement is the schema's own, or zod's where it has none.
      return [
        {
          path,
          code: 'out_of_range',
          message:
            issue.message === 'Invalid input'
              ? 'The value is outside the allowed range.'
              : issue.message,
        },
      ];
    case 'too_big':
    case 'too_small':
    case 'not_multiple_of':
    case 'invalid_value':
      // These messages of zod name limits and allowed values only.
      return [{ path, code: issue.code, message: issue.message }];
  }
}

function formatMessage(issue: z.core.$ZodIssueInvalidStringFormat): string {
  return issue.format === 'regex' && issue.pattern !== undefined
    ? `Expected a string that matches ${issue.pattern}.`
    : `Expected a string in the format ${issue.format}.`;
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
function unsafeText(path: string, value: unknown, depth: number): Violation | undefined {
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
