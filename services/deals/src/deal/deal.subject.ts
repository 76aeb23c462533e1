import { defineSubject } from '@specie/nest-platform';
import { ActivateDealHandler } from './activate-deal.handler.js';
import { ApproveDealHandler } from './approve-deal.handler.js';
import { CancelDealHandler } from './cancel-deal.handler.js';
import { DealsController } from './deal.controller.js';
import { dealProjection } from './deal.projection.js';
import { DealQuery } from './deal.query.js';
import { dealRefusals } from './deal.refusals.js';
import { dealTable, trancheTable } from './deal.table.js';
import { OfferDealHandler } from './offer-deal.handler.js';
import { SidesQuery } from './sides.query.js';
import { SignDealHandler } from './sign-deal.handler.js';

/** Deals of tokens for equity, from the offer to the activation. */
export const dealSubject = defineSubject({
  name: 'deal',
  tables: [dealTable, trancheTable],
  projections: [dealProjection],
  controllers: [DealsController],
  providers: [
    OfferDealHandler,
    SignDealHandler,
    CancelDealHandler,
    ApproveDealHandler,
    ActivateDealHandler,
    DealQuery,
    SidesQuery,
  ],
  attested: [
    {
      name: 'deals',
      read: async (manager) =>
        (await manager.find(dealTable.entity)).map((row) => [
          row.dealId,
          dealTable.wire(row, ['status', 'tokensAccepted', 'sharesIssued']),
        ]),
    },
  ],
  refusals: dealRefusals,
  tags: { deals: 'Offer, sign, approve and activate deals.' },
});
