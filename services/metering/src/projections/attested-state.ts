import type { AttestedCollection } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import type { EntityManager } from 'typeorm';
import { ReservationEntity } from './rows.js';

/** The collection of docs/architecture.md, from this service's own read models. */
export async function attestedState(
  manager: EntityManager,
): Promise<readonly AttestedCollection[]> {
  const reservations = await manager.getRepository(ReservationEntity).find();
  return [
    {
      name: 'reservations',
      rows: reservations.map((row) => [
        row.reservationId,
        {
          partyId: row.partyId,
          seriesId: row.seriesId,
          status: row.status,
          held: formatMicro(row.held),
          captured: formatMicro(row.captured),
          released: formatMicro(row.released),
          usageCount: row.usageCount,
          gpuSeconds: row.gpuSeconds.toString(),
          atoms: row.atoms.toString(),
        },
      ]),
    },
  ];
}
