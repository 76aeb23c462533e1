import type { RefusalText } from '@specie/nest-platform';
import type { ChangePhaseRejection, SetBandsRejection } from '../shard/shard-rejections.js';
import type { SetCalendarRejection } from './session.decider.js';

export const changePhaseStatus = {
  book_unknown: 404,
  phase_unchanged: 409,
  book_crossed: 409,
} as const satisfies Record<ChangePhaseRejection, number>;

export const setBandsStatus = {
  book_unknown: 404,
  bands_invalid: 422,
} as const satisfies Record<SetBandsRejection, number>;

export const setCalendarStatus = {
  book_unknown: 404,
  calendar_takes_effect_in_past: 422,
  calendar_changes_collide: 422,
} as const satisfies Record<SetCalendarRejection, number>;

/** Worded by the subject book. */
type WordedElsewhere = 'book_unknown';

/** What to do about each refusal. */
export const sessionRefusals = {
  phase_unchanged: [
    'The book is in the phase {phase} already.',
    'Send another phase; GET /books/:seriesId/session shows the present one.',
  ],
  book_crossed: [
    'Orders that would trade wait in the book, which is in the phase {phase}.',
    'Change to an auction first: it uncrosses the book when it ends.',
  ],
  bands_invalid: [
    'The lowest price can be no higher than the highest, and the reference price must be a multiple of the price step of the book.',
  ],
  calendar_takes_effect_in_past: [
    'It is {now}.',
    'Send an effectiveAt that is not in the past, or none for a calendar that counts at once.',
  ],
  calendar_changes_collide: [
    'Two changes are planned for {day} {at}.',
    'Plan one change of phase for each time of a day.',
  ],
} satisfies Record<
  Exclude<ChangePhaseRejection | SetBandsRejection | SetCalendarRejection, WordedElsewhere>,
  RefusalText
>;
