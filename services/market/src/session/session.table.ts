import {
  defineTable,
  instant,
  int32,
  json,
  oneOf,
  text,
  texts,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';
import type { TradingPhase } from '../shard/shard.commands.js';
import type { Calendar } from './planned-changes.js';
import type { Session } from './session-plan.js';

/** The present phase of each book, its bands, and when its calendar changes it next. */
export const sessionTable = defineTable({
  name: 'sessions',
  columns: {
    seriesId: uuid(),
    phase: text<TradingPhase>(),
    since: instant(),
    cause: oneOf('opened', 'operator', 'calendar', 'band'),
    plannedThrough: instant(),
    /** Of the next change that the calendar makes by itself; null without one. */
    dueAt: instant().nullable(),
    staticLowTicks: int32(),
    staticHighTicks: int32(),
    dynamicPpm: int32(),
    /** As it was set; trades may have moved it since. */
    referencePriceTicks: int32(),
  },
  primaryKey: ['seriesId'],
  indexes: { sessions_due: '(due_at) where due_at is not null' },
});
export type SessionRow = RowOf<typeof sessionTable>;

/** All versions of the calendars of books. */
export const calendarTable = defineTable({
  name: 'calendars',
  columns: {
    seriesId: uuid(),
    calendarVersion: int32(),
    effectiveAt: instant(),
    announcedAt: instant(),
    changes: json<Calendar['changes']>(),
    daysWithoutTrading: texts(),
    limitStateSeconds: int32(),
    pauseSeconds: int32(),
    reopeningSeconds: int32(),
  },
  primaryKey: ['seriesId', 'calendarVersion'],
});
export type CalendarRow = RowOf<typeof calendarTable>;

export function calendarOf({ announcedAt: _at, effectiveAt, ...row }: CalendarRow): Calendar {
  return { ...row, effectiveAt: effectiveAt.toISOString() };
}

export function sessionOf({ phase, since, cause, plannedThrough }: SessionRow): Session {
  const [sinceMs, plannedThroughMs] = [since.getTime(), plannedThrough.getTime()];
  return { phase, cause, sinceMs, plannedThroughMs };
}
