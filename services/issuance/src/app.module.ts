import { attestationSubject } from '@specie/attestation';
import { eligibilitySubject } from '@specie/eligibility';
import { defineService } from '@specie/nest-platform';
import { accountSubject } from './account/account.subject.js';
import { capacitySubject } from './capacity/capacity.subject.js';
import { grantSubject } from './grant/grant.subject.js';
import { holdSubject } from './hold/hold.subject.js';
import { mintSubject } from './mint/mint.subject.js';
import { providerSubject } from './provider/provider.subject.js';
import { seriesSubject } from './series/series.subject.js';
import { tablesSubject } from './tables.subject.js';
import { withdrawalSubject } from './withdrawal/withdrawal.subject.js';

export const issuanceService = defineService({
  name: 'issuance',
  port: 7102,
  api: {
    description:
      'Issues compute tokens against attested GPU capacity and keeps the token accounts. A provider registers, commits capacity, has it attested by an auditor, opens a series and mints within coverage. One token is one H100-equivalent GPU-hour.',
  },
  // Series before accounts: an account of a series that is opened in the same batch refers to its row.
  subjects: [
    tablesSubject,
    providerSubject,
    capacitySubject,
    seriesSubject,
    accountSubject,
    mintSubject,
    holdSubject,
    grantSubject,
    withdrawalSubject,
    eligibilitySubject,
    attestationSubject,
  ],
  singleWriter: true,
});
