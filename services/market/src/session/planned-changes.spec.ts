import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyDay, firstChanges, ms, plain, someCalendars } from '../../test/calendars.js';
import {
  calendarInForce,
  plannedChanges,
  wantedPhase,
  type Calendar,
  type PlannedChange,
} from './planned-changes.js';

describe('Planned changes', () => {
  it('follow the week, over the weekend too', () => {
    expect(firstChanges(2, [plain], ms(6, '16:00:00'))).toEqual([
      { atMs: ms(6, '16:30:00'), to: 'closing_auction', calendarVersion: 1 },
      { atMs: ms(6, '16:35:00'), to: 'closed', calendarVersion: 1 },
    ]);
    expect(firstChanges(1, [plain], ms(6, '16:35:00'))).toEqual([
      { atMs: ms(9, '08:00:00'), to: 'pre_open', calendarVersion: 1 },
    ]);
  });

  it('pass over days without trading, and close a book that trades by night when they begin', () => {
    const off = { ...plain, daysWithoutTrading: ['2026-03-03'] };
    expect(firstChanges(1, [off], ms(2, '16:35:00'))).toMatchObject([{ atMs: ms(4, '08:00:00') }]);
    const always: Calendar = {
      ...off,
      changes: [{ days: ['monday', 'thursday'], at: '00:00', phase: 'continuous' }],
    };
    expect(firstChanges(2, [always], ms(1, '12:00:00'))).toEqual([
      { atMs: ms(3, '00:00:00'), to: 'closed', calendarVersion: 1 },
      { atMs: ms(5, '00:00:00'), to: 'continuous', calendarVersion: 1 },
    ]);
  });

  it('begin with the phase that a calendar wants when it takes effect', () => {
    const noon = { ...plain, effectiveAt: '2026-03-02T12:00:00.000Z' };
    expect(firstChanges(2, [noon], ms(1, '00:00:00'))).toEqual([
      { atMs: ms(2, '12:00:00'), to: 'continuous', calendarVersion: 1 },
      { atMs: ms(2, '16:30:00'), to: 'closing_auction', calendarVersion: 1 },
    ]);
  });

  it('leave out what is wanted already, also where another version says it', () => {
    const same = { ...plain, calendarVersion: 2, effectiveAt: '2026-03-02T12:00:00.000Z' };
    expect(firstChanges(1, [plain, same], ms(2, '09:00:00'))).toEqual([
      { atMs: ms(2, '16:30:00'), to: 'closing_auction', calendarVersion: 2 },
    ]);
  });

  it('come from a later version instead of those that were to count from its instant on', () => {
    const versions = [
      plain,
      { ...plain, calendarVersion: 2, effectiveAt: '2026-03-20T00:00:00.000Z' },
      { ...plain, calendarVersion: 3, effectiveAt: '2026-03-10T00:00:00.000Z', changes: [] },
    ];
    expect(calendarInForce(versions, ms(25, '00:00:00'))?.calendarVersion).toBe(3);
    expect(firstChanges(9, versions, ms(9, '16:35:00'))).toEqual([]);
  });

  it('end where the week has one phase only', () => {
    const always: Calendar = {
      ...plain,
      changes: [{ days: ['monday'], at: '00:00', phase: 'continuous' }],
      daysWithoutTrading: [],
    };
    expect(firstChanges(2, [always], ms(2, '00:00:00'))).toEqual([]);
  });

  it('are what a clock that reads every hour would notice', () => {
    const fromMs = ms(2, '00:00:00');
    const hours = 26 * 24;
    fc.assert(
      fc.property(someCalendars, (calendars) => {
        const noticed: Omit<PlannedChange, 'calendarVersion'>[] = [];
        let last = naiveWanted(calendars, fromMs);
        for (let hour = 1; hour < hours; hour += 1) {
          const atMs = fromMs + hour * hourMs;
          const to = naiveWanted(calendars, atMs) as PlannedChange['to'] | null;
          if (to !== null && to !== last) noticed.push({ atMs, to });
          last = to ?? last;
        }
        const planned: Omit<PlannedChange, 'calendarVersion'>[] = [];
        for (const { atMs, to } of plannedChanges(calendars, fromMs)) {
          if (atMs >= fromMs + hours * hourMs) break;
          planned.push({ atMs, to });
        }
        expect(planned).toEqual(noticed);
        const middle = fromMs + 13 * 24 * hourMs;
        expect(wantedPhase(calendars, middle)).toBe(naiveWanted(calendars, middle));
      }),
      { numRuns: 40 },
    );
  });
});

const hourMs = 3_600_000;

/** Goes back hour by hour until the version in force says something. */
function naiveWanted(calendars: readonly Calendar[], atMs: number): string | null {
  const version = [...calendars]
    .reverse()
    .find(({ effectiveAt }) => new Date(effectiveAt).getTime() <= atMs);
  if (!version || version.changes.length === 0) return null;
  for (let hour = 0; hour < 60 * 24; hour += 1) {
    const then = new Date(atMs - hour * hourMs);
    const [on, time] = [then.toISOString().slice(0, 10), then.toISOString().slice(11, 16)];
    const isOff = version.daysWithoutTrading.includes(on);
    if (isOff && time === '00:00') return 'closed';
    const weekday = everyDay[(then.getUTCDay() + 6) % 7];
    const found = version.changes.find(
      ({ days, at }) => !isOff && at === time && days.some((day) => day === weekday),
    );
    if (found) return found.phase;
  }
  return null;
}
