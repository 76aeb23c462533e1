import { described, fields, named } from '@specie/contracts';
import { pageOf } from '@specie/nest-platform';
import { z } from 'zod';
import type { PlannedChange } from './planned-changes.js';
import type { CalendarRow, SessionRow } from './session.table.js';

export const changePhaseRequest = z.strictObject({
  phase: named.tradingPhase
    .exclude(['limit_state'])
    .meta({ description: 'The phase to enter; `limit_state` is entered by an order only.' }),
});

const bands = {
  staticLowTicks: described(fields.ticks, 'The lowest price at which it trades; 0 for none.'),
  staticHighTicks: described(fields.ticks, 'The highest price at which it trades; 0 for none.'),
  dynamicPpm: described(
    fields.ppm.max(1_000_000),
    'How far from the reference price an order may trade; 0 switches the dynamic band off.',
  ),
};
export const setBandsRequest = z.strictObject({
  ...bands,
  referencePriceTicks: described(
    fields.ticks,
    'The price around which the dynamic band lies; 0 keeps the present one.',
  ).default(0),
});

const calendar = {
  changes: z
    .array(z.strictObject(named.calendarChange.shape))
    .max(64)
    .meta({ description: 'The changes of phase of a week; without any, nothing is planned.' }),
  daysWithoutTrading: named.daysWithoutTrading,
};
export const setCalendarRequest = z.strictObject({
  effectiveAt: described(
    fields.instant,
    'From when on it counts; without it, at once. The book then enters the phase that the calendar wants.',
    '2026-03-02T00:00:00.000Z',
  ).optional(),
  ...calendar,
  daysWithoutTrading: calendar.daysWithoutTrading.default([]),
  limitStateSeconds: named.limitStateSeconds.default(15),
  pauseSeconds: named.pauseSeconds.default(300),
  reopeningSeconds: named.reopeningSeconds.default(30),
});
const calendarResponse = z.strictObject({
  calendarVersion: named.calendarVersion,
  effectiveAt: named.calendarEffectiveAt,
  announcedAt: described(fields.instant, 'When it was set.'),
  ...calendar,
  limitStateSeconds: named.limitStateSeconds,
  pauseSeconds: named.pauseSeconds,
  reopeningSeconds: named.reopeningSeconds,
});
export const calendarsResponse = pageOf(calendarResponse);

export const sessionResponse = z.strictObject({
  seriesId: named.seriesId,
  phase: named.tradingPhase,
  since: described(fields.instant, 'Since when.'),
  cause: z.enum(['opened', 'operator', 'calendar', 'band']).meta({
    description:
      'Why the phase is what it is: `opened`: the book was opened in it; `band`: an order reached the dynamic band.',
  }),
  bands: z
    .strictObject({
      ...bands,
      referencePriceTicks: described(
        fields.ticks,
        'The reference price as it was set last, 0 for never; trades may have moved it since.',
      ),
    })
    .meta({ description: 'The prices within which the book trades.' }),
  calendarVersion: described(
    named.calendarVersion,
    'The calendar that counts now; null where there is none.',
  ).nullable(),
  next: z
    .strictObject({
      phase: named.tradingPhase,
      at: described(fields.instant, 'When.', '2026-03-02T16:30:00.000Z'),
    })
    .nullable()
    .meta({
      description:
        'What the calendar does next by itself; null where it does nothing before an operator does.',
    }),
});

export function toSessionResponse(
  row: SessionRow,
  {
    calendarVersion,
    next,
  }: { readonly calendarVersion: number | null; readonly next: PlannedChange | null },
): z.output<typeof sessionResponse> {
  const { staticLowTicks, staticHighTicks, dynamicPpm, referencePriceTicks } = row;
  return {
    seriesId: row.seriesId,
    phase: row.phase,
    since: row.since.toISOString(),
    cause: row.cause,
    bands: { staticLowTicks, staticHighTicks, dynamicPpm, referencePriceTicks },
    calendarVersion,
    next: next && { phase: next.to, at: new Date(next.atMs).toISOString() },
  };
}

export function toCalendarResponse({
  seriesId: _id,
  effectiveAt,
  announcedAt,
  ...row
}: CalendarRow): z.output<typeof calendarResponse> {
  return {
    ...row,
    effectiveAt: effectiveAt.toISOString(),
    announcedAt: announcedAt.toISOString(),
  };
}
