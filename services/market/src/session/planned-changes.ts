import type { CalendarSet } from '@specie/contracts';
import type { TradingPhase } from '../shard/shard.commands.js';

/** One version of the calendar of a book. */
export type Calendar = CalendarSet['data'];

/** From an instant on, the calendar `calendarVersion` wants the book in another phase. */
export interface PlannedChange {
  readonly atMs: number;
  readonly to: TradingPhase;
  readonly calendarVersion: number;
}

/** While a calendar is in force: from `fromMs` to before `untilMs`. */
interface Period {
  readonly calendar: Calendar;
  readonly fromMs: number;
  readonly untilMs: number;
}

const dayMs = 86_400_000;
/** The first day of 1970 was a Thursday. */
const weekdays = [
  'thursday',
  'friday',
  'saturday',
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
] as const;

/** The calendar that counts at an instant; null before the first one. `calendars` are all versions, in their order. */
export function calendarInForce(calendars: readonly Calendar[], atMs: number): Calendar | null {
  return calendars.findLast(({ effectiveAt }) => Date.parse(effectiveAt) <= atMs) ?? null;
}

/** The phase that the calendars want a book to be in at an instant; null where none of them says anything. */
export function wantedPhase(calendars: readonly Calendar[], atMs: number): TradingPhase | null {
  const calendar = calendarInForce(calendars, atMs);
  return calendar && phaseIn(calendar, atMs);
}

/**
 * What the calendars change after an instant, in order and without an end where the week has changes. What only says
 * again what is wanted already is left out.
 */
export function* plannedChanges(
  calendars: readonly Calendar[],
  afterMs: number,
): Generator<PlannedChange> {
  let wanted = wantedPhase(calendars, afterMs);
  for (const period of periodsOf(calendars)) {
    if (period.untilMs <= afterMs) continue;
    const beginMs = Math.max(period.fromMs, afterMs + 1);
    let lastMs = beginMs;
    for (const change of changesFrom(period, beginMs)) {
      if (change.atMs > lastMs + searchedMs(period.calendar)) break;
      if (change.to === wanted) continue;
      wanted = change.to;
      lastMs = change.atMs;
      yield change;
    }
  }
}

/** A later version takes the place of all that were to count from its instant on. */
function periodsOf(calendars: readonly Calendar[]): readonly Period[] {
  const starts: { readonly calendar: Calendar; readonly fromMs: number }[] = [];
  for (const calendar of calendars) {
    const fromMs = Date.parse(calendar.effectiveAt);
    while ((starts.at(-1)?.fromMs ?? -Infinity) >= fromMs) starts.pop();
    starts.push({ calendar, fromMs });
  }
  return starts.map((start, index) => ({
    ...start,
    untilMs: starts[index + 1]?.fromMs ?? Infinity,
  }));
}

/** What the calendar says within its period from `beginMs` on, the phase that it begins with included. */
function* changesFrom(
  { calendar, fromMs, untilMs }: Period,
  beginMs: number,
): Generator<PlannedChange> {
  if (calendar.changes.length === 0) return;
  const first = fromMs >= beginMs ? phaseIn(calendar, fromMs) : null;
  if (first) {
    yield { atMs: fromMs, to: first, calendarVersion: calendar.calendarVersion };
  }
  for (let dayStartMs = dayOf(beginMs); dayStartMs < untilMs; dayStartMs += dayMs) {
    for (const change of changesOn(calendar, dayStartMs)) {
      if (change.atMs >= untilMs) return;
      if (change.atMs >= beginMs && change.atMs > fromMs) yield change;
    }
  }
}

function phaseIn(calendar: Calendar, atMs: number): TradingPhase | null {
  if (calendar.changes.length === 0) return null;
  const firstDayMs = dayOf(atMs) - searchedMs(calendar);
  for (let dayStartMs = dayOf(atMs); dayStartMs >= firstDayMs; dayStartMs -= dayMs) {
    const last = changesOn(calendar, dayStartMs).findLast((change) => change.atMs <= atMs);
    if (last) return last.to;
  }
  return null;
}

/** Within this time of any instant the calendar says everything that it ever says again and again. */
function searchedMs({ daysWithoutTrading }: Calendar): number {
  return (daysWithoutTrading.length + 2) * 7 * dayMs;
}

function changesOn(calendar: Calendar, dayStartMs: number): readonly PlannedChange[] {
  const { calendarVersion } = calendar;
  const on = new Date(dayStartMs).toISOString().slice(0, 10);
  if (calendar.daysWithoutTrading.includes(on)) {
    return [{ atMs: dayStartMs, to: 'closed', calendarVersion }];
  }
  const weekday = weekdays[(dayStartMs / dayMs) % weekdays.length];
  return calendar.changes
    .filter(({ days }) => days.some((day) => day === weekday))
    .map(({ at, phase }) => ({ atMs: dayStartMs + timeOfDayMs(at), to: phase, calendarVersion }))
    .sort((a, b) => a.atMs - b.atMs);
}

function dayOf(atMs: number): number {
  return Math.floor(atMs / dayMs) * dayMs;
}

function timeOfDayMs(at: string): number {
  return (Number(at.slice(0, 2)) * 60 + Number(at.slice(3))) * 60_000;
}
