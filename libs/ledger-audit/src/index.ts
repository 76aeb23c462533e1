export { ChainHasher, genesisHash, isSigned, type SignedHead } from './chain.js';
export {
  findShortfall,
  type CoverageCapacity,
  type CoverageObligation,
  type Shortfall,
} from './folds/coverage.js';
export { digestOf, type Collection, type CollectionDigest, type StateDigest } from './digest.js';
export { EventDecoder } from './event-decoder.js';
export { discrepancyKinds, type Discrepancy, type DiscrepancyKind } from './hand-overs.js';
export { invariantNames, type InvariantName } from './invariant-names.js';
export type { InvariantResult } from './invariants.js';
export {
  epochMsOf,
  findingKinds,
  microsOf,
  type Finding,
  type FindingKind,
  type LogRecord,
} from './log-record.js';
export { LogVerifier, type KnownHead, type LogHeadSummary } from './log-verifier.js';
export {
  rebuildAndVerify,
  type LogEnds,
  type LogSource,
  type ReadResult,
  type RebuildOptions,
  type TakeRecord,
} from './rebuild.js';
export type { Attestation, AuditReport, ServiceReport } from './report.js';
export { kafkaSource, type KafkaSourceOptions } from './sources/kafka-source.js';
export { MessageDecoder, type DecodedMessage, type RawMessage } from './sources/kafka-message.js';
export { LogMerge } from './sources/log-merge.js';
export { postgresSource } from './sources/postgres-source.js';
