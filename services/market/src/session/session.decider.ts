/**
 * The calendars of a book.
 *
 * C1: Versions are counted from 1 without gaps; a later one takes the place of all that were to count from its instant on.
 * C2: No calendar counts from before it was set: what was announced for the past stays as it was.
 * C3: At one instant a calendar wants one phase.
 */
import { accept, reject, rejectAll, type Decision, type Violation } from '@specie/event-sourcing';
import type { SetCalendar } from './session.commands.js';
import type { CalendarEvent, LatestCalendar } from './session.state.js';

/** In check order. */
export const setCalendarRejections = [
  'book_unknown',
  'calendar_takes_effect_in_past',
  'calendar_changes_collide',
] as const;
export type SetCalendarRejection = (typeof setCalendarRejections)[number];

export function setCalendar(
  { data, metadata }: SetCalendar,
  latest: LatestCalendar,
): Decision<CalendarEvent, SetCalendarRejection> {
  const { isBookOpen, effectiveAt: asked, ...terms } = data;
  if (!isBookOpen) return reject('book_unknown');
  const effectiveAt = new Date(asked ?? metadata.now).toISOString();
  if (latest && isSame(terms, latest) && isSameInstant(asked, latest, metadata.now)) {
    return accept();
  }
  const violations: Violation<SetCalendarRejection>[] = [];
  if (effectiveAt < metadata.now) {
    violations.push({ code: 'calendar_takes_effect_in_past', details: { now: metadata.now } });
  }
  const collision = firstCollision(terms.changes);
  if (collision) violations.push({ code: 'calendar_changes_collide', details: collision });
  if (violations.length > 0) return rejectAll(violations);
  const calendarVersion = (latest?.calendarVersion ?? 0) + 1;
  return accept({ type: 'market.calendar-set', data: { ...terms, calendarVersion, effectiveAt } });
}

type Terms = Omit<SetCalendar['data'], 'effectiveAt' | 'isBookOpen'>;

function isSame(terms: Terms, latest: Terms): boolean {
  return (
    terms.limitStateSeconds === latest.limitStateSeconds &&
    terms.pauseSeconds === latest.pauseSeconds &&
    terms.reopeningSeconds === latest.reopeningSeconds &&
    JSON.stringify(terms.daysWithoutTrading) === JSON.stringify(latest.daysWithoutTrading) &&
    textOf(terms.changes) === textOf(latest.changes)
  );
}

function textOf(changes: Terms['changes']): string {
  return JSON.stringify(changes.map(({ days, at, phase }) => [days, at, phase]));
}

function isSameInstant(
  asked: string | undefined,
  latest: NonNullable<LatestCalendar>,
  now: string,
): boolean {
  return asked === undefined
    ? latest.effectiveAt <= now
    : Date.parse(asked) === Date.parse(latest.effectiveAt);
}

function firstCollision(
  changes: Terms['changes'],
): { readonly day: string; readonly at: string } | undefined {
  const taken = new Set<string>();
  for (const { days, at } of changes) {
    for (const day of days) {
      if (taken.has(`${day} ${at}`)) return { day, at };
      taken.add(`${day} ${at}`);
    }
  }
  return undefined;
}
