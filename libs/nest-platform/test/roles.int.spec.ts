import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PostgresServer } from '@specie/local-platform';
import { eventually, send } from '@specie/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServiceApp, type ServiceApp } from '../src/index.js';
import { migrate } from '../src/runtime/migrate.js';
import { acceptCut } from '../src/runtime/recovery.js';
import { sampleService } from './sample-service.js';

const skipReason = process.env['DATABASE_URL']
  ? 'DATABASE_URL names a server whose roles are not ours'
  : null;
const infra = join(import.meta.dirname, '../../../infra/postgres/create-databases.sql');
const founder = {
  partyId: '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d5c',
  roles: ['founder'] as const,
};
const body = { directorPartyIds: [founder.partyId] };

/** The server is set up by the file that compose uses, and each role tries what it must not. */
describe.skipIf(skipReason !== null)(
  `The roles of a database${skipReason ? ` (skipped: ${skipReason})` : ''}`,
  () => {
    let folder: string;
    let server: PostgresServer;
    let service: ServiceApp;
    let migrationEnv: Readonly<Record<string, string>>;
    let env: Readonly<Record<string, string>>;

    const urlOf = (role: string, database = 'specie_deals'): string => {
      const url = new URL(server.url(database));
      url.username = role;
      url.password = 'specie';
      return url.toString();
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'specie-roles-'));
      server = await startPostgres({ dataDir: join(folder, 'data') });
      await as(server.url(), async (client) => {
        for (const statement of readFileSync(infra, 'utf8').split(/;\n/)) {
          await client.query(statement);
        }
      });
      migrationEnv = {
        AUTH_MODE: 'development',
        MIGRATION_DATABASE_URL: urlOf('specie_migrations'),
        DATABASE_ROLE: 'specie_deals',
        DATABASE_READER_ROLES: 'specie_reader',
      };
      expect(await migrate(sampleService(), migrationEnv)).toBe(
        'deals: tables are up to date; specie_deals works with them, specie_reader reads the log',
      );
      env = {
        AUTH_MODE: 'development',
        LOG_LEVEL: 'silent',
        DATABASE_URL: urlOf('specie_deals'),
        // No log of another service is there; its own does for all.
        PEER_DATABASE_URLS: JSON.stringify({
          compliance: urlOf('specie_reader'),
          audit: urlOf('specie_reader'),
        }),
      };
      service = await createServiceApp(sampleService(), { env });
      await service.writing();
    }, 120_000);

    afterAll(async () => {
      await service?.close();
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    async function register(app: ServiceApp): Promise<void> {
      const token = await app.token(founder);
      const answer = await send(`${app.url}/companies`, 'POST', { token, body });
      expect(answer.status).toBe(201);
    }

    it('let the service do its work: write, consume, attest and purge', async () => {
      await register(service);
      expect(await service.store.purgeAnswers(30)).toBe(0);
      expect((await service.store.verifyLog()).problem).toBeNull();
      await eventually('it follows the log of its peers', async () => {
        const rows = await service.dataSource.query<unknown[]>('select 1 from lease');
        return rows.length > 0;
      });
      expect((await send(`${service.url}/health/ready`, 'GET')).status).toBe(200);
    });

    it('let the commands of operators run as the service', async () => {
      const cut = ['issuance', '5', 'ab'.repeat(32), 'restored'];
      expect(await acceptCut(sampleService(), env, cut)).toMatch(/goes on with issuance/);
    });

    it('let migrations run again beside the service', async () => {
      await Promise.all([
        migrate(sampleService(), migrationEnv),
        migrate(sampleService(), migrationEnv),
      ]);
      await register(service);
    });

    const changesOfTheLog = [
      'update events set type = type',
      'delete from events',
      'truncate events',
      'truncate events cascade',
      'merge into events e using events o on e.position = o.position when matched then delete',
      'update event_feed set type = type',
      'delete from event_feed',
      `insert into event_feed select * from event_feed`,
      'alter table events disable trigger events_append_only',
      'alter table events disable trigger all',
      'drop trigger events_append_only on events',
      'alter table events drop column head_signature',
      'alter table events rename to moved',
      'alter table events owner to current_user',
      'drop table events',
      'drop view event_feed',
      'create or replace rule quiet as on insert to events do instead nothing',
      'create or replace function event_log_refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
      'create trigger mine before insert on events execute function event_log_refuse_change()',
      'create table mine (id int)',
      'create temp table mine (id int)',
      'create schema mine',
      'create index mine on events (type)',
      'create extension pg_trgm',
      'set session_replication_role = replica',
      'set role specie_migrations',
      'set session authorization specie_migrations',
      'create role mine superuser',
      'create role mine',
      'alter role current_user superuser',
      'create database mine',
      'alter database specie_deals owner to current_user',
      'drop database specie_audit',
      'alter system set fsync = off',
      `copy events to program 'true'`,
      `copy events from '/etc/passwd'`,
      `select pg_read_file('/etc/passwd')`,
      'insert into event_store_migrations (timestamp, name) values (1, $$x$$)',
      'delete from service_migrations',
      'delete from log_head',
      'insert into log_head (one, position, chain_hash, epoch) values (true, 1, $$$$, 1)',
    ] as const;

    it.each(changesOfTheLog)('let the service not %s', async (statement) => {
      await refused(urlOf('specie_deals'), statement);
    });

    it.each(changesOfTheLog)('let a reader not %s', async (statement) => {
      await refused(urlOf('specie_reader'), statement);
    });

    it('let nobody pass on what they have not', async () => {
      for (const role of ['specie_deals', 'specie_reader']) {
        await as(urlOf(role), async (client) => {
          await client.query('set default_transaction_read_only = off');
          // A warning where the role has some right to the table, an error where it has none.
          await client.query(`grant update, delete on events to ${role}`).catch(() => undefined);
          await expect(client.query('update events set type = type')).rejects.toThrow(
            /permission denied/,
          );
        });
      }
    });

    it('let a reader see the log and hear of its growth, and nothing else', async () => {
      const tables = await as(urlOf('specie_migrations'), async (client) => {
        const { rows } = await client.query<{ readonly name: string }>(
          `select relname as name from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') order by 1`,
        );
        return rows.map(({ name }) => name);
      });
      expect(tables).toEqual(expect.arrayContaining(['events', 'command_seen', 'companies']));
      const readable: string[] = [];
      await as(urlOf('specie_reader'), async (client) => {
        await client.query('listen specie_log');
        for (const table of tables) {
          await client.query(`select * from ${table} limit 1`).then(
            () => readable.push(table),
            (error: unknown) => expect(String(error)).toMatch(/permission denied/),
          );
          // Neither as it is, nor after it has left the read-only mode that its sessions begin in.
          await client.query('set default_transaction_read_only = off');
          for (const change of [`delete from ${table}`, `insert into ${table} default values`]) {
            await expect(client.query(change)).rejects.toThrow(/permission denied/);
          }
          await client.query('reset default_transaction_read_only');
        }
        await expect(client.query('select lo_create(0)')).rejects.toThrow(/read-only transaction/);
        await expect(
          client.query(
            'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1',
            ['specie_deals'],
          ),
        ).rejects.toThrow(/permission denied/);
      });
      expect(readable).toEqual(['event_feed', 'log_head']);
    });

    it('let nobody into the database of another service', async () => {
      for (const role of ['specie_issuance', 'specie_market']) {
        await expect(as(urlOf(role), () => Promise.resolve())).rejects.toThrow(/permission denied/);
      }
    });

    it('are not given to a role that could give itself more', async () => {
      await as(server.url(), async (client) => {
        await client.query('create role mighty login superuser');
        await client.query('create role heir login in role specie_migrations');
        await client.query('create role reads_all login in role pg_read_all_data');
      });
      for (const role of ['mighty', 'heir', 'reads_all', 'specie_migrations']) {
        const given = migrate(sampleService(), { ...migrationEnv, DATABASE_ROLE: role });
        await expect(given).rejects.toThrow(`the role ${role} could give itself more`);
      }
      const missing = migrate(sampleService(), { ...migrationEnv, DATABASE_READER_ROLES: 'none' });
      await expect(missing).rejects.toThrow('the role none is not there');
    });

    it('make a service whose tables nobody migrated say what to run', async () => {
      const start = createServiceApp(sampleService(), {
        env: { ...env, DATABASE_URL: urlOf('specie_deals', 'specie_audit') },
      });
      await expect(start).rejects.toThrow('run the command "migrate" first');
    });

    it('let a service outside production migrate at its start, as the owner', async () => {
      const url = urlOf('specie_issuance', 'specie_issuance');
      const started = await createServiceApp(sampleService(), {
        env: {
          ...env,
          ...migrationEnv,
          MIGRATION_DATABASE_URL: urlOf('specie_migrations', 'specie_issuance'),
          DATABASE_ROLE: 'specie_issuance',
          DATABASE_URL: url,
        },
      });
      await started.writing();
      await register(started);
      await started.close();
      await refused(url, 'alter table events disable trigger events_append_only');
    });
  },
);

/** Runs `work` on one connection. */
async function as<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** PostgreSQL itself refuses, for want of a right. */
async function refused(url: string, statement: string): Promise<void> {
  await as(url, async (client) => {
    const problem = await client.query(statement).then(
      () => 'nothing',
      (error: unknown) => String((error as { readonly code?: unknown }).code),
    );
    // 42501: no right; 25006: a session that only reads.
    expect(['42501', '25006']).toContain(problem);
  });
}
