import type { AttestedRows } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import { AccountEntity, CommitmentEntity, HoldEntity, SeriesEntity } from './tables.js';

/** What the service itself holds, as docs/architecture.md names it; read in one transaction. */
export const attested: readonly AttestedRows[] = [
  {
    name: 'capacity',
    read: async (manager) =>
      (await manager.find(CommitmentEntity)).map(
        ({ commitmentId, providerId, sku, fromOn, toOn, tokensPerDay, status }) => [
          commitmentId,
          { providerId, sku, fromOn, toOn, tokensPerDay: formatMicro(tokensPerDay), status },
        ],
      ),
  },
  {
    name: 'series',
    read: async (manager) =>
      (await manager.find(SeriesEntity)).map(({ seriesId, providerId, minted, burned }) => [
        seriesId,
        { providerId, minted: formatMicro(minted), burned: formatMicro(burned) },
      ]),
  },
  {
    name: 'accounts',
    read: async (manager) =>
      (await manager.find(AccountEntity)).map(
        ({ accountId, seriesId, partyId, kind, available, held }) => [
          accountId,
          { seriesId, partyId, kind, available: formatMicro(available), held: formatMicro(held) },
        ],
      ),
  },
  {
    name: 'holds',
    read: async (manager) =>
      (await manager.find(HoldEntity)).map(
        ({ holdId, accountId, quantity, captured, released, status }) => [
          holdId,
          {
            accountId,
            quantity: formatMicro(quantity),
            captured: formatMicro(captured),
            released: formatMicro(released),
            status,
          },
        ],
      ),
  },
];
