import type { AttestedRows } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import { ReservationEntity } from './rows.js';

/** The collection of docs/architecture.md, from this service's own read models. */
export const attested: readonly AttestedRows[] = [
  {
    name: 'reservations',
    read: async (manager) =>
      (await manager.getRepository(ReservationEntity).find()).map((row) => [
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
