export { defaultRetryPolicy, type RetryPolicy } from './retry-policy.js';
export { EffectQueue } from './effect-queue.js';
export { GapError, isTransientFailure, PoisonEventError, TransientEventError } from './errors.js';
export {
  InputDiscards,
  placeOfHalt,
  placeText,
  type DiscardProposal,
  type InputPlace,
  type StuckInput,
} from './input-discards.js';
export type { ParkedCode } from './parked-code.js';
export { LaneBusyError, ParkedEvents, type ParkedLane } from './parked-events.js';
export { haltReasons, isPassable, type Fault, type Halt, type HaltReason } from './halt.js';
export { toRecordedEvent, type LogRecord } from './log-record.js';
export { murmur2, partitionOf } from './partition.js';
export * from './ports.js';
export type { LogKeys } from './verify/partition-chain.js';
export { HaltStore, type Rejoin } from './verify/halt-store.js';
export {
  PostgresEventBus,
  postgresPartitionCount,
  type PostgresEventBusOptions,
} from './postgres/postgres-event-bus.js';
export {
  decodeMessage,
  encodeMessage,
  type DecodedMessage,
  type PartitionProof,
  type WireContext,
  type WireMessage,
} from './wire.js';
export { EventContext } from './nest/event-context.js';
export { EventErrorFilter } from './nest/event-error-filter.js';
export {
  SpecieEventServer,
  type EventServerStatus,
  type SpecieEventServerOptions,
} from './nest/specie-event-server.js';
export {
  ensureTopic,
  kafkaClient,
  securityOf,
  topicName,
  type KafkaSecurity,
} from './kafka/kafka-client.js';
export { readPublishedTail, type PublishedTailOptions } from './kafka/published-tail.js';
export { KafkaEventBus, type KafkaEventBusOptions } from './kafka/kafka-event-bus.js';
export { KafkaRelay, type RelayOptions, type RelayStatus } from './kafka/relay.js';
