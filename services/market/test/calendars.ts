import fc from 'fast-check';
import {
  plannedChanges,
  type Calendar,
  type PlannedChange,
} from '../src/session/planned-changes.js';

export const seriesId = '0be4a704-0000-4000-8000-00000000000b';
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
export const everyDay = [...weekdays, 'saturday', 'sunday'] as const;

/** A day of auctions from Monday to Friday. */
export const plain: Calendar = {
  seriesId,
  calendarVersion: 1,
  effectiveAt: '2026-03-01T00:00:00.000Z',
  changes: [
    { days: [...weekdays], at: '08:00', phase: 'pre_open' },
    { days: [...weekdays], at: '08:30', phase: 'opening_auction' },
    { days: [...weekdays], at: '08:35', phase: 'continuous' },
    { days: [...weekdays], at: '16:30', phase: 'closing_auction' },
    { days: [...weekdays], at: '16:35', phase: 'closed' },
  ],
  daysWithoutTrading: [],
  limitStateSeconds: 15,
  pauseSeconds: 300,
  reopeningSeconds: 30,
};

/** Of the week from Monday, 2 March 2026, which is day 2. */
export function ms(day: number, time: string): number {
  return Date.parse(`2026-03-${String(day).padStart(2, '0')}T${time}Z`);
}

/** The first changes that are planned after an instant. */
export function firstChanges(
  count: number,
  calendars: readonly Calendar[],
  afterMs: number,
): PlannedChange[] {
  const first: PlannedChange[] = [];
  for (const change of plannedChanges(calendars, afterMs)) {
    first.push(change);
    if (first.length === count) break;
  }
  return first;
}

const change = fc.record({
  days: fc.subarray([...everyDay], { minLength: 1 }),
  hour: fc.integer({ min: 0, max: 23 }),
  phase: fc.constantFrom(
    ...(['closed', 'pre_open', 'opening_auction', 'continuous', 'closing_auction'] as const),
  ),
});

/** One to three versions with changes on the hour, each effective on some hour of March 2026. */
export const someCalendars: fc.Arbitrary<readonly Calendar[]> = fc
  .array(
    fc.record({
      changes: fc.uniqueArray(change, { maxLength: 5, selector: ({ hour }) => hour }),
      hour: fc.integer({ min: 0, max: 20 * 24 }),
      daysOff: fc.uniqueArray(fc.integer({ min: 2, max: 28 }), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((versions) =>
    versions.map(({ changes, hour, daysOff }, index) => ({
      ...plain,
      calendarVersion: index + 1,
      effectiveAt: new Date(ms(2, '00:00:00') + hour * 3_600_000).toISOString(),
      changes: changes.map(({ days, hour: at, phase }) => ({
        days,
        at: `${String(at).padStart(2, '0')}:00`,
        phase,
      })),
      daysWithoutTrading: daysOff.map((day) => `2026-03-${String(day).padStart(2, '0')}`),
    })),
  );
