import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { guardPool } from '../connection/guard-pool.js';
import { LogTables } from './log-tables.js';
import { withMigrationLock } from './migration-lock.js';

type MigrationClass = new () => MigrationInterface;

/** The migrations of the event store's tables in `schema`, oldest first. */
export function eventStoreMigrations(schema = 'public'): readonly MigrationClass[] {
  const tables = new LogTables(schema);
  class CreateEventLog1763800000001 implements MigrationInterface {
    name = 'CreateEventLog1763800000001';

    async up(queryRunner: QueryRunner): Promise<void> {
      for (const statement of [...logStatements(tables), ...sideStatements(tables)]) {
        await queryRunner.query(statement);
      }
    }

    down(): Promise<void> {
      return Promise.reject(new Error('the event log is never dropped by a migration'));
    }
  }
  class VerifyConsumption1764288000001 implements MigrationInterface {
    name = 'VerifyConsumption1764288000001';

    async up(queryRunner: QueryRunner): Promise<void> {
      for (const statement of verificationStatements(tables)) {
        await queryRunner.query(statement);
      }
    }

    down(): Promise<void> {
      return Promise.reject(new Error('what was verified is never forgotten by a migration'));
    }
  }
  class CreateLease1764288000002 implements MigrationInterface {
    name = 'CreateLease1764288000002';

    async up(queryRunner: QueryRunner): Promise<void> {
      for (const statement of leaseStatements(tables)) {
        await queryRunner.query(statement);
      }
    }

    async down(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(`drop table ${tables.lease}`);
    }
  }
  class ParkByLane1764288000044 implements MigrationInterface {
    name = 'ParkByLane1764288000044';

    async up(queryRunner: QueryRunner): Promise<void> {
      for (const statement of parkingStatements(tables)) {
        await queryRunner.query(statement);
      }
    }

    down(): Promise<void> {
      return Promise.reject(new Error('what was parked is never forgotten by a migration'));
    }
  }
  class ForgetUnkeyedHashes1764288000060 implements MigrationInterface {
    name = 'ForgetUnkeyedHashes1764288000060';

    /** The hashes of bodies had no key: what was sent could be guessed by them. As after 30 days, event ids remain. */
    async up(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(`delete from ${tables.commandSeen}`);
    }

    down(): Promise<void> {
      return Promise.resolve();
    }
  }
  class KeepSeveralSnapshots1764288000077 implements MigrationInterface {
    name = 'KeepSeveralSnapshots1764288000077';

    /** Nothing wrote the table that is dropped. */
    async up(queryRunner: QueryRunner): Promise<void> {
      for (const statement of snapshotStatements(tables)) {
        await queryRunner.query(statement);
      }
    }

    down(): Promise<void> {
      return Promise.reject(new Error('the snapshots of before are not there any more'));
    }
  }
  return [
    CreateEventLog1763800000001,
    VerifyConsumption1764288000001,
    CreateLease1764288000002,
    ParkByLane1764288000044,
    ForgetUnkeyedHashes1764288000060,
    KeepSeveralSnapshots1764288000077,
  ];
}

/** The table of the event store's own migrations. */
export const eventStoreHistory = 'event_store_migrations';

/**
 * Brings the event store's tables up to date under a lock, with a migration history of their own, so
 * that a service's migrations and these never mix. Safe to call from several instances at once.
 */
export async function migrateEventStore(dataSource: DataSource, schema = 'public'): Promise<void> {
  const own = new DataSource({
    ...dataSource.options,
    entities: [],
    subscribers: [],
    migrations: [...eventStoreMigrations(schema)],
    // One history per log: a database may hold several, each in its schema.
    migrationsTableName: schema === 'public' ? eventStoreHistory : `${eventStoreHistory}_${schema}`,
    migrationsRun: false,
    synchronize: false,
  });
  await runMigrationsLocked(own);
}

/** Runs the pending migrations of a service's data source, then `finish`, while no other instance does. */
export async function runMigrationsLocked(
  dataSource: DataSource,
  finish: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const wasOpen = dataSource.isInitialized;
  if (!wasOpen) {
    await dataSource.initialize();
  }
  guardPool(dataSource);
  const lockHolder = dataSource.createQueryRunner();
  try {
    await withMigrationLock(lockHolder, async () => {
      await dataSource.runMigrations({ transaction: 'each' });
      await finish();
    });
  } finally {
    if (!lockHolder.isReleased) {
      await lockHolder.release();
    }
    if (!wasOpen) {
      await dataSource.destroy();
    }
  }
}

function logStatements(t: LogTables): readonly string[] {
  return [
    `create schema if not exists ${t.schema}`,
    // One row that every append updates: a low fill factor keeps those updates on one page.
    `create table ${t.logHead} (
       one boolean primary key default true check (one),
       position bigint not null,
       chain_hash bytea not null,
       epoch bigint not null
     ) with (fillfactor = 10)`,
    `insert into ${t.logHead} (position, chain_hash, epoch) values (0, '\\x${'00'.repeat(32)}', 1)`,
    `create table ${t.events} (
       position bigint not null,
       stream_id text collate "C" not null,
       stream_version int not null,
       event_id uuid not null,
       command_id uuid not null,
       type text collate "C" not null,
       schema_version smallint not null,
       occurred_at timestamptz not null,
       effective_at timestamptz not null,
       recorded_at timestamptz not null,
       metadata bytea not null,
       data bytea not null,
       chain_hash bytea not null,
       head_signature bytea,
       constraint events_position primary key (position),
       constraint events_stream_version unique (stream_id, stream_version),
       constraint events_event_id unique (event_id)
     )`,
    // JSON bytes are short and read whole: compression would only cost time on both paths.
    `alter table ${t.events} alter column data set storage external, alter column metadata set storage external`,
    `create function ${t.advanceHead}(from_position bigint, from_hash bytea, to_position bigint, to_hash bytea,
         my_epoch bigint) returns void language plpgsql as $body$
     declare current_epoch bigint;
     begin
       update ${t.logHead} set position = to_position, chain_hash = to_hash
        where position = from_position and chain_hash = from_hash and epoch = my_epoch;
       if not found then
         select epoch into current_epoch from ${t.logHead};
         if current_epoch <> my_epoch then
           raise exception 'a newer writer holds the log' using errcode = 'SP002';
         end if;
         raise exception 'another instance appended' using errcode = 'SP001';
       end if;
     end $body$`,
    `create function ${t.refuseChange}() returns trigger language plpgsql as $body$
     begin
       raise exception 'events are append-only: % refused', tg_op using errcode = 'SP003';
     end $body$`,
    `create trigger events_append_only before update or delete or truncate on ${t.events}
       for each statement execute function ${t.refuseChange}()`,
    // "always": session_replication_role = replica would otherwise skip it.
    `alter table ${t.events} enable always trigger events_append_only`,
    // What the other roles of the database may do is `grantRights`; this one needs no more than to append.
    `revoke update, delete, truncate on ${t.events} from public, current_user`,
    `create view ${t.eventFeed} as
       select position, stream_id, stream_version, event_id, command_id, type, schema_version, occurred_at,
              effective_at, recorded_at, metadata, data, chain_hash, head_signature
         from ${t.events}`,
  ];
}

function sideStatements(t: LogTables): readonly string[] {
  return [
    `create table ${t.commandSeen} (
       scope text collate "C" not null,
       key text collate "C" not null,
       body_hash text collate "C" not null,
       answer bytea not null,
       recorded_at timestamptz not null,
       constraint command_seen_key primary key (scope, key)
     )`,
    `create table ${t.inbox} (
       consumer text collate "C" not null,
       event_id text collate "C" not null,
       constraint inbox_pair primary key (consumer, event_id)
     )`,
    `create table ${t.relayCheckpoint} (
       relay text collate "C" primary key,
       position bigint not null,
       updated_at timestamptz not null default now()
     )`,
    `create table ${t.consumed} (
       consumer text collate "C" not null,
       source text collate "C" not null,
       partition int not null,
       position bigint not null,
       chain_hash bytea,
       kafka_offset bigint,
       primary key (consumer, source, partition)
     )`,
    `create table ${t.parkedEvent} (
       consumer text collate "C" not null,
       source text collate "C" not null,
       stream_id text collate "C" not null,
       position bigint not null,
       event_id uuid not null,
       partition int,
       kafka_offset bigint,
       record bytea not null,
       error text not null,
       attempt_count int not null,
       parked_at timestamptz not null default now(),
       primary key (consumer, source, position)
     )`,
    `create index parked_event_stream on ${t.parkedEvent} (consumer, source, stream_id, position)`,
    `create table ${t.snapshots} (
       stream_id text collate "C" primary key,
       stream_version int not null,
       state_schema int not null,
       chain_hash bytea not null,
       state bytea not null
     )`,
    `create table ${t.writerLease} (
       one boolean primary key default true check (one),
       epoch bigint not null,
       writer text not null,
       advertised_url text not null,
       backend_pid int not null,
       heartbeat_at timestamptz not null
     )`,
  ];
}

/** What consumers and relays keep to prove that the log they know is the one they are shown. */
function verificationStatements(t: LogTables): readonly string[] {
  return [
    // The hash of the partition's chain at `position`; of the log's chain in the row of the topic itself.
    `alter table ${t.relayCheckpoint} add column chain_hash bytea`,
    `create table ${t.consumedHead} (
       consumer text collate "C" not null,
       source text collate "C" not null,
       partition int not null,
       position bigint not null,
       chain_hash bytea not null,
       primary key (consumer, source, partition, position)
     )`,
    `create table ${t.consumptionHalt} (
       consumer text collate "C" not null,
       source text collate "C" not null,
       partition int not null,
       partition_count int,
       kafka_offset bigint,
       position bigint,
       reason text not null,
       detail text not null,
       halted_at timestamptz not null default now(),
       primary key (consumer, source, partition)
     )`,
    `create table ${t.passedOver} (
       consumer text collate "C" not null,
       source text collate "C" not null,
       partition int not null,
       kafka_offset bigint not null,
       halt_reason text not null,
       reason text not null,
       passed_at timestamptz not null default now(),
       primary key (consumer, source, partition, kafka_offset)
     )`,
    `create table ${t.acceptedCut} (
       consumer text collate "C" not null,
       source text collate "C" not null,
       position bigint not null,
       chain_hash bytea not null,
       consumed_position bigint not null,
       reason text not null,
       accepted_at timestamptz not null default now()
     )`,
  ];
}

/** Rows are few and change every other second, so pages keep room for the next version of each. */
function leaseStatements(t: LogTables): readonly string[] {
  return [
    `create table ${t.lease} (
       scope text collate "C" not null,
       name text collate "C" not null,
       holder text not null,
       epoch bigint not null,
       expires_at timestamptz not null,
       backend_pid int,
       backend_start timestamptz,
       primary key (scope, name)
     ) with (fillfactor = 50)`,
  ];
}

/** What operators need to know of events that are set aside, the order in which they came, and what they propose. */
function parkingStatements(t: LogTables): readonly string[] {
  return [
    `alter table ${t.parkedEvent}
       add column parked_no bigint generated always as identity,
       add column lane text collate "C" not null default '',
       add column type text collate "C",
       add column error_code text not null default 'handler_failed',
       add column discarded_at timestamptz`,
    `create index parked_event_lane on ${t.parkedEvent} (consumer, source, stream_id, lane, parked_no)
      where discarded_at is null`,
    `create table ${t.discardProposal} (
       consumer text collate "C" not null,
       source text collate "C" not null,
       place text collate "C" not null,
       reason text not null,
       proposed_by text not null,
       proposed_at timestamptz not null default now(),
       primary key (consumer, source, place)
     )`,
  ];
}

/** Several of each stream, because a newer one may turn out to be damaged. */
function snapshotStatements(t: LogTables): readonly string[] {
  return [
    `drop table ${t.snapshots}`,
    `create table ${t.snapshots} (
       stream_id text collate "C" not null,
       stream_version int not null,
       position bigint not null,
       chain_hash bytea not null,
       format text not null,
       state_hash text not null,
       sha256 bytea not null,
       bytes bytea not null,
       primary key (stream_id, stream_version)
     )`,
    // Read and written whole: compression would only cost time.
    `alter table ${t.snapshots} alter column bytes set storage external`,
  ];
}
