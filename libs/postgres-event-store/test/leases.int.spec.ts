import { createTestDatabase, toStream, trialCommand, type TestDatabase } from '@specie/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeaseTable, migrateEventStore, queryOf, whileLeased } from '../src/index.js';
import { migrationLockKey, withMigrationLock } from '../src/schema/migration-lock.js';
import { createTrial, newDataSource, type Trial } from './open-test-store.js';

const append = () => trialCommand([toStream('book', 'any', {})]);

describe('Leases', () => {
  const table = new LeaseTable();
  let database: TestDatabase;
  let dataSource: DataSource;
  const wanted = { scope: 'partition/issuance', names: ['deals/0', 'deals/1'], ttlMs: 60_000 };
  const query = () => queryOf(dataSource);

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await newDataSource(database.url).initialize();
    await migrateEventStore(dataSource);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const expire = () =>
    dataSource.query(`update lease set expires_at = now() - interval '1 second'`);

  it('have one holder until they expire, and then a higher epoch', async () => {
    const first = await table.take(query(), { ...wanted, holder: 'one' });
    expect(first.map(({ name, epoch }) => [name, epoch])).toEqual([
      ['deals/0', 1],
      ['deals/1', 1],
    ]);
    expect(await table.take(query(), { ...wanted, holder: 'two' })).toEqual([]);
    expect((await table.living(query(), wanted.scope)).map((names) => names.toSorted())).toEqual([
      wanted.names,
    ]);
    await expire();
    expect(await table.living(query(), wanted.scope)).toEqual([[]]);
    const second = await table.take(query(), { ...wanted, holder: 'two' });
    expect(second.map(({ epoch }) => epoch)).toEqual([2, 2]);
    expect(await table.renew(query(), 'one', 60_000)).toEqual([]);
    expect(await Promise.all(first.map((lease) => table.isHeld(query(), lease)))).toEqual([
      false,
      false,
    ]);
    await table.release(query(), first);
    expect((await table.renew(query(), 'two', 60_000)).length).toBe(2);
  });

  it('are renewed by a holder that nobody replaced, also late', async () => {
    const [lease] = await table.take(query(), { ...wanted, holder: 'one' });
    await expire();
    expect(await table.renew(query(), 'one', 60_000)).toContainEqual(lease);
    expect(await table.take(query(), { ...wanted, holder: 'two' })).toEqual([]);
  });

  it('are given back at once, and are not renewed afterwards', async () => {
    const held = await table.take(query(), { ...wanted, holder: 'one' });
    await table.release(query(), held);
    expect(await table.renew(query(), 'one', 60_000)).toEqual([]);
    expect((await table.take(query(), { ...wanted, holder: 'two' })).length).toBe(2);
  });

  it('end with the session that took them, when asked to', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await table.take(
      async <Row>(text: string, values: readonly unknown[]) =>
        (await client.query(text, [...values])).rows as readonly Row[],
      { ...wanted, holder: 'one', endsWithSession: true },
    );
    expect(await table.take(query(), { ...wanted, holder: 'two' })).toEqual([]);
    await client.end();
    await vi.waitFor(async () =>
      expect((await table.take(query(), { ...wanted, holder: 'two' })).length).toBe(2),
    );
  });

  it('are not taken while a transaction relies on them, and nobody waits for it', async () => {
    const [lease] = await table.take(query(), { ...wanted, names: ['deals/0'], holder: 'one' });
    if (!lease) {
      throw new Error('no lease');
    }
    await expire();
    await dataSource.transaction(async (manager) => {
      expect(await table.isHeld(queryOf(manager), lease)).toBe(true);
      expect(await table.take(query(), { ...wanted, holder: 'two' })).toMatchObject([
        { name: 'deals/1' },
      ]);
    });
    expect(await table.take(query(), { ...wanted, holder: 'two' })).toMatchObject([
      { name: 'deals/0', epoch: 2 },
      { name: 'deals/1', epoch: 2 },
    ]);
  });

  it('let one of two run the same work, and the other after it', async () => {
    const ran: string[] = [];
    const key = { scope: 'sweep', name: 'reconciliations' };
    const outer = await whileLeased(dataSource, key, async () => {
      ran.push('outer');
      const inner = await whileLeased(dataSource, key, () => Promise.reject(new Error('both ran')));
      expect(inner).toBe(false);
    });
    expect(outer).toBe(true);
    expect(await whileLeased(dataSource, key, () => Promise.resolve(void ran.push('later')))).toBe(
      true,
    );
    expect(ran).toEqual(['outer', 'later']);
  });

  it('tell the work when another has taken over', async () => {
    const key = { scope: 'sweep', name: 'reconciliations', ttlMs: 250 };
    const holder = 'two';
    await whileLeased(dataSource, key, async ({ lease, signal }) => {
      await dataSource.query(`update lease set holder = $1, epoch = epoch + 1`, [holder]);
      await vi.waitFor(() => expect(signal.aborted).toBe(true));
      expect(await table.isHeld(query(), lease)).toBe(false);
    });
    // The former holder gave nothing back: it is another's lease.
    expect((await table.renew(query(), holder, 60_000)).length).toBe(1);
  });
});

describe('A paused instance', () => {
  let trial: Trial;
  let paused: pg.Client;

  beforeEach(async () => {
    trial = await createTrial();
    paused = new pg.Client({ connectionString: trial.database.url });
    paused.on('error', () => undefined);
    await paused.connect();
  });
  afterEach(async () => {
    await paused.end().catch(() => undefined);
    await trial.close();
  });

  it('does not keep the head of the log locked in a transaction it cannot end', async () => {
    const { store } = await trial.open({ tuning: { abandonedAfterMs: 500 } });
    await paused.query('begin');
    await paused.query('select * from log_head for update');
    expect((await store.append(append())).outcome).toBe('appended');
  });

  it('does not keep the head of the log locked in a COPY whose rows never come', async () => {
    const { store } = await trial.open({ tuning: { abandonedAfterMs: 500 } });
    // What the server has of a batch when the process stops in the middle of sending it.
    (paused as unknown as { connection: { query(text: string): void } }).connection.query(
      `select * from log_head for update; copy events from stdin (format binary)`,
    );
    await vi.waitFor(async () => {
      const waiting = await trial.open().then(({ dataSource }) =>
        dataSource.query<unknown[]>(
          `select 1 from pg_stat_activity where state = 'active' and wait_event = 'ClientRead'
              and datname = current_database()`,
        ),
      );
      expect(waiting.length).toBe(1);
    });
    expect((await store.append(append())).outcome).toBe('appended');
  });

  it('does not keep others from migrating', async () => {
    await paused.query('select pg_advisory_lock($1)', [migrationLockKey]);
    const { dataSource } = await trial.open({ migrate: false });
    const runner = dataSource.createQueryRunner();
    let ran = 0;
    await withMigrationLock(runner, () => Promise.resolve(void (ran += 1)), {
      heartbeatMs: 100,
      silentAfterMs: 300,
      pollMs: 20,
    });
    await runner.release();
    expect(ran).toBe(1);
  });

  it('is told from one that migrates for long', async () => {
    const [one, two] = await Promise.all([
      trial.open({ migrate: false }),
      trial.open({ migrate: false }),
    ]);
    const timing = { heartbeatMs: 50, silentAfterMs: 1_500, pollMs: 20 };
    const order: string[] = [];
    const marker = 'began to migrate';
    let end: () => void = () => undefined;
    const long = new Promise<void>((resolve) => {
      end = resolve;
    });
    const first = one.dataSource.createQueryRunner();
    const second = two.dataSource.createQueryRunner();
    let began: () => void = () => undefined;
    const isFirst = new Promise<void>((resolve) => {
      began = resolve;
    });
    const firstDone = withMigrationLock(
      first,
      async () => {
        began();
        await long;
        order.push('first');
      },
      timing,
    );
    await isFirst;
    // Its last statement tells how long the first has been at it.
    await paused.query(`set application_name = '${marker}'`);
    const secondDone = withMigrationLock(
      second,
      () => Promise.resolve(void order.push('second')),
      timing,
    );
    await vi.waitFor(async () => {
      const [row] = await one.dataSource.query<{ readonly is_old: boolean }[]>(
        `select bool_or(now() - granted.query_start > $1::int * interval '1 millisecond') as is_old
           from pg_stat_activity granted where application_name = $2`,
        [2 * timing.silentAfterMs, marker],
      );
      expect(row?.is_old).toBe(true);
    }, 30_000);
    end();
    await Promise.all([firstDone, secondDone]);
    await Promise.all([first.release(), second.release()]);
    expect(order).toEqual(['first', 'second']);
  });
});
