import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import {
  calendarChanges,
  calendarEffectiveAt,
  calendarVersion,
  daysWithoutTrading,
  limitStateSeconds,
  pauseSeconds,
  reopeningSeconds,
  seriesId,
} from '../named-fields.js';

export const calendarSet = defineEvent({
  description:
    'From an instant on, the phases of a book change by this calendar. It takes the place of every calendar that was announced for that instant or a later one.',
  type: 'market.calendar-set',
  schemaVersion: 1,
  data: z.object({
    seriesId,
    calendarVersion,
    effectiveAt: calendarEffectiveAt,
    changes: calendarChanges,
    daysWithoutTrading,
    limitStateSeconds,
    pauseSeconds,
    reopeningSeconds,
  }),
});
export type CalendarSet = EventOf<typeof calendarSet>;
