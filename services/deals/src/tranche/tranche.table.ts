import {
  defineTable,
  instant,
  int32,
  micro,
  oneOf,
  text,
  uuid,
  whole,
  type RowOf,
} from '@specie/postgres-event-store';
import { dealTable, type DealRow } from '../deal/deal.table.js';

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

/** A tranche with the sides of its deal. */
export type WaitingTranche = TrancheRow & Pick<DealRow, 'companyPartyId' | 'providerPartyId'>;
