/**
 * - `altered`: an event's stored bytes do not give its stored chain hash.
 * - `missing`: a position has no event.
 * - `reordered`: an event stands at another position than the one it was hashed at.
 * - `forged`: events follow the last signed head, so the service did not write them.
 * - `bad_signature`: a head signature does not fit; the events up to it were rewritten with a new chain.
 */
export type LogProblemKind = 'altered' | 'missing' | 'reordered' | 'forged' | 'bad_signature';

export interface LogProblem {
  readonly logName: string;
  readonly position: number;
  /** Null where there is no event to name. */
  readonly eventId: string | null;
  readonly kind: LogProblemKind;
}

/** The log is not what the service wrote. Never to be retried or skipped. */
export class LogProblemError extends Error {
  override readonly name = 'LogProblemError';
  readonly problem: LogProblem;

  constructor(problem: LogProblem) {
    const event = problem.eventId === null ? '' : ` (event ${problem.eventId})`;
    super(`log ${problem.logName}: ${problem.kind} at position ${problem.position}${event}`);
    this.problem = problem;
  }
}
