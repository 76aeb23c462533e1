import { defineSubject } from '@specie/nest-platform';
import { AttestCapacityHandler } from './attest-capacity.handler.js';
import { CapacityController } from './capacity.controller.js';
import { CapacityQuery } from './capacity.query.js';
import { CommitCapacityHandler } from './commit-capacity.handler.js';
import { ProvidersController } from './coverage.controller.js';
import { CoverageQuery } from './coverage.query.js';
import { WithdrawCapacityHandler } from './withdraw-capacity.handler.js';

/** What a provider promises, and whether it covers what is issued against it. */
export const capacitySubject = defineSubject({
  name: 'capacity',
  controllers: [ProvidersController, CapacityController],
  providers: [
    CommitCapacityHandler,
    AttestCapacityHandler,
    WithdrawCapacityHandler,
    CapacityQuery,
    CoverageQuery,
  ],
  tags: { capacity: 'Promised GPUs; attested capacity backs tokens.' },
});
