import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serviceNames } from '@specie/contracts';
import {
  freePort,
  startPostgres,
  startServiceProcess,
  type PostgresServer,
  type ServiceProcess,
} from '@specie/local-platform';
import { developmentLogPublicKey } from '@specie/nest-platform';
import { Certificates, opensslSkipReason, send } from '@specie/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type Env = Readonly<Record<string, string>>;

const root = resolve(import.meta.dirname, '../../..');
const entry = join(root, 'services/compliance/dist/main.js');
const reason = process.env['DATABASE_URL']
  ? 'DATABASE_URL names a server with settings of its own'
  : opensslSkipReason();
/** Unset, whatever the environment of the tests has. */
const none: Env = { AUTH_MODE: '', NODE_ENV: '', DATABASE_URL: '', PEER_DATABASE_URLS: '' };

describe.skipIf(reason !== null)(
  `A production start${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let folder: string;
    let server: PostgresServer;
    let sound: Env;
    let weak: Env;
    let migration: Env;
    const processes: ServiceProcess[] = [];

    beforeAll(async () => {
      execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
      folder = mkdtempSync(join(tmpdir(), 'specie-production-'));
      chmodSync(folder, 0o755);
      const certificates = new Certificates(folder);
      certificates.issue('server');
      const dataDir = join(folder, 'data');
      await (await startPostgres({ dataDir })).stop();
      const settings = certificates.serveFrom(dataDir, 'server');
      server = await startPostgres({ dataDir, settings });
      const admin = new pg.Client({ connectionString: server.url() });
      await admin.connect();
      for (const role of ['owner', 'compliance', 'reader']) {
        await admin.query(`create role ${role} login password 'pw'`);
      }
      await admin.query('create database compliance owner owner');
      await admin.end();
      const url = (role: string): string =>
        `postgresql://${role}:pw@127.0.0.1:${server.port}/compliance` +
        `?sslmode=verify-full&sslrootcert=${certificates.path('ca.pem')}`;

      const lists = join(folder, 'lists');
      mkdirSync(lists);
      const nothing = '-0- ,'.repeat(8).slice(0, -1);
      writeFileSync(join(lists, 'sdn.csv'), `1,"FIRST, Ann","individual","SAMPLE",${nothing}\r\n`);
      writeFileSync(join(lists, 'alt.csv'), '1,1,"aka","ERSTE, Ann",-0- \r\n');
      writeFileSync(join(lists, 'add.csv'), '1,1,"1 Road",-0- ,"Panama",-0- \r\n');
      writeFileSync(join(lists, 'sdn_comments.csv'), '');

      const seed = randomBytes(32);
      sound = {
        NODE_ENV: 'production',
        AUTH_MODE: 'oidc',
        AUTH_ISSUER: 'https://issuer.example',
        AUTH_AUDIENCE: 'specie',
        AUTH_JWKS_URL: 'https://issuer.example/jwks.json',
        DATABASE_URL: url('compliance'),
        PEER_DATABASE_URLS: JSON.stringify({ audit: url('reader') }),
        MIGRATION_DATABASE_URL: '',
        LOG_SIGNING_KEY: seed.toString('base64'),
        LOG_PUBLIC_KEYS: publicKeys(publicKeyOf(seed)),
        REQUEST_HASH_KEY: randomBytes(32).toString('base64'),
        RATE_LIMIT_PER_SECOND: '1000',
        NAME_HASH_KEY: randomBytes(32).toString('base64'),
        SANCTIONS_DIR: lists,
      };
      migration = {
        AUTH_MODE: 'oidc',
        MIGRATION_DATABASE_URL: url('owner'),
        DATABASE_ROLE: 'compliance',
        DATABASE_READER_ROLES: 'reader',
      };
      const development = (what: string): string =>
        createHash('sha256').update(`specie development ${what}`).digest('base64');
      const plain = server.url('compliance');
      weak = {
        NODE_ENV: 'Production',
        AUTH_MODE: 'development',
        AUTH_ISSUER: 'https://issuer.example',
        AUTH_AUDIENCE: 'specie',
        AUTH_JWKS_URL: 'http://issuer.example/jwks.json',
        DATABASE_URL: plain,
        PEER_DATABASE_URLS: JSON.stringify({ audit: plain }),
        MIGRATION_DATABASE_URL: plain,
        LOG_SIGNING_KEY: development('log of compliance'),
        LOG_PUBLIC_KEYS: publicKeys(developmentLogPublicKey('compliance')),
        REQUEST_HASH_KEY: development('request hash'),
        RATE_LIMIT_PER_SECOND: '0',
        AUTH_FAILURES_PER_SECOND: '0',
        NAME_HASH_KEY: development('name hash'),
        SANCTIONS_DIR: '',
      };
    }, 300_000);

    afterAll(async () => {
      await Promise.all(processes.map((one) => one.stop()));
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    async function launch(env: Env): Promise<ServiceProcess> {
      const port = await freePort();
      const started = startServiceProcess({
        name: 'compliance',
        entry,
        url: `http://127.0.0.1:${port}`,
        logFile: join(folder, 'compliance.log'),
        env: { ...none, ...env, HOST: '127.0.0.1', PORT: String(port) },
      });
      processes.push(started);
      return started;
    }

    /** The variables that the process named before it exited, in their order. */
    async function refused(env: Env): Promise<readonly string[]> {
      const one = await launch(env);
      await expect(one.ready(60_000)).rejects.toThrow('ended with code 1');
      const lines = one.lastOutput().split('\n');
      expect(lines[0]).toBe('compliance cannot start:');
      return [
        ...new Set(lines.slice(1).flatMap((line) => /^ {2}([A-Z_]+):/.exec(line)?.[1] ?? [])),
      ];
    }

    const all = [
      'AUTH_MODE',
      'AUTH_JWKS_URL',
      'DATABASE_URL',
      'PEER_DATABASE_URLS',
      'MIGRATION_DATABASE_URL',
      'LOG_SIGNING_KEY',
      'LOG_PUBLIC_KEYS',
      'REQUEST_HASH_KEY',
      'RATE_LIMIT_PER_SECOND',
      'AUTH_FAILURES_PER_SECOND',
      'NAME_HASH_KEY',
      'SANCTIONS_DIR',
    ];

    it('lists every weak setting at once and exits; with each fixed in turn it lists the rest', async () => {
      expect(await refused(weak)).toEqual(all);
      let env = weak;
      for (const [place, variable] of all.slice(0, -1).entries()) {
        env = { ...env, [variable]: sound[variable] ?? '' };
        const rest = await refused(env);
        // A key is sound only with its public half, so that one is named until it is fixed too.
        expect(rest.filter((name) => all.indexOf(name) > place)).toEqual(all.slice(place + 1));
      }
    });

    it('does not migrate, and says what to run', async () => {
      const one = await launch(sound);
      await expect(one.ready(60_000)).rejects.toThrow('run the command "migrate" first');
    });

    it('does not work as a role that owns the log', async () => {
      const one = await launch(sound);
      expect(await one.command('help').catch((error: unknown) => String(error))).toMatch(
        /known: restore-log, accept-cut, migrate/,
      );
      migrate();
      const asOwner = { ...sound, DATABASE_URL: migration['MIGRATION_DATABASE_URL'] ?? '' };
      await expect((await launch(asOwner)).ready(60_000)).rejects.toThrow(
        'the role of DATABASE_URL owns the log',
      );
    });

    it('goes through with nothing weak, and lets in nobody without a token of the issuer', async () => {
      migrate();
      const one = await launch(sound);
      await one.ready(60_000);
      expect((await send(`${one.url}/health/ready`, 'GET')).status).toBe(200);
      expect((await send(`${one.url}/parties`, 'GET')).status).toBe(401);
      const body = { partyId: '0192d1a0-7b5e-7c3d-8e4f-000000000001', roles: ['auditor'] };
      expect((await send(`${one.url}/dev/tokens`, 'POST', { body })).status).toBe(404);
    });

    function migrate(): void {
      const output = execFileSync(process.execPath, [entry, 'migrate'], {
        env: { ...process.env, ...none, ...migration },
        encoding: 'utf8',
      });
      expect(output).toContain('compliance works with them, reader reads the log');
    }
  },
);

function publicKeys(key: ReturnType<typeof createPublicKey>): string {
  const x = Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url').toString('base64');
  return JSON.stringify(Object.fromEntries(serviceNames.map((service) => [service, [x]])));
}

function publicKeyOf(seed: Buffer): ReturnType<typeof createPublicKey> {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}
