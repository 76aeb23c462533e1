/** How often and how long an event is tried. */
export interface RetryPolicy {
  /** Failures of the event itself before its stream is parked. */
  readonly attemptCountMax: number;
  /** Failures of what the handler depends on before the batch is given back to be fetched again. */
  readonly transientCountMax: number;
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attemptCountMax: 5,
  transientCountMax: 8,
  backoffFirstMs: 25,
  backoffMaxMs: 1_000,
};
