import {
  boolean,
  day,
  defineTable,
  micro,
  text,
  texts,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';
import { providerTable } from '../provider/provider.table.js';

export const seriesTable = defineTable({
  name: 'token_series',
  columns: {
    seriesId: uuid(),
    providerId: uuid(),
    treasuryAccountId: uuid(),
    windowFromOn: day(),
    windowToOn: day(),
    skus: texts(),
    region: text(),
    transferable: boolean(),
    minted: micro(),
    burned: micro(),
  },
  primaryKey: { name: 'token_series_once', columns: ['seriesId'] },
  references: { providerId: providerTable },
  checks: {
    token_series_burned_check: 'burned >= 0',
    token_series_burned_within_minted: 'burned <= minted',
  },
  indexes: { token_series_provider_id_idx: '(provider_id)' },
});
export type SeriesRow = RowOf<typeof seriesTable>;
