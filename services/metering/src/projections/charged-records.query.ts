import type { DataSource } from 'typeorm';
import type { ChargedRecords } from '../ingestion/usage-ingestion.js';
import { unscopedUsageIdOf } from '../ingestion/usage-names.js';

/**
 * One query for a whole batch. A record without a provider was charged before names were scoped: it belongs to the
 * provider of the series that it was charged on.
 */
export function chargedRecordsIn(dataSource: DataSource): ChargedRecords {
  return async (providerId, records) => {
    const unscoped = new Map(records.map((record) => [unscopedUsageIdOf(record), record.usageId]));
    const rows = await dataSource.query<
      { readonly usage_id: string; readonly evidence_hash: string }[]
    >(
      `select usage_id, evidence_hash from usage_records where usage_id = any($1::uuid[])
        union all
       select usage_id, evidence_hash
         from usage_records record
         join reservations using (reservation_id)
         join series using (series_id)
        where record.usage_id = any($2::uuid[]) and record.provider_id is null and series.provider_id = $3`,
      [records.map(({ usageId }) => usageId), [...unscoped.keys()], providerId],
    );
    return new Map(
      rows.map((row) => [unscoped.get(row.usage_id) ?? row.usage_id, row.evidence_hash]),
    );
  };
}
