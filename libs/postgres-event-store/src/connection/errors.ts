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

/** What the operating system and Node.js say of a connection that cannot be made or is gone. */
const connectionCodes: ReadonlySet<string> = new Set([
  ...['ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'ENOTCONN', 'EPIPE', 'ETIMEDOUT'],
  ...['EADDRNOTAVAIL', 'EAI_AGAIN', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENOTFOUND'],
  ...['ENETDOWN', 'ENETRESET', 'ENETUNREACH'],
  ...['ERR_SOCKET_CLOSED', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'],
]);
/** Connection exceptions, a server that stops or starts, no free connection, an idle transaction that was ended. */
const connectionStates = /^(08...|57P..|53300|25P03)$/;
/** TypeORM says by class that the connection was lost before the statement. */
const connectionErrors: ReadonlySet<string> = new Set([
  'CannotExecuteNotConnectedError',
  'QueryRunnerAlreadyReleasedError',
  'QueryRunnerProviderAlreadyReleasedError',
]);
/** pg and its pool say it by message only. */
const connectionMessages =
  /^(Connection terminated|Connection ended|Client has encountered a connection error|Client was closed|timeout expired|timeout exceeded when trying to connect|Cannot use a pool after calling end)/;

/**
 * Whether the connection or the server is gone: nothing is known about the fate of what was sent, and the same may
 * succeed later. The only place that knows how drivers say so.
 */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const { code, driverError, cause } = error as DatabaseError & { readonly cause?: unknown };
  return (
    saysConnectionLoss(error, code) ||
    (driverError !== error && isConnectionLoss(driverError)) ||
    (cause !== error && isConnectionLoss(cause))
  );
}

function saysConnectionLoss({ name, message }: Error, code: unknown): boolean {
  if (typeof code !== 'string') {
    return connectionErrors.has(name) || connectionMessages.test(message);
  }
  return (
    connectionCodes.has(code) ||
    connectionStates.test(code) ||
    // A database that is being copied or restored; the code says other things as well.
    (code === '55000' && message.includes('not currently accepting connections'))
  );
}
