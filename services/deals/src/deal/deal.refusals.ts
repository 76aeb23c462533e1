import type { RefusalText } from '@specie/nest-platform';
import type { CompanyRejection } from '../company/company.decider.js';
import type { DealRejection } from './deal.decider.js';
import type { TrancheRejection } from './tranche-rejections.js';

/** Of a deal and its tranches: its steps are documented with all of them. */
export const dealRejectionStatus = {
  company_unknown: 404,
  deal_offered_differently: 409,
  class_unknown: 404,
  deal_unknown: 404,
  tranche_unknown: 404,
  provider_is_company: 422,
  not_a_side_of_the_deal: 403,
  not_a_director: 403,
  approver_is_signatory: 403,
  not_the_provider: 403,
  not_the_company: 403,
  deal_cancelled: 409,
  deal_not_signed: 409,
  deal_not_approved: 409,
  deal_not_active: 409,
  deal_already_active: 409,
  terms_hash_mismatch: 409,
  provider_ineligible: 403,
  company_ineligible: 403,
  approver_ineligible: 403,
  tranche_out_of_turn: 409,
  tranche_not_delivered: 409,
  tranche_repeated: 422,
  tokens_not_positive: 422,
  tokens_too_many: 422,
  lockup_in_past: 422,
  equity_out_of_range: 422,
  tranche_without_shares: 422,
  authorised_exceeded: 409,
} as const satisfies Record<DealRejection | TrancheRejection, number>;

/** Ids that the tables keep unique beyond a stream, and the refusal that a second use of one is. */
export const dealConstraintRejections = { tranches_once: 'tranche_repeated' } as const;

/** What to do about each refusal; those that a company shares are worded by its subject. */
export const dealRefusals = {
  deal_offered_differently: [
    'The dealId names a deal with other terms; send those terms again, or a new id.',
  ],
  deal_unknown: ['There is no deal with this id; GET /deals lists yours.'],
  provider_is_company: ['Provider and company are the same party; a deal needs two.'],
  not_a_side_of_the_deal: ['Only the provider and the company of the deal may do this.'],
  not_a_director: [
    'Only a director of the company may approve for its board; the page of the company names them.',
  ],
  approver_is_signatory: [
    'A director who is not the company itself must approve: who signs for it does not approve for its board.',
  ],
  deal_cancelled: ['The deal was cancelled, which is final; the provider may offer a new one.'],
  deal_not_signed: [
    'The signature of the {missing} is missing.',
    'Both sides must sign the deal first.',
  ],
  deal_not_approved: [
    'The deal is {status}.',
    'A director must approve it for the board before it is activated, once both sides have signed.',
  ],
  deal_already_active: ['Only a deal that is not active yet can be cancelled.'],
  terms_hash_mismatch: [
    'The termsHash of the deal is {termsHash}.',
    'Read the terms of the deal again and send the termsHash that stands there.',
  ],
  provider_ineligible: [
    '{reason}',
    'Compliance must let the provider make deals; the provider has to settle that.',
  ],
  company_ineligible: [
    '{reason}',
    'Compliance must let the company make deals; the company has to settle that.',
  ],
  approver_ineligible: [
    '{reason}',
    'Who approves for the board must be a party that compliance approved and that is not frozen.',
  ],
  tranche_repeated: ['Give every tranche an id of its own; one was used for another tranche.'],
  tokens_not_positive: [
    'A deal has at least one tranche, and every tranche more than 0.000000 tokens.',
  ],
  tokens_too_many: [
    'The tranches together stay below {limit} tokens.',
    'Offer fewer tokens, or several deals.',
  ],
  lockup_in_past: ['It is {now}.', 'The lock-up must end in the future; leave it out for none.'],
  equity_out_of_range: [
    'Send an equityPpm from 1 to 999999 that stays below 1000000 together with what convertibles take.',
  ],
  tranche_without_shares: [
    'The deal brings {shares} shares in all.',
    'At least one share must fall to every tranche: offer more equity, or fewer and larger tranches.',
  ],
} satisfies Record<Exclude<DealRejection, CompanyRejection>, RefusalText>;
