import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PostgresServer } from '@specie/local-platform';
import { Certificates, opensslSkipReason } from '@specie/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogConnection } from '../src/log-connection.js';
import { migrateEventStore } from '@specie/postgres-event-store';

const reason = process.env['DATABASE_URL']
  ? 'DATABASE_URL names a server with settings of its own'
  : opensslSkipReason();

describe.skipIf(reason !== null)(
  `PostgreSQL over TLS${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let folder: string;
    let certificates: Certificates;
    let server: PostgresServer;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'specie-pg-tls-'));
      chmodSync(folder, 0o755);
      certificates = new Certificates(folder);
      certificates.authority('stranger');
      certificates.issue('server');
      const dataDir = join(folder, 'data');
      const plain = await startPostgres({ dataDir });
      await plain.stop();
      const settings = certificates.serveFrom(dataDir, 'server');
      server = await startPostgres({ dataDir, settings });
    }, 120_000);

    afterAll(async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const url = (ca: string): string =>
      `${server.url('postgres')}?sslmode=verify-full&sslrootcert=${certificates.path(ca)}`;
    const isEncrypted = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';

    it('is what the settings of the URL ask for, in the pool and where a log is read', async () => {
      const dataSource = new DataSource({ type: 'postgres', url: url('ca.pem') });
      await dataSource.initialize();
      expect(await dataSource.query(isEncrypted)).toEqual([{ ssl: true }]);
      await migrateEventStore(dataSource);
      await dataSource.destroy();
      const connection = await LogConnection.open(url('ca.pem'), { applicationName: 'test' });
      expect((await connection.client.query(isEncrypted)).rows).toEqual([{ ssl: true }]);
      expect(await connection.read(0, 10)).toEqual([]);
      await connection.close();
    });

    it('refuses a server whose certificate another authority signed, or has another name', async () => {
      const open = (text: string) => LogConnection.open(text, { applicationName: 'test' });
      await expect(open(url('stranger.pem'))).rejects.toThrow(/certificate/i);
      const pool = new DataSource({ type: 'postgres', url: url('stranger.pem') });
      await expect(pool.initialize()).rejects.toThrow(/certificate/i);
      const elsewhere = url('ca.pem').replace('127.0.0.1', 'ip6-localhost');
      await expect(open(elsewhere)).rejects.toThrow();
    });
  },
);
