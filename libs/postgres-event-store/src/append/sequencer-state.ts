/** What the sequencer is doing; README.md draws how one state follows another. */
export type SequencerState =
  /** Nothing waits and nothing is in flight. */
  | 'idle'
  /** Commands wait, and another batch may be sent. */
  | 'sending'
  /** Commands wait for one of the batches in flight; no more are allowed. */
  | 'full'
  /** Batches are in flight, and no command waits. */
  | 'committing'
  /** Commands wait that only the writer may append, and this instance is not it. */
  | 'fenced'
  /** A task needs the connection for itself, and waits for the batches in flight. */
  | 'draining'
  /** A task needs the connection for itself, and nothing is in flight. */
  | 'quiet'
  /** A task has the connection for itself, or versions are being read; no batch is sent meanwhile. */
  | 'exclusive';

/** What must be done with nothing in flight before another batch is sent, the most urgent first. */
export type Task =
  /** Find out what became of failed batches. */
  | 'recover'
  /** Run an append that prepares itself while the head is locked. */
  | 'run_job'
  /** Judge commands on the tables while the head is locked. */
  | 'judge_on_tables'
  /** Learn where the log ends. */
  | 'read_head'
  /** Open the session again. */
  | 'open';

/** What waits and what is under way; state and task follow from it alone. */
export interface Situation {
  readonly isExclusive: boolean;
  readonly inFlightCount: number;
  readonly inFlightMax: number;
  readonly hasFailed: boolean;
  readonly jobCount: number;
  readonly doubtfulCount: number;
  readonly queuedCount: number;
  readonly lockedBatchesLeft: number;
  readonly isHeadKnown: boolean;
  readonly isSessionOpen: boolean;
  readonly isFenced: boolean;
}

export function stateOf(situation: Situation): SequencerState {
  const { isExclusive, inFlightCount, inFlightMax, queuedCount, isFenced } = situation;
  if (isExclusive) {
    return 'exclusive';
  }
  if (nextTask(situation) !== null) {
    return inFlightCount > 0 ? 'draining' : 'quiet';
  }
  if (queuedCount === 0) {
    return inFlightCount > 0 ? 'committing' : 'idle';
  }
  if (inFlightCount >= inFlightMax) {
    return 'full';
  }
  return isFenced ? 'fenced' : 'sending';
}

export function nextTask(situation: Situation): Task | null {
  const { hasFailed, jobCount, doubtfulCount, queuedCount, lockedBatchesLeft } = situation;
  if (hasFailed) {
    return 'recover';
  }
  if (jobCount > 0) {
    return 'run_job';
  }
  if (doubtfulCount > 0 || (queuedCount > 0 && lockedBatchesLeft > 0)) {
    return 'judge_on_tables';
  }
  if (queuedCount === 0) {
    return null;
  }
  if (!situation.isHeadKnown) {
    return 'read_head';
  }
  return situation.isSessionOpen ? null : 'open';
}

/**
 * With a pipeline, an idle connection gets half of what waits, so that the other half is prepared
 * while the server works, and both sides stay busy from then on.
 */
export function nextBatchSize(
  { inFlightCount, inFlightMax, queuedCount }: Situation,
  batchCommandCountMax: number,
): number {
  const share =
    inFlightMax > 1 && inFlightCount === 0 && queuedCount >= 16
      ? Math.ceil(queuedCount / 2)
      : queuedCount;
  return Math.min(share, batchCommandCountMax);
}
