import type { ApiText } from '@specie/nest-platform';

/** What the API document says of the service as a whole. */
export const apiText: ApiText = {
  description:
    'Companies, their cap tables, and deals of compute tokens for equity. A founder registers a company with its classes of shares; a provider offers a deal; both sign, a director approves, the deal is activated; then each tranche is opened, delivered by the issuer, and accepted for shares.',
  tags: {
    companies: 'Companies and who holds their shares.',
    shares: 'Change a cap table: authorise, issue, give up.',
    deals: 'Offer, sign, approve and activate deals.',
    tranches: 'The parts of a deal: tokens for shares.',
  },
};
