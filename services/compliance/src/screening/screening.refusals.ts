import { numberedViolations, partyRefusals } from '../party/party.refusals.js';
import type { AlertRejection, ScreeningRejection } from './screening.decider.js';

export const screeningStatus = {
  party_unknown: 404,
  /** The id names another screening, of this party or of another. */
  screening_exists: 409,
  /** No list is in force, so nothing can be compared; see `/health/ready`. */
  sanctions_list_missing: 503,
} satisfies Record<ScreeningRejection | 'screening_exists' | 'sanctions_list_missing', number>;

/** The id of a screening is unique beyond the stream of the party. */
export const screeningConstraints = { screenings_pkey: 'screening_exists' } as const;

export const alertStatus = {
  party_unknown: 404,
  screening_unknown: 404,
  no_open_alert: 409,
  self_approval: 403,
  four_eyes_required: 403,
} satisfies Record<AlertRejection, number>;

/** What to do about each refusal. */
export const screeningRefusals = {
  screening_exists: ['The screeningId names another screening; send a new id, or none.'],
  screening_unknown: ['Resolve the latest screening of the party; its case names it.'],
  no_open_alert: ['There is nothing to resolve: the screening was clear or is resolved already.'],
} as const satisfies Record<
  Exclude<AlertRejection | keyof typeof screeningStatus, keyof typeof partyRefusals>,
  readonly string[]
>;

export const alertViolations = numberedViolations({
  ...partyRefusals,
  ...screeningRefusals,
});
