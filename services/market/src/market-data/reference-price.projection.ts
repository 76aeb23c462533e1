import type { ReferencePricePublished } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { referencePriceTable } from './reference-price.table.js';

/** By series, the last one. */
type Changes = Map<string, ReferencePricePublished['data'] & { readonly publishedAt: string }>;

export const referencePriceProjection = defineProjection<ReferencePricePublished, Changes>({
  name: 'reference prices',
  changes: () => new Map(),
  events: {
    'market.reference-price-published': (changes, { data, occurredAt }) => {
      changes.set(data.seriesId, { ...data, publishedAt: occurredAt });
    },
  },
  write: async (manager, changes) => {
    const rows = [...changes.values()].map((data) => ({
      ...data,
      notional: BigInt(data.notional),
    }));
    await referencePriceTable.insertMissing(manager, rows);
    await referencePriceTable.set(manager, rows);
  },
});
