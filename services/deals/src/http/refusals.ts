import type { RefusalText } from '@specie/nest-platform';
import type { CompanyRejection } from '../domain/company/index.js';
import type { DealRejection } from '../domain/deal/index.js';

const headroom =
  'Of {authorised} authorised shares {outstanding} are outstanding and {reserved} are reserved for deals; {free} are free.';

/** A refusal for want of shares: the numbers of the class, and what to do. */
const aboutHeadroom = (whatToDo: string): RefusalText => ({
  detail: [headroom, whatToDo],
  violations: [{ path: '{path}', code: 'headroom', message: headroom }],
});

/** What to do about each refusal. */
export const dealsRefusals = {
  company_registered_differently: [
    'The companyId names a company of another party or with other directors; choose a new id.',
  ],
  company_unknown: ['There is no company with this id; GET /companies lists them.'],
  class_exists_differently: [
    'The classId names a class of another kind or company; choose a new id, or send its kind.',
  ],
  class_unknown: [
    'The company has no class with this id; its page lists the classes, and POST share-classes authorises one.',
  ],
  entry_exists_differently: [
    'The id was used for another issuance or cancellation; send that one unchanged, or a new id.',
  ],
  party_ineligible: ['{reason}', 'Only a party that compliance approved for this may do it.'],
  holder_ineligible: [
    'The holder must be a party that compliance approved and that is not frozen; it has to settle that itself.',
  ],
  directors_only_signatory: [
    'Name at least one director who is another party than the company: whoever signs for it cannot approve for its board.',
  ],
  shares_not_positive: ['The number of shares must be 1 or more.'],
  shares_too_many: [
    'At most {limit} shares can be authorised.',
    'Authorise fewer shares of the class.',
  ],
  classes_too_many: [
    'A company has at most {classCountMax} share classes.',
    'Authorise more shares of a class that exists.',
  ],
  authorised_below_outstanding: aboutHeadroom(
    'Authorise no fewer shares than are outstanding and reserved.',
  ),
  authorised_below_reserved: aboutHeadroom(
    'Authorise no fewer shares than are outstanding and reserved, or cancel a deal first.',
  ),
  authorised_exceeded: aboutHeadroom(
    'Ask for no more shares than are free, or have the company authorise more of the class.',
  ),
  holding_too_small: [
    'You hold {held} shares of this class.',
    'Surrender no more shares than you hold.',
  ],
  deal_offered_differently: [
    'The dealId names a deal with other terms; send those terms again, or a new id.',
  ],
  deal_unknown: ['There is no deal with this id; GET /deals lists yours.'],
  tranche_unknown: ['The deal has no tranche with this id; its page lists the tranches in order.'],
  provider_is_company: ['Provider and company are the same party; a deal needs two.'],
  not_a_side_of_the_deal: ['Only the provider and the company of the deal may do this.'],
  not_a_director: [
    'Only a director of the company may approve for its board; the page of the company names them.',
  ],
  approver_is_signatory: [
    'A director who is not the company itself must approve: who signs for it does not approve for its board.',
  ],
  not_the_provider: ['Only the provider of the deal opens its tranches.'],
  not_the_company: ['Only the company of the deal accepts its tranches.'],
  deal_cancelled: ['The deal was cancelled, which is final; the provider may offer a new one.'],
  deal_not_signed: [
    'The signature of the {missing} is missing.',
    'Both sides must sign the deal first.',
  ],
  deal_not_approved: [
    'The deal is {status}.',
    'A director must approve it for the board before it is activated, once both sides have signed.',
  ],
  deal_not_active: [
    'The deal is {status}.',
    'It must be signed by both sides, approved by the board and activated before its tranches move.',
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
  tranche_out_of_turn: [
    'The next one is number {next}, {nextId}, which is {status}.',
    'Tranches are opened in order, each after the one before was accepted.',
  ],
  tranche_not_delivered: [
    'The tranche is {status}.',
    'It can be accepted once the provider opened it and the tokens have arrived.',
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
  not_your_company: [
    'Only the company, and for reading its directors, holders and auditors, may do this.',
  ],
  not_your_deal: ['Only the sides of the deal, the directors of the company and auditors see it.'],
} satisfies Record<
  CompanyRejection | DealRejection | 'not_your_company' | 'not_your_deal',
  RefusalText
>;
