import { isConnectionLoss } from '@specie/postgres-event-store';
import type { ParkedCode } from './parked-code.js';

/** Throw it from a handler when the same event may succeed later: it is retried and never parked. */
export class TransientEventError extends Error {
  override readonly name = 'TransientEventError';
}

/** An event that cannot succeed however often it is tried: it is parked at once. */
export class PoisonEventError extends Error {
  override readonly name = 'PoisonEventError';
  /** What is wrong with the event; null when its handler says so. */
  readonly code: ParkedCode | null;

  constructor(message: string, code: ParkedCode | null = null) {
    super(message);
    this.code = code;
  }
}

/** Events are missing between what was handled and what arrived; going on would lose them. */
export class GapError extends Error {
  override readonly name = 'GapError';
}

/** Another instance owns the partition by now: what this one still has in flight must not be recorded. */
export class PartitionLostError extends Error {
  override readonly name = 'PartitionLostError';
}

/**
 * Besides lost connections: out of resources or read-only (a replica that was just promoted), a timeout of statement,
 * transaction or lock, serialization failure, deadlock.
 */
const transientSqlState = /^(53|58)|^(25006|25P04|40001|40003|40P01|55P03|57014)$/;
/** By name: the classes may come from another copy of their package. */
const transientNames: readonly string[] = ['EventStoreUnavailableError', 'TransientEventError'];
/** Whether the failure lies in what the handler depends on, not in the event. */
export function isTransientFailure(error: unknown): boolean {
  if (error instanceof TransientEventError || isConnectionLoss(error)) {
    return true;
  }
  if (typeof error !== 'object' || error === null) {
    return false;
  }
  const { name, code, cause, driverError } = error as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly cause?: unknown;
    readonly driverError?: unknown;
  };
  if (typeof name === 'string' && transientNames.includes(name)) {
    return true;
  }
  if (typeof code === 'string' && (transientSqlState.test(code) || /^E[A-Z]{3,}$/.test(code))) {
    return true;
  }
  return (
    (driverError !== error && isTransientFailure(driverError)) ||
    (cause !== error && isTransientFailure(cause))
  );
}

/** What was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(describeError(thrown), { cause: thrown });
}

/** A short text for the parked row, health and logs. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
  return (text ?? String(error)).slice(0, 500);
}
