import { randomUUID } from 'node:crypto';
import { createTestDatabase, eventually, send, type TestDatabase } from '@specie/testing';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createServiceApp, type ServiceApp } from '../src/index.js';
import { acceptCut, restoreLog } from '../src/runtime/recovery.js';
import { sampleService } from './sample-service.js';

const brokers = inject('kafkaBrokers' as never) as string | null;
const skipReason = inject('kafkaSkipReason' as never) as string | null;
const founderPartyId = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d5c';

/** Copies a database that nobody uses, as a backup and its restore do. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const nameOf = (url: string): string => new URL(url).pathname.slice(1);
  const server = new URL(from);
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.toString() });
  await client.connect();
  await client.query(`drop database if exists ${nameOf(to)} with (force)`);
  await client.query(`create database ${nameOf(to)} template ${nameOf(from)}`);
  await client.end();
}

describe.skipIf(skipReason !== null)(
  `A restore over Kafka${skipReason ? ` (skipped: ${skipReason})` : ''}`,
  () => {
    let live: TestDatabase;
    let backup: TestDatabase;
    let service: ServiceApp | null = null;
    let env: Record<string, string>;

    beforeEach(async () => {
      [live, backup] = await Promise.all([createTestDatabase(), createTestDatabase()]);
      env = {
        AUTH_MODE: 'development',
        DATABASE_URL: live.url,
        EVENT_TRANSPORT: 'kafka',
        KAFKA_BROKERS: brokers ?? '',
        KAFKA_TOPIC_PREFIX: `restore-${randomUUID().slice(0, 8)}`,
        LOG_LEVEL: 'silent',
      };
    });

    afterEach(async () => {
      await stop();
      await live.drop();
      await backup.drop();
    });

    async function start(): Promise<ServiceApp> {
      service = await createServiceApp(sampleService(), { env });
      await service.writing();
      return service;
    }

    async function stop(): Promise<void> {
      await service?.close();
      service = null;
    }

    async function register(app: ServiceApp, count: number): Promise<void> {
      const token = await app.token({ partyId: founderPartyId, roles: ['founder'] });
      const body = { directorPartyIds: [founderPartyId] };
      for (let index = 0; index < count; index += 1) {
        expect((await send(`${app.url}/companies`, 'POST', { token, body })).status).toBe(201);
      }
    }

    async function health(app: ServiceApp): Promise<{ status: number; relay: unknown }> {
      const { status, body } = await send(`${app.url}/health/ready`, 'GET');
      const details = body['details'] as { readonly relay: { readonly state: string } };
      return { status, relay: details.relay.state };
    }

    const published = (app: ServiceApp) =>
      eventually('everything is published', async () => {
        const { position } = await app.store.head();
        const rows = await app.dataSource.query<unknown[]>(
          'select 1 from relay_checkpoint where position = $1',
          [position],
        );
        return rows.length > 0;
      });

    /** What the log and the read models hold. */
    const stateOf = async (app: ServiceApp) => ({
      head: await app.store.head().then(({ position, chainHash }) => ({ position, chainHash })),
      companies: await app.dataSource.query<unknown[]>('select * from companies order by 1'),
    });

    it('is refused until the tail is back, and then is as if nothing had happened', async () => {
      let app = await start();
      await register(app, 3);
      await published(app);
      await stop();
      await copyDatabase(live.url, backup.url);
      app = await start();
      await register(app, 4);
      await published(app);
      const before = await stateOf(app);
      await stop();

      await copyDatabase(backup.url, live.url);
      app = await start();
      await eventually('it is out of service', async () => (await health(app)).status === 503);
      expect(await health(app)).toEqual({ status: 503, relay: 'diverged' });
      await stop();

      expect(await restoreLog(sampleService(), env)).toBe(
        'deals: 4 events restored, the log ends at 7',
      );
      app = await start();
      expect(await stateOf(app)).toEqual(before);
      expect((await app.store.verifyLog()).problem).toBeNull();
      await eventually('it serves', async () => (await health(app)).relay === 'running');
      await register(app, 1);
      await published(app);
      expect((await health(app)).status).toBe(200);
      expect(await restoreLog(sampleService(), env)).toMatch(/0 events restored/);
    });

    it('refuses a log that went on by itself', async () => {
      let app = await start();
      await register(app, 2);
      await published(app);
      await stop();
      await copyDatabase(live.url, backup.url);
      app = await start();
      await register(app, 3);
      await published(app);
      await stop();
      await copyDatabase(backup.url, live.url);
      app = await start();
      await register(app, 1);
      await stop();
      await expect(restoreLog(sampleService(), env)).rejects.toThrow(/position 4/);
    });
  },
);

describe('Recovery commands', () => {
  it('say what they need', async () => {
    const env = { AUTH_MODE: 'development', DATABASE_URL: 'postgres://localhost/none' };
    await expect(restoreLog(sampleService(), env)).rejects.toThrow(/EVENT_TRANSPORT=kafka/);
    await expect(acceptCut(sampleService(), env, ['issuance', '3'])).rejects.toThrow(
      /accept-cut <source>/,
    );
    const onKafka = { ...env, EVENT_TRANSPORT: 'kafka', KAFKA_BROKERS: 'localhost:1' };
    await expect(acceptCut(sampleService(), onKafka, [])).rejects.toThrow(/restore-log/);
  });

  it('accept a cut in the database of the consumer', async () => {
    const database = await createTestDatabase();
    const env = {
      AUTH_MODE: 'development',
      DATABASE_URL: database.url,
      LOG_LEVEL: 'silent',
    };
    const hash = 'ab'.repeat(32);
    expect(
      await acceptCut(sampleService(), env, ['issuance', '278', hash, 'restored', 'today']),
    ).toBe('deals: goes on with issuance after position 278');
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query('select source, position::int, reason from accepted_cut');
    await client.end();
    expect(rows).toEqual([{ source: 'issuance', position: 278, reason: 'restored today' }]);
    await database.drop();
  });
});
