import { attestationSubject } from '@specie/attestation';
import { defineService } from '@specie/nest-platform';
import { caseSubject } from './case/case.subject.js';
import { complianceConfig, weakComplianceSettings } from './compliance.config.js';
import { partySubject } from './party/party.subject.js';
import { personalDataSubject } from './personal-data/personal-data.subject.js';
import { sanctionsListSubject } from './sanctions-list/sanctions-list.subject.js';
import { screeningSubject } from './screening/screening.subject.js';
import { tablesSubject } from './tables.subject.js';

export const complianceService = defineService({
  name: 'compliance',
  port: 7101,
  api: {
    description:
      'Knows who the parties are and decides who may do what, and until when. Begin here: `POST /parties`, evidence, a screening, and the approval by a second person; until then every other service refuses the party. Names stand in this service only; everywhere else a party is its id.',
  },
  config: complianceConfig,
  weakSettings: weakComplianceSettings,
  subjects: [
    tablesSubject,
    partySubject,
    personalDataSubject,
    sanctionsListSubject,
    screeningSubject,
    caseSubject,
    attestationSubject,
  ],
});
