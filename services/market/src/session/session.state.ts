import type { CalendarSet } from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import { assertPossible, type Aggregate, type StreamRef } from '@specie/event-sourcing';

export type CalendarEvent = CalendarSet;

/** The calendar that was set last; null before the first one. */
export type LatestCalendar = CalendarSet['data'] | null;

function evolve(latest: LatestCalendar, event: CalendarEvent): LatestCalendar {
  switch (event.type) {
    case 'market.calendar-set':
      assertPossible(
        event.data.calendarVersion === (latest?.calendarVersion ?? 0) + 1,
        'the calendars of a book are counted without gaps',
      );
      return event.data;
  }
}

export const calendarAggregate: Aggregate<LatestCalendar, CalendarEvent> = {
  initialState: () => null,
  evolve,
};

export function calendarStream(seriesId: string): StreamRef<LatestCalendar, CalendarEvent> {
  return { streamId: streamIds.calendar(seriesId), aggregate: calendarAggregate };
}
