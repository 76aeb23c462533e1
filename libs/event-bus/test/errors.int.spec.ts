import { createTestDatabase } from '@specie/testing';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { describe, expect, it, vi } from 'vitest';
import { isTransientFailure } from '../src/index.js';

describe('A database that is being copied', () => {
  it('is waited for: that it takes no connections is not the fault of an event', async () => {
    const database = await createTestDatabase();
    const name = new URL(database.url).pathname.slice(1);
    const server = new URL(database.url);
    server.pathname = '/postgres';
    const admin = new pg.Client({ connectionString: server.toString() });
    await admin.connect();
    try {
      await admin.query(`alter database ${admin.escapeIdentifier(name)} allow_connections false`);
      const refused: unknown = await new pg.Client({ connectionString: database.url })
        .connect()
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: '55000' });
      expect(isTransientFailure(refused)).toBe(true);
    } finally {
      await admin.end();
      await database.drop();
    }
  });
});

describe('A connection that dies while a handler works', () => {
  it('is not the fault of the event', async () => {
    const database = await createTestDatabase();
    const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    const runner = dataSource.createQueryRunner();
    const client = (await runner.connect()) as pg.Client;
    client.connection.stream.destroy();
    await vi.waitUntil(() => runner.isReleased);
    const failures = await Promise.allSettled([
      runner.query('select 1'),
      runner.manager.query('select 1'),
    ]);
    await dataSource.destroy();
    await database.drop();
    for (const failure of failures) {
      expect(failure.status).toBe('rejected');
      expect(isTransientFailure((failure as PromiseRejectedResult).reason)).toBe(true);
    }
  });
});
