import type { RefusalText } from '@specie/nest-platform';
import type { CompanyRejection } from './company.decider.js';

export const companyRejectionStatus = {
  company_registered_differently: 409,
  company_unknown: 404,
  class_exists_differently: 409,
  class_unknown: 404,
  entry_exists_differently: 409,
  party_ineligible: 403,
  holder_ineligible: 403,
  directors_only_signatory: 422,
  shares_not_positive: 422,
  shares_too_many: 422,
  classes_too_many: 409,
  authorised_below_outstanding: 409,
  authorised_below_reserved: 409,
  authorised_exceeded: 409,
  holding_too_small: 409,
} as const satisfies Record<CompanyRejection, number>;

/** Ids that the tables keep unique beyond a stream, and the refusal that a second use of one is. */
export const companyConstraintRejections = {
  share_classes_once: 'class_exists_differently',
  share_entries_once: 'entry_exists_differently',
} as const;

const headroom =
  'Of {authorised} authorised shares {outstanding} are outstanding and {reserved} are reserved for deals; {free} are free.';

/** A refusal for want of shares: the numbers of the class, and what to do. */
const aboutHeadroom = (whatToDo: string, path = '{path}'): RefusalText => ({
  detail: [headroom, whatToDo],
  violations: [{ path, code: 'headroom', message: headroom }],
});

/** What to do about each refusal. */
export const companyRefusals = {
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
    'body.authorised',
  ),
  authorised_below_reserved: aboutHeadroom(
    'Authorise no fewer shares than are outstanding and reserved, or cancel a deal first.',
    'body.authorised',
  ),
  authorised_exceeded: aboutHeadroom(
    'Ask for no more shares than are free, or have the company authorise more of the class.',
  ),
  holding_too_small: [
    'You hold {held} shares of this class.',
    'Surrender no more shares than you hold.',
  ],
  not_your_company: [
    'Only the company, and for reading its directors, holders and auditors, may do this.',
  ],
} satisfies Record<CompanyRejection | 'not_your_company', RefusalText>;
