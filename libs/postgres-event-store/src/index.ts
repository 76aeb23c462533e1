export {
  assertEveryEventProjected,
  defineProjection,
  TypedProjection,
  type EventPlace,
  type PlacedEvent,
  type Projection,
  type ProjectionDefinition,
} from './append/projection.js';
export { endAbandonedSessions } from './abandoned-sessions.js';
export { canonicalEventBytes, chainHash, genesisHash, type CanonicalEvent } from './canonical.js';
export { EventStoreUnavailableError } from './errors.js';
export { guardPool } from './guard-pool.js';
export { signHead, verifyHeadSignature, type LogHead } from './head-signature.js';
export type { ProvenEvent } from './import-tail.js';
export type { StoredEvent } from './log-reader.js';
export { LeaseTable, type Lease, type LeaseQuery, type LeaseRequest } from './lease-table.js';
export {
  eventStoreHistory,
  eventStoreMigrations,
  migrateEventStore,
  runMigrationsLocked,
} from './migrations.js';
export { logChannel } from './notifier.js';
export type { LogEventView, ReplayOptions, ReplayResult } from './replay.js';
export type { LockedView } from './locked-writer.js';
export { grantRights, ownsLog, type DatabaseRoles } from './rights.js';
export {
  boolean,
  Column,
  day,
  instant,
  int32,
  int64,
  json,
  micro,
  oneOf,
  text,
  texts,
  uuid,
  uuids,
  whole,
  wideWhole,
  type AnyColumn,
} from './schema/column.js';
export { addToRows, insertRows, updateRows, type Row } from './schema/set-writes.js';
export { tableDifferences } from './schema/table-differences.js';
export { defineTable, type AnyTable, type RowOf, type Table } from './schema/table.js';
export { tablesMigration } from './schema/tables-migration.js';
export {
  SideTables,
  type CheckpointOutcome,
  type ConsumedPosition,
  type ConsumerPartition,
  type Snapshot,
} from './side-tables.js';
export {
  openEventStore,
  PostgresEventStore,
  type EventStoreOptions,
  type EventStoreTuning,
} from './store.js';
export {
  LogProblemError,
  type LogProblem,
  type LogProblemKind,
  type LogVerification,
} from './verify-log.js';
export { queryOf, whileLeased, type LeaseHold, type WhileLeasedOptions } from './while-leased.js';
export { WriterLease, type BecomeWriterOptions, type CurrentWriter } from './writer-lease.js';
