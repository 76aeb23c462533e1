import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { bytes, instant, int32, json, micro, oneOf, texts, uuid, whole } from './column.js';
import { defineTable, type RowOf } from './table.js';

const holdTable = defineTable({
  name: 'holds',
  columns: {
    holdId: uuid(),
    status: oneOf('open', "owner's"),
    quantity: micro(),
    shares: whole().default(0n),
    skus: texts(),
    rules: json<{ readonly diluted: boolean }>(),
    scan: bytes(),
    at: instant().defaultSql('now()'),
    endedAt: instant().nullable(),
    streamVersion: int32().named('version'),
  },
  primaryKey: ['holdId'],
});
const row: RowOf<typeof holdTable> = {
  holdId: randomUUID(),
  status: 'open',
  quantity: 12_500_000n,
  shares: 7n,
  skus: ['H100-SXM'],
  rules: { diluted: true },
  scan: Buffer.from('scan'),
  at: new Date('2026-03-01T12:00:00.000Z'),
  endedAt: null,
  streamVersion: 3,
};
const nowhere = {} as EntityManager;

describe('A defined table', () => {
  it('writes a row in its wire form', () => {
    expect(holdTable.wire(row)).toEqual({
      ...row,
      quantity: '12.500000',
      shares: '7',
      scan: '7363616e',
      at: '2026-03-01T12:00:00.000Z',
    });
    const part = holdTable.wire(row, ['quantity', 'endedAt']);
    expect(part).toEqual({ quantity: '12.500000', endedAt: null });
    expectTypeOf(part).toEqualTypeOf<{ quantity: string; endedAt: string | null }>();
  });

  it('makes rows that a command inserts beside its events', () => {
    expect(holdTable.sideRows([row])).toMatchObject({
      table: 'holds',
      rows: [{ hold_id: row.holdId, quantity: '12500000', scan: '\\x7363616e', version: 3 }],
    });
  });

  it('is SQL for a migration', () => {
    expect(holdTable.createSql()).toEqual([
      `create table holds (
  hold_id uuid not null,
  status text not null,
  quantity bigint not null,
  shares bigint not null default 0,
  skus text[] not null,
  rules jsonb not null,
  scan bytea not null,
  at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  version integer not null,
  constraint holds_pkey primary key (hold_id),
  constraint holds_status_check check (status in ('open', 'owner''s'))
)`,
    ]);
  });

  it('refuses rows that do not say the same, or that say what it cannot hold', async () => {
    const { holdId } = row;
    const different = [
      { holdId, quantity: 1n },
      { holdId, shares: 1n },
    ];
    await expect(holdTable.set(nowhere, different)).rejects.toThrow('the same columns');
    await expect(holdTable.add(nowhere, different)).rejects.toThrow('the same columns');
    const foreign = { holdId, foreign: 1 };
    await expect(holdTable.set(nowhere, [foreign])).rejects.toThrow('holds has no column foreign');
  });

  it('does not compile with rows of another form', () => {
    const { holdId, ...rest } = row;
    // @ts-expect-error a row to insert has its key
    void ((): unknown => holdTable.insert(nowhere, [rest]));
    // @ts-expect-error a status is one of those allowed
    void ((): unknown => holdTable.set(nowhere, [{ holdId, status: 'gone' }]));
    // @ts-expect-error a column is set to a value, not to nothing
    void ((): unknown => holdTable.set(nowhere, [{ holdId, quantity: undefined }]));
    // @ts-expect-error only numbers can be added to
    void ((): unknown => holdTable.add(nowhere, [{ holdId, status: 'open' }]));
    // @ts-expect-error a new row must have more than its key
    void ((): unknown => holdTable.addOrInsert(nowhere, [{ holdId, quantity: 1n }]));
    // @ts-expect-error there is no such column
    expect(() => holdTable.wire(row, ['nothing'])).toThrow('holds has no column nothing');
  });
});
