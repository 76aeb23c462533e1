import { defineService } from '@specie/nest-platform';
import { auditConfig } from './audit.config.js';
import { reconciliationSubject } from './reconciliation/reconciliation.subject.js';
import { tablesSubject } from './tables.subject.js';

export const auditService = defineService({
  name: 'audit',
  port: 7106,
  api: {
    description:
      'Rebuilds the whole ledger from the event logs of all services, checks every hash and signature, compares the result with what the services say they hold, and checks the invariants. It keeps nothing but copies.',
  },
  config: auditConfig,
  subjects: [tablesSubject, reconciliationSubject],
});
