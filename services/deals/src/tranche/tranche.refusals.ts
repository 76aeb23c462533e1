import type { RefusalText } from '@specie/nest-platform';
import type { CompanyRejection } from '../company/company.decider.js';
import type { DealRejection } from '../deal/deal.decider.js';
import type { TrancheRejection } from '../deal/tranche-rejections.js';

/** What to do about each refusal; those that a deal or a company shares are worded by their subjects. */
export const trancheRefusals = {
  tranche_unknown: ['The deal has no tranche with this id; its page lists the tranches in order.'],
  not_the_provider: ['Only the provider of the deal opens its tranches.'],
  not_the_company: ['Only the company of the deal accepts its tranches.'],
  deal_not_active: [
    'The deal is {status}.',
    'It must be signed by both sides, approved by the board and activated before its tranches move.',
  ],
  tranche_out_of_turn: [
    'The next one is number {next}, {nextId}, which is {status}.',
    'Tranches are opened in order, each after the one before was accepted.',
  ],
  tranche_not_delivered: [
    'The tranche is {status}.',
    'It can be accepted once the provider opened it and the tokens have arrived.',
  ],
} satisfies Record<Exclude<TrancheRejection, DealRejection | CompanyRejection>, RefusalText>;
