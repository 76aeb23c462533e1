import {
  atoms,
  gpuSeconds,
  microTokens,
  type Atoms,
  type GpuSeconds,
  type MicroTokens,
} from '@specie/quantities';
import type { DataSource } from 'typeorm';

export interface PartyTotals {
  readonly partyId: string;
  readonly reservations: number;
  readonly usageCount: number;
  readonly gpuSeconds: GpuSeconds;
  readonly atoms: Atoms;
  readonly captured: MicroTokens;
}

/** Sums over the reservations of each party, by party id. */
export async function totalsByParty(
  dataSource: DataSource,
  page: {
    readonly partyId: string | undefined;
    readonly after: string | undefined;
    readonly limit: number;
  },
): Promise<readonly PartyTotals[]> {
  const rows = await dataSource.query<
    {
      readonly party_id: string;
      readonly reservations: string;
      readonly usage_count: string;
      readonly gpu_seconds: string;
      readonly atoms: string;
      readonly captured: string;
    }[]
  >(
    `select party_id, count(*) as reservations, sum(usage_count) as usage_count, sum(gpu_seconds) as gpu_seconds,
            sum(atoms) as atoms, sum(captured) as captured
       from reservations
      where ($1::uuid is null or party_id = $1) and ($2::uuid is null or party_id > $2)
      group by party_id order by party_id limit $3`,
    [page.partyId ?? null, page.after ?? null, page.limit],
  );
  return rows.map((row) => ({
    partyId: row.party_id,
    reservations: Number(row.reservations),
    usageCount: Number(row.usage_count),
    gpuSeconds: gpuSeconds(BigInt(row.gpu_seconds)),
    atoms: atoms(BigInt(row.atoms)),
    captured: microTokens(BigInt(row.captured)),
  }));
}
