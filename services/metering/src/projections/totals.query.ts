import {
  atoms,
  gpuSeconds,
  microTokens,
  type Atoms,
  type GpuSeconds,
  type MicroTokens,
} from '@specie/quantities';
import type { DataSource } from 'typeorm';
import { scopeCondition, scopeParameters, type ReservationScope } from './reservations.query.js';
import { ReservationEntity } from './rows.js';

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
  scope: ReservationScope,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly PartyTotals[]> {
  const rows = await dataSource
    .getRepository(ReservationEntity)
    .createQueryBuilder('reservation')
    .select('reservation.party_id', 'party_id')
    .addSelect('count(*)', 'reservations')
    .addSelect('sum(reservation.usage_count)', 'usage_count')
    .addSelect('sum(reservation.gpu_seconds)', 'gpu_seconds')
    .addSelect('sum(reservation.atoms)', 'atoms')
    .addSelect('sum(reservation.captured)', 'captured')
    .where(scopeCondition, scopeParameters(scope))
    .andWhere('(:after::uuid is null or reservation.party_id > :after)', {
      after: page.after ?? null,
    })
    .groupBy('reservation.party_id')
    .orderBy('reservation.party_id')
    .limit(page.limit)
    .getRawMany<{
      readonly party_id: string;
      readonly reservations: string;
      readonly usage_count: string;
      readonly gpu_seconds: string;
      readonly atoms: string;
      readonly captured: string;
    }>();
  return rows.map((row) => ({
    partyId: row.party_id,
    reservations: Number(row.reservations),
    usageCount: Number(row.usage_count),
    gpuSeconds: gpuSeconds(BigInt(row.gpu_seconds)),
    atoms: atoms(BigInt(row.atoms)),
    captured: microTokens(BigInt(row.captured)),
  }));
}
