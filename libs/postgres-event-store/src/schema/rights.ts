import type { DataSource, EntityManager } from 'typeorm';
import { LogTables } from './log-tables.js';

/** Who works in a service's database beside the role that owns and migrates it. */
export interface DatabaseRoles {
  /** Appends to the log and keeps the read models. */
  readonly service: string;
  /** Read the log and nothing else: the other services and the audit. */
  readonly readers: readonly string[];
}

/**
 * Gives each role what it needs in the database of `dataSource`, and takes everything else away, from PUBLIC too.
 * Runs as the owner, after its migrations, under their lock. `histories` are the tables of migrations.
 *
 * @throws Error when a role is not there or could give itself more
 */
export async function grantRights(
  dataSource: DataSource,
  roles: DatabaseRoles,
  histories: readonly string[],
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    for (const role of [roles.service, ...roles.readers]) {
      await refuseMightyRole(manager, role);
    }
    const tables = await tablesOf(manager);
    for (const statement of statements(await databaseOf(manager), { roles, histories, tables })) {
      await manager.query(statement);
    }
  });
}

/** Whether the session's role could undo what keeps the log append-only. */
export async function ownsLog(dataSource: DataSource, schema = 'public'): Promise<boolean> {
  const { events } = new LogTables(schema);
  const rows = await dataSource.query<{ readonly owns: boolean }[]>(
    `select pg_has_role(relowner, 'member') as owns from pg_class where oid = $1::regclass`,
    [events],
  );
  return rows[0]?.owns ?? false;
}

/** A member of the owner could alter every table; the others are rights over the whole server. */
async function refuseMightyRole(manager: EntityManager, role: string): Promise<void> {
  const rows = await manager.query<{ readonly is_mighty: boolean }[]>(
    `select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
            or pg_has_role(oid, current_user, 'member')
            or exists (select from pg_roles granted
                where granted.rolname in ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
                        'pg_write_server_files', 'pg_execute_server_program')
                  and pg_has_role(pg_roles.oid, granted.oid, 'member')) as is_mighty
       from pg_roles where rolname = $1`,
    [role],
  );
  const found = rows[0];
  if (found === undefined) {
    throw new Error(`the role ${role} is not there; an administrator of the server creates it`);
  }
  if (found.is_mighty) {
    throw new Error(
      `the role ${role} could give itself more than it needs: it must own nothing, be a member of nobody who does, and have no rights over the server`,
    );
  }
}

async function databaseOf(manager: EntityManager): Promise<string> {
  const rows = await manager.query<{ readonly name: string }[]>(
    'select current_database() as name',
  );
  return rows[0]?.name ?? '';
}

/** Tables only: a view that could be written through would write with the rights of its owner. */
async function tablesOf(manager: EntityManager): Promise<readonly string[]> {
  const rows = await manager.query<{ readonly name: string }[]>(
    `select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`,
  );
  return rows.map(({ name }) => name);
}

function statements(
  database: string,
  given: {
    readonly roles: DatabaseRoles;
    readonly histories: readonly string[];
    readonly tables: readonly string[];
  },
): readonly string[] {
  const { roles, histories, tables } = given;
  const log = new LogTables('public');
  const service = quoted(roles.service);
  const readers = roles.readers.map(quoted).join(', ');
  const everybody = [service, ...(readers === '' ? [] : [readers])].join(', ');
  const special = new Set([log.events, log.logHead, ...histories.map((name) => `public.${name}`)]);
  const models = tables.filter((name) => !special.has(`public.${name}`)).map(qualified);
  return [
    `revoke all on database ${quoted(database)} from public, ${everybody}`,
    `grant connect on database ${quoted(database)} to ${everybody}`,
    `revoke all on schema public from public, ${everybody}`,
    `grant usage on schema public to ${everybody}`,
    `revoke all on all tables in schema public from public, ${everybody}`,
    `grant select, insert on ${log.events} to ${service}`,
    `grant select, update on ${log.logHead} to ${service}`,
    `grant select on ${[log.eventFeed, ...histories.map(qualified)].join(', ')} to ${service}`,
    `grant select, insert, update, delete on ${models.join(', ')} to ${service}`,
    ...(readers === '' ? [] : [`grant select on ${log.eventFeed}, ${log.logHead} to ${readers}`]),
  ];
}

function qualified(table: string): string {
  return `public.${quoted(table)}`;
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
