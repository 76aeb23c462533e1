import { describe, expect, it } from 'vitest';
import { plain } from '../../test/calendars.js';
import type { SetCalendar } from './session.commands.js';
import {
  setCalendar,
  setCalendarRejections,
  type SetCalendarRejection,
} from './session.decider.js';
import { calendarAggregate, type LatestCalendar } from './session.state.js';

const now = '2026-02-27T12:00:00.000Z';
const { calendarVersion: _version, effectiveAt, ...terms } = plain;
const command = (change: Partial<SetCalendar['data']> = {}): SetCalendar => ({
  data: { ...terms, effectiveAt, isBookOpen: true, ...change },
  metadata: { now, actor: '0be4a704-0000-4000-8000-000000000001' },
});
const accepted = (data: object) => ({
  outcome: 'accepted',
  events: [{ type: 'market.calendar-set', data }],
});

describe('Setting a calendar', () => {
  it('counts the versions from 1 (C1)', () => {
    expect(setCalendar(command(), null)).toEqual(accepted(plain));
    const other = { ...plain, calendarVersion: 2, pauseSeconds: 60 };
    expect(setCalendar(command({ pauseSeconds: 60 }), plain)).toEqual(accepted(other));
    expect(calendarAggregate.evolve(null, { type: 'market.calendar-set', data: plain })).toEqual(
      plain,
    );
    expect(() =>
      calendarAggregate.evolve(null, { type: 'market.calendar-set', data: other }),
    ).toThrow('without gaps');
  });

  it('counts at once without an instant', () => {
    const data = { ...plain, effectiveAt: now };
    expect(setCalendar(command({ effectiveAt: undefined }), null)).toEqual(accepted(data));
    expect(setCalendar(command({ effectiveAt: '2026-02-27T12:00:00Z' }), null)).toEqual(
      accepted(data),
    );
  });

  it('stays quiet where the calendar that was set last says the same', () => {
    const nothing = { outcome: 'accepted', events: [] };
    expect(setCalendar(command(), plain)).toEqual(nothing);
    const running = { ...plain, effectiveAt: '2026-01-01T00:00:00.000Z' };
    expect(setCalendar(command({ effectiveAt: undefined }), running)).toEqual(nothing);
    expect(setCalendar(command({ effectiveAt: running.effectiveAt }), running)).toEqual(nothing);
    // What is only announced does not count yet.
    expect(setCalendar(command({ effectiveAt: undefined }), plain).events).toHaveLength(1);
    for (const change of [
      { limitStateSeconds: 1 },
      { reopeningSeconds: 1 },
      { daysWithoutTrading: ['2026-12-25'] },
      { changes: [] },
    ]) {
      expect(setCalendar(command(change), plain).events).toHaveLength(1);
    }
  });

  const twice = [...terms.changes, { days: ['sunday', 'friday'], at: '08:00', phase: 'closed' }];
  const cases = {
    book_unknown: [command({ isBookOpen: false }), null, undefined],
    calendar_takes_effect_in_past: [
      command({ effectiveAt: '2026-02-27T11:59:59.999Z' }),
      null,
      { now },
    ],
    calendar_changes_collide: [
      command({ changes: twice as SetCalendar['data']['changes'] }),
      null,
      { day: 'friday', at: '08:00' },
    ],
  } satisfies Record<SetCalendarRejection, readonly [SetCalendar, LatestCalendar, unknown]>;
  it.each(setCalendarRejections)('refuses with %s', (code) => {
    const [refused, latest, details] = cases[code];
    expect(setCalendar(refused, latest)).toEqual({
      outcome: 'rejected',
      violations: [{ code, ...(details ? { details } : {}) }],
    });
  });
});
