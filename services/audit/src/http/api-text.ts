import type { ApiText } from '@specie/nest-platform';

/** What the API document says of the service as a whole. */
export const apiText: ApiText = {
  description:
    'Rebuilds the whole ledger from the event logs of all services, checks every hash and signature, compares the result with what the services say they hold, and checks the invariants. It keeps nothing but copies.',
  tags: {
    reconciliations: 'Ask for a reconciliation, and read its report.',
  },
};
