import { defineSubject } from '@specie/nest-platform';
import { AcceptTrancheHandler } from './accept-tranche.handler.js';
import { DeliverTrancheHandler } from './deliver-tranche.handler.js';
import { FailTrancheHandler } from './fail-tranche.handler.js';
import { IssuanceConsumer } from './issuance.consumer.js';
import { OpenTrancheHandler } from './open-tranche.handler.js';
import { TranchesController } from './tranche.controller.js';
import { TrancheQuery } from './tranche.query.js';
import { trancheRefusals } from './tranche.refusals.js';

/** The tranches of active deals; their rows are written with those of the deals. */
export const trancheSubject = defineSubject({
  name: 'tranche',
  controllers: [TranchesController],
  consumers: [IssuanceConsumer],
  providers: [
    OpenTrancheHandler,
    DeliverTrancheHandler,
    FailTrancheHandler,
    AcceptTrancheHandler,
    TrancheQuery,
  ],
  refusals: trancheRefusals,
  tags: { tranches: 'The parts of a deal: tokens for shares.' },
});
