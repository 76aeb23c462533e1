import type { CalendarSet } from '@specie/contracts';
import type { CommandMetadata } from '@specie/event-sourcing';

type Terms = Omit<CalendarSet['data'], 'calendarVersion' | 'effectiveAt'>;

export interface SetCalendar {
  readonly data: Terms & {
    /** At once where it is undefined. */
    readonly effectiveAt?: string | undefined;
    readonly isBookOpen: boolean;
  };
  readonly metadata: CommandMetadata;
}
