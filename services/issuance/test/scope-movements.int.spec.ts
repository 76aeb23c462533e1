import { createTestDatabase } from '@specie/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScopeMovements1732038000000 } from '../src/scope-movements.migration.js';
import { CreateReadModels1732000000000 } from '../src/create-read-models.migration.js';

const id = (digit: string) => `00000000-0000-4000-8000-00000000000${digit}`;
const [series, provider, acme, bolt, escrow] = ['1', '2', '3', '4', '5'].map(id);
const accounts = new Map([
  [provider, id('a')],
  [acme, id('b')],
  [bolt, id('c')],
  [escrow, id('d')],
]);

/** Account of, kind, direction, counter party, and the owner that the migration must find. */
const rows = [
  [provider, 'mint', 'received', provider, provider],
  [provider, 'grant', 'sent', acme, provider],
  [acme, 'grant', 'received', provider, provider],
  [acme, 'transfer', 'sent', bolt, acme],
  [bolt, 'transfer', 'received', acme, acme],
  [acme, 'escrow', 'sent', escrow, acme],
  [escrow, 'escrow', 'received', acme, acme],
  [escrow, 'withdrawal', 'sent', bolt, bolt],
  [bolt, 'withdrawal', 'received', escrow, bolt],
  [acme, 'redemption', 'burned', acme, acme],
] as const;

let database: { readonly url: string; drop(): Promise<void> };
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

describe('The owners of movements', () => {
  it('are found for the rows of earlier versions, and lost again on the way back', async () => {
    const runner = dataSource.createQueryRunner();
    await new CreateReadModels1732000000000().up(runner);
    await runner.query('INSERT INTO providers VALUES ($1, 0, 1)', [provider]);
    await runner.query(
      `INSERT INTO token_series
       VALUES ($1, $2, $3, '2026-03-01', '2026-03-31', '{H100-SXM}', 'eu-north', true, 0, 0)`,
      [series, provider, accounts.get(provider)],
    );
    for (const [partyId, accountId] of accounts) {
      const kind = partyId === escrow ? 'escrow' : partyId === provider ? 'treasury' : 'party';
      const values = [accountId, series, partyId, kind];
      await runner.query('INSERT INTO token_accounts VALUES ($1, $2, $3, $4, 0, 0, 1)', values);
    }
    for (const [index, [partyId, movement, direction, counterPartyId]] of rows.entries()) {
      await runner.query(
        'INSERT INTO token_movements VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, 1, now())',
        [accounts.get(partyId), index, movement, direction, counterPartyId],
      );
    }
    const migration = new ScopeMovements1732038000000();
    await migration.up(runner);
    const owners = await dataSource.query<{ readonly owner: string }[]>(
      'SELECT owner_party_id AS owner FROM token_movements ORDER BY position',
    );
    expect(owners.map(({ owner }) => owner)).toEqual(rows.map(([, , , , owner]) => owner));
    await migration.down(runner);
    await migration.up(runner);
    await runner.release();
  });
});
