export { MatchingCore, DEFAULT_LIMITS } from './engine.js';
export type { EventReader } from './events.js';
export { decodeCommand, decodeEvents, encodeCommand } from './codec.js';
export {
  COMMAND_FIELDS,
  COMMAND_WIDTH,
  EVENT_FIELDS,
  EXTENSION,
  NEW_ORDER,
  ORDER_WIDTH,
  ORDER_WIDTH_EXTENDED,
  commandLength,
  eventLength,
} from './fields.js';
export { packTerms, readTerms } from './terms.js';
export type { OrderTerms } from './terms.js';
export {
  CANCEL_REASONS,
  COMMAND_KINDS,
  CommandCode,
  EVENT_TYPES,
  EventCode,
  INTEGER_MAX,
  ORDER_TYPES,
  PHASES,
  POST_ONLY,
  QUANTITY_MAX,
  REJECT_REASONS,
  SIDES,
  STP_MODES,
  TIMES_IN_FORCE,
} from './codes.js';
export { BatchWriter, readJournal } from './journal.js';
export type { Recovered } from './journal.js';
export { SnapshotError } from './snapshot.js';
export { checksum } from './bytes.js';
export { FIX_REJECT, executionReports, fixReject } from './fix.js';
export type { ExecutionReport, FixReject } from './fix.js';
export type * from './types.js';
export { JournalError, JournalFile } from './journal-file.js';
