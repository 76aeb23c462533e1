import { attestationSubject } from '@specie/attestation';
import { eligibilitySubject } from '@specie/eligibility';
import { defineService } from '@specie/nest-platform';
import { companySubject } from './company/company.subject.js';
import { dealSubject } from './deal/deal.subject.js';
import { tablesSubject } from './tables.subject.js';
import { trancheSubject } from './tranche/tranche.subject.js';

export const dealsService = defineService({
  name: 'deals',
  port: 7103,
  api: {
    description:
      'Companies, their cap tables, and deals of compute tokens for equity. A founder registers a company with its classes of shares; a provider offers a deal; both sign, a director approves, the deal is activated; then each tranche is opened, delivered by the issuer, and accepted for shares.',
  },
  // Companies before deals: a deal with a company that is registered in the same batch refers to its row.
  subjects: [
    tablesSubject,
    companySubject,
    dealSubject,
    trancheSubject,
    eligibilitySubject,
    attestationSubject,
  ],
});
