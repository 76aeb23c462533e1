/** SQLSTATEs that the log's own functions raise. */
export const headMovedCode = 'SP001';
export const fencedCode = 'SP002';

/** The database could not be reached in time; the command may be sent again with the same command id. */
export class EventStoreUnavailableError extends Error {
  override readonly name = 'EventStoreUnavailableError';
}

interface DatabaseError {
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly column?: unknown;
  readonly driverError?: unknown;
}

function databaseError(error: unknown): DatabaseError {
  if (typeof error !== 'object' || error === null) {
    return {};
  }
  const { driverError } = error as DatabaseError;
  return driverError ? databaseError(driverError) : error;
}

export function sqlStateOf(error: unknown): string {
  const { code } = databaseError(error);
  return typeof code === 'string' ? code : '';
}

/** The violated constraint, or null when the error is not an integrity violation (SQLSTATE class 23). */
export function violatedConstraint(error: unknown): string | null {
  if (!sqlStateOf(error).startsWith('23')) {
    return null;
  }
  const { constraint, column } = databaseError(error);
  return typeof constraint === 'string' ? constraint : `not_null:${String(column)}`;
}

/** Deadlock, serialization failure, lock timeout: the same work may succeed when repeated. */
export function isTransient(error: unknown): boolean {
  return ['40001', '40P01', '55P03'].includes(sqlStateOf(error));
}

/** True when nothing is known about the fate of what was sent: the connection or the server is gone. */
export function isConnectionLoss(error: unknown): boolean {
  const code = sqlStateOf(error);
  if (/^(08|57P|53300|25P03)/.test(code) || /^E[A-Z]+$/.test(code)) {
    return true;
  }
  return (
    error instanceof Error &&
    /not currently accepting connections|connection (terminated|error|ended)|not queryable|QueryRunnerAlreadyReleased|Query runner already released|socket|timeout exceeded when trying to connect|Client was closed/i.test(
      error.message,
    )
  );
}
