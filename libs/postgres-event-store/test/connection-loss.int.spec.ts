import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createTestDatabase, toStream, trialCommand, type TestDatabase } from '@specie/testing';
import pg from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineProjection, guardPool, isConnectionLoss } from '../src/index.js';
import { createTrial, newDataSource, type Counted, type Trial } from './open-test-store.js';

let database: TestDatabase;
let dataSource: DataSource;
let killer: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await newDataSource(database.url).initialize();
  guardPool(dataSource);
  killer = new pg.Client({ connectionString: database.url });
  await killer.connect();
});

afterAll(async () => {
  await killer.end();
  await dataSource.destroy();
  await database.drop();
});

/** Ends the session of the runner on the server and waits until it knows. */
async function endSession(runner: QueryRunner): Promise<void> {
  const [session] = (await runner.query('select pg_backend_pid() as pid')) as { pid: number }[];
  await killer.query('select pg_terminate_backend($1, 10000)', [session?.pid]);
  await vi.waitUntil(() => runner.isReleased);
}

async function endedRunner(): Promise<QueryRunner> {
  const runner = dataSource.createQueryRunner();
  await endSession(runner);
  return runner;
}

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  );

async function withClient(work: (client: pg.Client) => Promise<unknown>): Promise<unknown> {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  const thrown = await thrownBy(work(client));
  await client.end().catch(() => undefined);
  return thrown;
}

/** A port that takes connections and never says a word. */
async function toSilentServer(connect: (url: string) => Promise<unknown>): Promise<unknown> {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const thrown = await thrownBy(connect(`postgresql://127.0.0.1:${port}/x`));
  silent.close();
  return thrown;
}

/** What is thrown by each way of losing a connection. */
const losses: Readonly<Record<string, () => Promise<unknown>>> = {
  'a statement whose session ends': () =>
    withClient(async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await Promise.all([
        client.query('select pg_sleep(60)'),
        killer.query('select pg_terminate_backend($1)', [rows[0]?.pid]),
      ]);
    }),
  'a statement whose socket closes': () =>
    withClient(async (client) => {
      const waiting = client.query('select pg_sleep(60)');
      client.connection.stream.destroy();
      await waiting;
    }),
  'a statement on a client that saw its connection fail': () =>
    withClient(async (client) => {
      client.connection.emit('error', new Error('read ECONNRESET'));
      await client.query('select 1');
    }),
  'a statement on a client that was closed': () =>
    withClient(async (client) => {
      await client.end();
      await client.query('select 1');
    }),
  'a statement of a runner that lost its connection': async () =>
    thrownBy((await endedRunner()).query('select 1')),
  'a statement of the manager of such a runner': async () =>
    thrownBy((await endedRunner()).manager.query('select 1')),
  'a transaction of such a runner': async () => thrownBy((await endedRunner()).startTransaction()),
  'a connection to a port without a server': () =>
    thrownBy(new DataSource({ type: 'postgres', url: 'postgresql://127.0.0.1:1/x' }).initialize()),
  'a connection to a host without an address': () =>
    thrownBy(new DataSource({ type: 'postgres', url: 'postgresql://no.invalid/x' }).initialize()),
  'a connection to a server that does not answer': () =>
    toSilentServer((url) =>
      new DataSource({ type: 'postgres', url, connectTimeoutMS: 20 }).initialize(),
    ),
  'a connection that a client waits for too long': () =>
    toSilentServer((connectionString) =>
      new pg.Client({ connectionString, connectionTimeoutMillis: 20 }).connect(),
    ),
  'a connection that the pool has not in time': async () => {
    const small = await new DataSource({
      type: 'postgres',
      url: database.url,
      poolSize: 1,
      connectTimeoutMS: 200,
    }).initialize();
    const runner = small.createQueryRunner();
    await runner.connect();
    const thrown = await thrownBy(small.query('select 1'));
    await runner.release();
    await small.destroy();
    return thrown;
  },
};

describe('A lost connection', () => {
  it.each(Object.entries(losses))('is known: %s', async (_name, provoke) => {
    const thrown = await provoke();
    expect(thrown).toBeInstanceOf(Error);
    expect({ thrown, isLoss: isConnectionLoss(thrown) }).toMatchObject({ isLoss: true });
  });

  it('is known as the cause of another error', async () => {
    const cause = await losses['a statement of the manager of such a runner']?.();
    expect(isConnectionLoss(new Error('the page cannot be read', { cause }))).toBe(true);
  });

  it.each([
    'select nothing from nowhere',
    'select 1 / 0',
    "select 'x'::uuid",
    "do $$ begin raise exception 'the socket is too small' using errcode = '23514'; end $$",
  ])('is not what fails: %s', async (statement) => {
    expect(isConnectionLoss(await thrownBy(dataSource.query(statement)))).toBe(false);
  });

  it.each([
    Object.assign(new Error('no such file'), { code: 'ENOENT' }),
    new TypeError('socket is not a function'),
    'connection terminated',
    null,
  ])('is not what a fault of our own is: %s', (error) => {
    expect(isConnectionLoss(error)).toBe(false);
  });
});

describe('An append whose projection loses the connection', () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await createTrial();
  });
  afterEach(() => trial.close());

  it('is tried again, in memory and on the tables', async () => {
    let lossCount = 0;
    const losing = defineProjection<Counted, null>({
      name: 'losing',
      events: { 'trial.counted': () => undefined },
      changes: () => null,
      write: async (manager) => {
        if (lossCount < 2) {
          lossCount += 1;
          await endSession(manager.queryRunner as QueryRunner);
        }
        await manager.query('select 1');
      },
    });
    const { store } = await trial.open({ projections: [losing] });
    const appended = await store.append(trialCommand([toStream('a', 'no_stream', {})]));
    expect([appended.outcome, lossCount]).toEqual(['appended', 2]);
    expect(await store.readStream('a')).toHaveLength(1);
  });
});
