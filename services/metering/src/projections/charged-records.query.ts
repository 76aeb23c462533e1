import type { DataSource } from 'typeorm';
import type { ChargedRecords } from '../ingestion/usage-ingestion.js';

/** One query for a whole batch. */
export function chargedRecordsIn(dataSource: DataSource): ChargedRecords {
  return async (usageIds) => {
    const rows = await dataSource.query<
      { readonly usage_id: string; readonly evidence_hash: string }[]
    >('select usage_id, evidence_hash from usage_records where usage_id = any($1::uuid[])', [
      usageIds,
    ]);
    return new Map(rows.map((row) => [row.usage_id, row.evidence_hash]));
  };
}
