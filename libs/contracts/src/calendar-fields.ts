import { z } from 'zod';
import { described } from './described.js';
import { day, instant } from './fields.js';

// Fields of the calendars of books.

/** A day of the week is the UTC one; `limit_state` and `pause` follow from a band, `halt` is an operator's. */
export const calendarChange = z.object({
  days: z
    .array(z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']))
    .min(1)
    .max(7)
    .meta({ description: 'On which days of the week, in UTC.', examples: [['monday', 'tuesday']] }),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Expected a time of day, hours and minutes, such as 08:30.')
    .meta({ description: 'At what time of the day, in UTC.', examples: ['08:30'] }),
  phase: z
    .enum([
      'closed',
      'pre_open',
      'opening_auction',
      'continuous',
      'reopening_auction',
      'closing_auction',
      'cancel_only',
    ])
    .meta({ description: 'What the book does from then on.', examples: ['opening_auction'] }),
});
export const calendarChanges = z
  .array(calendarChange)
  .max(64)
  .meta({ description: 'The changes of phase of a week; without any, nothing is planned.' });
export const calendarVersion = z
  .int()
  .min(1)
  .max(2_147_483_647)
  .meta({ description: 'The calendars of the book, counted from 1.', examples: [2] });
export const calendarEffectiveAt = described(
  instant,
  'From when on the calendar counts; the book then enters the phase that it wants.',
  '2026-03-02T00:00:00.000Z',
);
export const daysWithoutTrading = z
  .array(day)
  .max(366)
  .meta({
    description:
      'Days in UTC on which nothing of the week happens: the book closes when they begin, and stays closed until the first change after them.',
    examples: [['2026-12-25']],
  });
/** How long a step of a volatility interruption takes. */
function interruptionSeconds(meaning: string, example: number): z.ZodInt {
  return z
    .int()
    .min(1)
    .max(86_400)
    .meta({ description: `${meaning} In seconds.`, examples: [example] });
}
export const limitStateSeconds = interruptionSeconds(
  'How long the book stays in `limit_state` after an order reached the dynamic band.',
  15,
);
export const pauseSeconds = interruptionSeconds('How long the pause after it lasts.', 300);
export const reopeningSeconds = interruptionSeconds(
  'How long the auction takes that ends a pause, or that uncrosses a book before it trades.',
  30,
);
