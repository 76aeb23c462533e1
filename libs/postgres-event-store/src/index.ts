export type { ProvenEvent } from './append/import-tail.js';
export type { LockedView } from './append/locked-writer.js';
export { logChannel } from './append/notifier.js';
export {
  assertEveryEventProjected,
  defineProjection,
  type EventPlace,
  type PlacedEvent,
  type Projection,
  type ProjectionDefinition,
} from './append/projection.js';
export { endAbandonedSessions } from './connection/abandoned-sessions.js';
export { EventStoreUnavailableError, isConnectionLoss } from './connection/errors.js';
export { guardPool } from './connection/guard-pool.js';
export {
  LeaseTable,
  type Lease,
  type LeaseQuery,
  type LeaseRequest,
} from './leases/lease-table.js';
export {
  queryOf,
  whileLeased,
  type LeaseHold,
  type WhileLeasedOptions,
} from './leases/while-leased.js';
export {
  WriterLease,
  type BecomeWriterOptions,
  type CurrentWriter,
} from './leases/writer-lease.js';
export type { StoredEvent } from './read/log-reader.js';
export {
  SideTables,
  type CheckpointOutcome,
  type ConsumedPosition,
  type ConsumerPartition,
} from './read/side-tables.js';
export {
  canonicalEventBytes,
  chainHash,
  genesisHash,
  type CanonicalEvent,
} from './record/canonical.js';
export { signHead, verifyHeadSignature, type LogHead } from './record/head-signature.js';
export type { LogEventView, ReplayOptions, ReplayResult } from './replay/replay.js';
export {
  LogProblemError,
  type LogProblem,
  type LogProblemKind,
  type LogVerification,
} from './replay/verify-log.js';
export {
  boolean,
  bytes,
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
export {
  eventStoreHistory,
  eventStoreMigrations,
  migrateEventStore,
  runMigrationsLocked,
} from './schema/migrations.js';
export { grantRights, ownsLog, type DatabaseRoles } from './schema/rights.js';
export { tableDifferences } from './schema/table-differences.js';
export { defineTable, type AnyTable, type RowOf, type Table } from './schema/table.js';
export { tablesMigration } from './schema/tables-migration.js';
export {
  openEventStore,
  PostgresEventStore,
  type EventStoreOptions,
  type EventStoreTuning,
} from './store.js';
