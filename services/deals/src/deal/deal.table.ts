import {
  defineTable,
  instant,
  int32,
  json,
  micro,
  oneOf,
  text,
  texts,
  uuid,
  whole,
  type RowOf,
} from '@specie/postgres-event-store';
import { companyTable, shareClassTable } from '../company/company.table.js';
import type { DealTerms, Side } from './deal.state.js';

/** The checks are the last line of S5: an event that would break it does not commit. */
export const dealTable = defineTable({
  name: 'deals',
  columns: {
    dealId: uuid(),
    companyId: uuid(),
    companyPartyId: uuid(),
    providerPartyId: uuid(),
    seriesId: uuid(),
    classId: uuid(),
    tokens: micro(),
    equityPpm: int32(),
    capitalizationRules: json<DealTerms['capitalizationRules']>(),
    fullyDiluted: whole(),
    shares: whole(),
    referencePrice: micro(),
    currency: text<DealTerms['currency']>(),
    /** As in the terms, to the letter: the terms hash covers the text. */
    lockupEndsAt: text().nullable(),
    termsHash: text(),
    status: oneOf('offered', 'signed', 'approved', 'active', 'completed', 'cancelled'),
    signedBy: texts<Side>(),
    tokensAccepted: micro(),
    sharesIssued: whole(),
    streamVersion: int32(),
  },
  primaryKey: ['dealId'],
  references: { companyId: companyTable, classId: shareClassTable },
  checks: {
    deals_check: 'provider_party_id <> company_party_id',
    deals_check1: 'tokens_accepted between 0 and tokens',
    deals_check2: 'shares_issued between 0 and shares',
    deals_check3: "status <> 'completed' or (shares_issued = shares and tokens_accepted = tokens)",
  },
  indexes: {
    deals_company_party_id_deal_id_idx: '(company_party_id, deal_id)',
    deals_provider_party_id_deal_id_idx: '(provider_party_id, deal_id)',
  },
});
export type DealRow = RowOf<typeof dealTable>;

export const trancheTable = defineTable({
  name: 'tranches',
  columns: {
    trancheId: uuid(),
    dealId: uuid(),
    number: int32(),
    tokens: micro(),
    shares: whole(),
    status: oneOf('pending', 'opened', 'delivered', 'failed', 'accepted'),
    openedAt: instant().nullable(),
    failureReason: text().nullable(),
    grantId: uuid().nullable(),
  },
  primaryKey: { name: 'tranches_once', columns: ['trancheId'] },
  unique: { tranches_deal_id_number_key: ['dealId', 'number'] },
  references: { dealId: dealTable },
  checks: { tranches_tokens_check: 'tokens > 0', tranches_shares_check: 'shares > 0' },
  indexes: { tranches_tranche_id_idx: "(tranche_id) where status = 'opened'" },
});
export type TrancheRow = RowOf<typeof trancheTable>;
