import type { AttestedCollection } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import type { EntityManager } from 'typeorm';
import { AccountEntity, CommitmentEntity, HoldEntity, SeriesEntity } from './tables.js';

/** What the service itself holds, as docs/architecture.md names it; read in one transaction. */
export async function attestedState(
  manager: EntityManager,
): Promise<readonly AttestedCollection[]> {
  const capacity = await manager.find(CommitmentEntity);
  const series = await manager.find(SeriesEntity);
  const accounts = await manager.find(AccountEntity);
  const holds = await manager.find(HoldEntity);
  return [
    {
      name: 'capacity',
      rows: capacity.map(
        ({ commitmentId, providerId, sku, fromOn, toOn, tokensPerDay, status }) => [
          commitmentId,
          { providerId, sku, fromOn, toOn, tokensPerDay: formatMicro(tokensPerDay), status },
        ],
      ),
    },
    {
      name: 'series',
      rows: series.map(({ seriesId, providerId, minted, burned }) => [
        seriesId,
        { providerId, minted: formatMicro(minted), burned: formatMicro(burned) },
      ]),
    },
    {
      name: 'accounts',
      rows: accounts.map(({ accountId, seriesId, partyId, kind, available, held }) => [
        accountId,
        { seriesId, partyId, kind, available: formatMicro(available), held: formatMicro(held) },
      ]),
    },
    {
      name: 'holds',
      rows: holds.map(({ holdId, accountId, quantity, captured, released, status }) => [
        holdId,
        {
          accountId,
          quantity: formatMicro(quantity),
          captured: formatMicro(captured),
          released: formatMicro(released),
          status,
        },
      ]),
    },
  ];
}
