import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@specie/testing';
import { DataSource, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import {
  boolean,
  day,
  defineTable,
  instant,
  int32,
  int64,
  json,
  micro,
  oneOf,
  tableDifferences,
  tablesMigration,
  text,
  texts,
  uuid,
  uuids,
  whole,
  wideWhole,
  type RowOf,
} from '../src/index.js';

const seriesTable = defineTable({
  name: 'token_series',
  columns: { seriesId: uuid() },
  primaryKey: ['seriesId'],
});

/** As the migrations of issuance left it. */
const accountsSql = `
  CREATE TABLE token_accounts (
    account_id uuid PRIMARY KEY,
    series_id uuid NOT NULL REFERENCES token_series,
    party_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('party', 'treasury', 'escrow')),
    available bigint NOT NULL CONSTRAINT token_accounts_available_not_negative CHECK (available >= 0),
    held bigint NOT NULL CONSTRAINT token_accounts_held_not_negative CHECK (held >= 0),
    stream_version integer NOT NULL,
    UNIQUE (party_id, series_id)
  );
  CREATE INDEX ON token_accounts (series_id, account_id)`;
const accountTable = defineTable({
  name: 'token_accounts',
  columns: {
    accountId: uuid(),
    seriesId: uuid(),
    partyId: uuid(),
    kind: oneOf('party', 'treasury', 'escrow'),
    available: micro(),
    held: micro(),
    streamVersion: int32(),
  },
  primaryKey: ['accountId'],
  unique: { token_accounts_party_id_series_id_key: ['partyId', 'seriesId'] },
  references: { seriesId: seriesTable },
  checks: {
    token_accounts_available_not_negative: 'available >= 0',
    token_accounts_held_not_negative: 'held >= 0',
  },
  indexes: { token_accounts_series_id_account_id_idx: '(series_id, account_id)' },
});
type AccountRow = RowOf<typeof accountTable>;

/** One column of every kind. */
const kindsTable = defineTable({
  name: 'kinds',
  columns: {
    kindId: uuid(),
    others: uuids(),
    word: text().named('the_word'),
    words: texts<'a' | 'b'>(),
    flag: boolean().default(false),
    small: int32(),
    position: int64(),
    shares: whole(),
    atoms: wideWhole(),
    price: micro().nullable(),
    openOn: day(),
    at: instant(),
    endedAt: instant().nullable(),
    rules: json<{ readonly diluted: boolean }>(),
    grade: oneOf('good', 'bad').default('good'),
  },
  primaryKey: { name: 'kinds_once', columns: ['kindId', 'position'] },
  uniqueIndexes: { kinds_word: `(the_word) where grade = 'good'` },
});

const balanceTable = defineTable({
  name: 'balances',
  columns: { owner: text(), unit: text(), note: text(), amount: micro(), count: int32() },
  primaryKey: ['owner', 'unit'],
  checks: { balances_not_negative: 'amount >= 0' },
});

let database: TestDatabase;
let dataSource: DataSource;
let manager: EntityManager;
const seriesId = randomUUID();
const kind = {
  kindId: randomUUID(),
  others: [randomUUID()],
  word: `it's`,
  words: ['b', 'a'] as ('a' | 'b')[],
  flag: true,
  small: -1,
  position: 9_007_199_254_740_991,
  shares: 9_223_372_036_854_775_807n,
  atoms: 10n ** 37n,
  price: null,
  openOn: '2026-03-01',
  at: new Date('2026-03-01T12:00:00.123Z'),
  endedAt: null,
  rules: { diluted: true },
  grade: 'bad' as const,
};

beforeAll(async () => {
  database = await createTestDatabase();
  const tables = [accountTable, seriesTable, kindsTable, balanceTable];
  dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: tables.map(({ entity }) => entity),
    migrations: [
      tablesMigration(1764400000000, 'CreateTrialTables', [seriesTable, kindsTable, balanceTable]),
    ],
  }).initialize();
  manager = dataSource.manager;
  await dataSource.runMigrations();
  await dataSource.query(accountsSql);
  await seriesTable.insert(manager, [{ seriesId }]);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const account = (changed: Partial<AccountRow> = {}): AccountRow => ({
  ...{ accountId: randomUUID(), seriesId, partyId: randomUUID(), kind: 'party' },
  ...{ available: 5_000_000n, held: 0n, streamVersion: 1 },
  ...changed,
});
const stored = (accountId: string) => manager.findOneBy(accountTable.entity, { accountId });

describe('A table that is defined once', () => {
  it('is the table that the migrations of issuance made', async () => {
    expect(await tableDifferences(dataSource, accountTable)).toEqual([]);
  });

  it('is the table that its own migration makes, and goes with it', async () => {
    expect(await tableDifferences(dataSource, kindsTable)).toEqual([]);
    expect(await tableDifferences(dataSource, balanceTable)).toEqual([]);
    expect(dataSource.migrations[0]?.name).toBe('CreateTrialTables1764400000000');
  });

  it('gives the type of a row', () => {
    expectTypeOf<AccountRow>().toEqualTypeOf<{
      accountId: string;
      seriesId: string;
      partyId: string;
      kind: 'party' | 'treasury' | 'escrow';
      available: bigint;
      held: bigint;
      streamVersion: number;
    }>();
    expectTypeOf<RowOf<typeof kindsTable>['endedAt']>().toEqualTypeOf<Date | null>();
  });

  it('is told from a table that differs, by what differs', async () => {
    const other = defineTable({
      name: 'token_accounts',
      columns: {
        accountId: uuid(),
        seriesId: uuid(),
        partyId: uuid().nullable(),
        kind: oneOf('party', 'treasury'),
        available: wideWhole(),
        held: micro(),
        version: int32(),
      },
      primaryKey: { name: 'token_accounts_once', columns: ['accountId', 'seriesId'] },
      checks: { token_accounts_held_not_negative: 'held > 0' },
    });
    const differences = await tableDifferences(dataSource, other);
    const parts = differences.map((line) => line.split(' ').slice(1, 3).join(' ').slice(0, -1));
    expect(parts.sort()).toEqual([
      'column available',
      'column party_id',
      'column stream_version',
      'column version',
      'constraint token_accounts_available_not_negative',
      'constraint token_accounts_held_not_negative',
      'constraint token_accounts_kind_check',
      'constraint token_accounts_once',
      'constraint token_accounts_party_id_series_id_key',
      'constraint token_accounts_pkey',
      'constraint token_accounts_series_id_fkey',
      'index token_accounts_series_id_account_id_idx',
    ]);
    const missing = defineTable({
      name: 'missing',
      columns: { id: uuid() },
      primaryKey: ['id'],
    });
    expect(await tableDifferences(dataSource, missing)).toEqual([
      'missing column id: defined uuid not null, in the database nowhere',
      'missing constraint missing_pkey: defined PRIMARY KEY (id), in the database nowhere',
    ]);
  });
});

describe('Rows', () => {
  beforeEach(() => dataSource.query('truncate token_accounts, kinds, balances'));

  it('come back as they were inserted, whatever their kind', async () => {
    await kindsTable.insert(manager, [kind]);
    expect(await manager.find(kindsTable.entity)).toEqual([kind]);
    expect(await manager.findBy(kindsTable.entity, { position: kind.position })).toHaveLength(1);
    expect(await manager.findBy(kindsTable.entity, { shares: kind.shares })).toHaveLength(1);
  });

  it('may leave out what is nullable or has a default, and what is no column', async () => {
    const { flag: _flag, price: _price, endedAt: _endedAt, grade: _grade, ...needed } = kind;
    const row = { ...needed, at: '2026-03-01T12:00:00.123Z', endedAt: undefined, foreign: 1 };
    await kindsTable.insert(manager, [row, { ...kind, kindId: randomUUID(), word: 'other' }]);
    expect(await manager.findOneBy(kindsTable.entity, { kindId: kind.kindId })).toEqual({
      ...kind,
      flag: false,
      grade: 'good',
    });
  });

  it('are set by their keys, all columns or some', async () => {
    const [first, second] = [account(), account()];
    await accountTable.insert(manager, [first, second]);
    await accountTable.set(manager, [
      { accountId: first.accountId, available: 7n, kind: 'escrow' },
      { accountId: second.accountId, kind: 'treasury', available: 8n },
    ]);
    expect(await stored(first.accountId)).toEqual({ ...first, available: 7n, kind: 'escrow' });
    expect(await stored(second.accountId)).toEqual({ ...second, available: 8n, kind: 'treasury' });
    await kindsTable.insert(manager, [kind]);
    const { kindId, position } = kind;
    await kindsTable.set(manager, [
      { kindId, position, word: 'new', words: [], rules: { diluted: false }, price: 5n },
    ]);
    expect(await manager.find(kindsTable.entity)).toEqual([
      { ...kind, word: 'new', words: [], rules: { diluted: false }, price: 5n },
    ]);
  });

  it('grow by what is added, and have the other columns set', async () => {
    const [first, second] = [account(), account()];
    await accountTable.insert(manager, [first, second]);
    await accountTable.add(
      manager,
      [
        { accountId: first.accountId, available: -2_000_000n, held: 2_000_000n, streamVersion: 9 },
        { accountId: second.accountId, available: 1n, held: 0n, streamVersion: 5 },
      ],
      { set: ['streamVersion'] },
    );
    await accountTable.add(manager, [{ accountId: second.accountId, streamVersion: 2 }]);
    expect(await stored(first.accountId)).toMatchObject({
      ...{ available: 3_000_000n, held: 2_000_000n, streamVersion: 9 },
    });
    expect(await stored(second.accountId)).toMatchObject({
      ...{ available: 5_000_001n, held: 0n, streamVersion: 7 },
    });
  });

  it('start at zero where they are missing, and keep what else they have', async () => {
    const owner = { owner: 'anna', unit: 'USD' };
    await balanceTable.addOrInsert(manager, [{ ...owner, note: 'first', amount: 5n }]);
    await balanceTable.addOrInsert(manager, [
      { ...owner, note: 'second', amount: -2n, count: 1 },
      { ...owner, owner: 'bert', note: 'second', amount: 0n, count: 3 },
    ]);
    expect(await manager.find(balanceTable.entity, { order: { owner: 'ASC' } })).toEqual([
      { ...owner, note: 'first', amount: 3n, count: 1 },
      { owner: 'bert', unit: 'USD', note: 'second', amount: 0n, count: 3 },
    ]);
    await expect(
      balanceTable.addOrInsert(manager, [{ ...owner, note: '', amount: -4n }]),
    ).rejects.toThrow(/balances_not_negative/);
  });

  it('are inserted where they are missing, and left as they are where they are not', async () => {
    const there = account();
    const another = account();
    await accountTable.insertMissing(manager, [there]);
    await accountTable.insertMissing(manager, [{ ...there, held: 7n }, another]);
    expect(await stored(there.accountId)).toMatchObject({ held: there.held });
    expect(await stored(another.accountId)).toMatchObject({ held: another.held });
  });

  it('that are missing are not passed over', async () => {
    const there = account();
    await accountTable.insert(manager, [there]);
    const rows = [there.accountId, randomUUID()].map((accountId) => ({ accountId, held: 1n }));
    const message = 'token_accounts has 1 of 2 rows to update';
    await expect(accountTable.set(manager, rows)).rejects.toThrow(message);
    await expect(accountTable.add(manager, rows)).rejects.toThrow(message);
  });

  it('cost no statement when there are none', async () => {
    const nowhere = {} as EntityManager;
    await accountTable.insert(nowhere, []);
    await accountTable.set(nowhere, []);
    await accountTable.add(nowhere, []);
    await balanceTable.addOrInsert(nowhere, []);
    await accountTable.insertMissing(nowhere, []);
  });
});

it('The migration of new tables takes them away again', async () => {
  await dataSource.query('drop table token_accounts');
  await dataSource.undoLastMigration();
  expect(await dataSource.query(`select to_regclass('kinds') as kinds`)).toEqual([{ kinds: null }]);
});
