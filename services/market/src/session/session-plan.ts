import type { TradingPhase } from '../shard/shard.commands.js';
import {
  calendarInForce,
  plannedChanges,
  wantedPhase,
  type Calendar,
  type PlannedChange,
} from './planned-changes.js';

/** The phase of a book, and how far its calendar has come. */
export interface Session {
  readonly phase: TradingPhase;
  readonly sinceMs: number;
  readonly cause: 'opened' | 'operator' | 'calendar' | 'band';
  /** What the calendar planned up to here was carried out, or an operator decided otherwise. */
  readonly plannedThroughMs: number;
}

/**
 * The next change of phase that the calendar makes by itself; null where only an operator, or an order that reaches the
 * band, changes anything. A change that was slept through lies in the past.
 */
export function nextStep(calendars: readonly Calendar[], session: Session): PlannedChange | null {
  if (isHeld(session)) return null;
  const planned = nextPlanned(calendars, session);
  const interruption = interruptionStep(calendars, session);
  return planned && interruption
    ? interruption.atMs < planned.atMs
      ? interruption
      : planned
    : (planned ?? interruption);
}

/**
 * The changes of phase that are due, in order. Of those that were slept through, days in the middle are left out: no
 * order came meanwhile, so each would do what the first and the last of them do.
 */
export function dueSteps(
  calendars: readonly Calendar[],
  session: Session,
  nowMs: number,
): readonly PlannedChange[] {
  if (isHeld(session)) return [];
  const missed = missedChanges(calendars, session, nowMs);
  if (missed.length > 0) return withoutDaysBetween(missed);
  const interruption = interruptionStep(calendars, session);
  return interruption && interruption.atMs <= nowMs ? [interruption] : [];
}

/** What an operator stopped only an operator starts again. */
function isHeld({ phase, cause }: Session): boolean {
  return cause === 'operator' && (phase === 'halt' || phase === 'cancel_only');
}

function nextPlanned(
  calendars: readonly Calendar[],
  { phase, plannedThroughMs }: Session,
): PlannedChange | null {
  // Each change wants another phase than the one before it, so one of two is a change for the book.
  for (const change of plannedChanges(calendars, plannedThroughMs)) {
    if (change.to !== phase) return change;
  }
  return null;
}

function missedChanges(
  calendars: readonly Calendar[],
  session: Session,
  nowMs: number,
): readonly PlannedChange[] {
  const missed: PlannedChange[] = [];
  let { phase } = session;
  for (const change of plannedChanges(calendars, session.plannedThroughMs)) {
    if (change.atMs > nowMs) break;
    if (change.to !== phase) {
      missed.push(change);
      phase = change.to;
    }
  }
  return missed;
}

/** Keeps everything up to the first close, and everything after the last close but one. */
function withoutDaysBetween(missed: readonly PlannedChange[]): readonly PlannedChange[] {
  const closes = missed.flatMap(({ to }, index) => (to === 'closed' ? [index] : []));
  const [first] = closes;
  const lastButOne = closes.at(-2);
  return first === undefined || lastButOne === undefined || lastButOne <= first
    ? missed
    : [...missed.slice(0, first + 1), ...missed.slice(lastButOne + 1)];
}

/**
 * A volatility interruption: the limit state lasts its time, then the pause, then the auction that re-opens the book. An
 * auction without which a crossed book could not trade ends in the same way.
 */
function interruptionStep(
  calendars: readonly Calendar[],
  { phase, sinceMs, cause }: Session,
): PlannedChange | null {
  const calendar = calendarInForce(calendars, sinceMs);
  if (calendar === null) return null;
  const { calendarVersion, limitStateSeconds, pauseSeconds, reopeningSeconds } = calendar;
  const step = (seconds: number, to: TradingPhase): PlannedChange => ({
    atMs: sinceMs + seconds * 1_000,
    to,
    calendarVersion,
  });
  if (cause === 'band' && phase === 'limit_state') return step(limitStateSeconds, 'pause');
  if (cause !== 'calendar') return null;
  if (phase === 'pause') return step(pauseSeconds, 'reopening_auction');
  if (phase !== 'reopening_auction') return null;
  const end = step(reopeningSeconds, 'continuous');
  // The calendar may want an auction of this kind itself, and then says when it ends.
  return wantedPhase(calendars, end.atMs) === 'reopening_auction' ? null : end;
}
