import { attestationSubject } from '@specie/attestation';
import { eligibilitySubject } from '@specie/eligibility';
import { defineService } from '@specie/nest-platform';
import { meteringConfig } from './metering.config.js';
import { reservationSubject } from './reservation/reservation.subject.js';
import { seriesSubject } from './series/series.subject.js';
import { tablesSubject } from './tables.subject.js';
import { usageSubject } from './usage/usage.subject.js';

export const meteringService = defineService({
  name: 'metering',
  port: 7105,
  api: {
    description:
      'Turns tokens into metered GPU time. A holder reserves tokens; the provider of the series reports finished use; each record is charged exactly, in atoms, and tokens are burned for it, rounded up once on the total of the reservation.',
  },
  config: meteringConfig,
  subjects: [
    tablesSubject,
    seriesSubject,
    reservationSubject,
    usageSubject,
    eligibilitySubject,
    attestationSubject,
  ],
});
