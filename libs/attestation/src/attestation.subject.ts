import { defineSubject } from '@specie/nest-platform';
import { AttestationConsumer } from './attestation.consumer.js';

/** Answers the audit with digests of what the service's other subjects name in `attested`. */
export const attestationSubject = defineSubject({
  name: 'attestation',
  consumers: [AttestationConsumer],
});
