/** What a step of a tranche can be refused for, in check order; the API names them at every step of a deal. */
export const trancheRejections = [
  'deal_unknown',
  'tranche_unknown',
  'not_the_provider',
  'not_the_company',
  'deal_not_active',
  'provider_ineligible',
  'company_ineligible',
  'tranche_out_of_turn',
  'tranche_not_delivered',
  'authorised_exceeded',
] as const;
export type TrancheRejection = (typeof trancheRejections)[number];
