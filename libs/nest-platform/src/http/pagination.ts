import type { JsonValue } from '@specie/event-sourcing';
import { z } from 'zod';
import { BadRequest } from './problem.js';

export const pageLimitDefault = 50;
export const pageLimitMax = 200;

/** Query of a listing; extend it with the filters of the listing. */
export const pageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^([1-9]\d?|1\d\d|200)$/, `Expected a whole number from 1 to ${pageLimitMax}.`)
    .meta({ description: `How many items at most, 1 to ${pageLimitMax}.`, examples: ['50'] })
    .transform(Number)
    .pipe(z.int().max(pageLimitMax))
    .prefault(String(pageLimitDefault)),
  cursor: z
    .string()
    .max(512)
    .regex(/^[A-Za-z0-9_-]+$/, 'Send the nextCursor of the previous page, unchanged.')
    .meta({
      description: 'The nextCursor of the previous page. Absent for the first page.',
      examples: ['eyJhZnRlciI6MTd9'],
    })
    .optional(),
});

export type PageQuery = z.output<typeof pageQuery>;

/** One page of `item`; `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; nextCursor: z.ZodNullable<z.ZodString> }, z.core.$strict> {
  return z.strictObject({
    items: z.array(item).max(pageLimitMax).meta({ description: 'The items of this page.' }),
    nextCursor: z
      .string()
      .max(512)
      .meta({
        description: 'Send it as cursor to get the next page; null on the last page.',
        examples: ['eyJhZnRlciI6MTd9'],
      })
      .nullable(),
  });
}

/** The opaque text of where the next page starts. */
export function encodeCursor(after: JsonValue): string {
  return Buffer.from(JSON.stringify(after), 'utf8').toString('base64url');
}

/**
 * Where the page starts, or undefined for the first one. A cursor is not signed: `schema` must hold whatever it can
 * be allowed to say, exactly as for any other input.
 *
 * @throws BadRequest `request_invalid` if the cursor does not fit.
 */
export function decodeCursor<T extends z.ZodType>(
  cursor: string | undefined,
  schema: T,
): z.output<T> | undefined {
  if (cursor === undefined) {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new BadRequest('request_invalid', [
      {
        path: 'query.cursor',
        code: 'invalid_cursor',
        message: 'Send the nextCursor of the previous page, unchanged.',
      },
    ]);
  }
  return parsed.data;
}

/**
 * Builds a page from `limit + 1` rows: the extra row only tells that there is a next page.
 */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  page: {
    readonly limit: number;
    readonly toItem: (row: Row) => Item;
    readonly after: (row: Row) => JsonValue;
  },
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => page.toItem(row)),
    nextCursor:
      rows.length > page.limit && last !== undefined ? encodeCursor(page.after(last)) : null,
  };
}
