import type { ServiceName } from '@specie/contracts';

/**
 * Why a partition of a source stands still, in the order in which the checks are made. The first six
 * name one message that no relay of the source can have sent; an operator may pass over it. The last
 * two are about the log itself and need a repair or a rejoin: see docs/restore.md.
 */
export const haltReasons = [
  /** A header, the key or the value does not have its form. The `ParkedCode` of this name is not used any more. */
  'unreadable',
  /** It belongs to the log of another service. */
  'foreign_log',
  /** Its stream lives in another partition. */
  'wrong_partition',
  /** No signature covers it. */
  'unsigned',
  /** Its bytes do not give the hash that it carries. */
  'altered',
  /** The signature is by no key of the source, or of something else. */
  'bad_signature',
  /** Events are missing between what was consumed and this one. */
  'gap',
  /** The log is genuine, but it no longer contains what was consumed. */
  'diverged',
] as const;
export type HaltReason = (typeof haltReasons)[number];

const passable: ReadonlySet<HaltReason> = new Set([
  'unreadable',
  'foreign_log',
  'wrong_partition',
  'unsigned',
  'altered',
  'bad_signature',
]);

/** Whether the reason names a single foreign message that can be passed over without losing an event. */
export function isPassable(reason: HaltReason): boolean {
  return passable.has(reason);
}

/** What is wrong, before it is known whose partition it is. */
export interface Fault {
  readonly reason: HaltReason;
  /** As the message claims it; null when it claims none. */
  readonly position: number | null;
  /** Null on the postgres transport. */
  readonly kafkaOffset: bigint | null;
  readonly detail: string;
}

/** A partition of a source of which nothing is handled until it verifies again. */
export interface Halt extends Fault {
  readonly source: ServiceName;
  readonly partition: number;
  readonly haltedAt: string;
}

/** Thrown after the events before the fault are settled. */
export class HaltedError extends Error {
  override readonly name = 'HaltedError';
  readonly fault: Fault;

  constructor(source: ServiceName, partition: number, fault: Fault) {
    const offset = fault.kafkaOffset === null ? '' : ` offset ${fault.kafkaOffset}`;
    const position = fault.position === null ? '' : ` position ${fault.position}`;
    super(`${source} partition ${partition}${offset}${position}: ${fault.reason}, ${fault.detail}`);
    this.fault = fault;
  }
}
