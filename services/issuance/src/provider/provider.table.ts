import {
  day,
  defineTable,
  int32,
  micro,
  oneOf,
  text,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';

export const providerTable = defineTable({
  name: 'providers',
  columns: { providerId: uuid(), uptimeHaircutBps: int32(), streamVersion: int32() },
  primaryKey: ['providerId'],
});
export type ProviderRow = RowOf<typeof providerTable>;

export const commitmentTable = defineTable({
  name: 'capacity_commitments',
  columns: {
    commitmentId: uuid(),
    providerId: uuid(),
    sku: text(),
    gpuCount: int32(),
    fromOn: day(),
    toOn: day(),
    weightVersion: int32(),
    weightPpm: int32(),
    uptimeHaircutBps: int32(),
    tokensPerDay: micro(),
    status: oneOf('committed', 'attested', 'withdrawn'),
    attestedBy: uuid().nullable(),
    evidenceHash: text().nullable(),
  },
  primaryKey: { name: 'capacity_commitments_once', columns: ['commitmentId'] },
  references: { providerId: providerTable },
  checks: {
    capacity_commitments_gpu_count_check: 'gpu_count > 0',
    capacity_commitments_tokens_per_day_check: 'tokens_per_day >= 0',
    capacity_commitments_check: 'attested_by <> provider_id',
    capacity_commitments_check1: 'from_on <= to_on',
  },
  indexes: { capacity_commitments_provider_id_idx: '(provider_id)' },
});
export type CommitmentRow = RowOf<typeof commitmentTable>;
