import type { AttestedRows } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import { CashEntity, FeesEntity, OrderEntity, TokensEntity } from './rows.js';

/** The collections of docs/architecture.md, from this service's own read models. */
export const attested: readonly AttestedRows[] = [
  {
    name: 'cash',
    read: async (manager) =>
      (await manager.getRepository(CashEntity).find()).map(({ partyId, available, reserved }) => [
        partyId,
        balance(available, reserved),
      ]),
  },
  {
    name: 'tokens',
    read: async (manager) =>
      (await manager.getRepository(TokensEntity).find()).map(
        ({ seriesId, partyId, available, reserved }) => [
          `${seriesId}/${partyId}`,
          balance(available, reserved),
        ],
      ),
  },
  {
    name: 'orders',
    read: async (manager) =>
      (await manager.getRepository(OrderEntity).find()).map(
        ({ orderId, seriesId, partyId, side, priceTicks, leavesLots }) => [
          `${partyId}/${orderId}`,
          { seriesId, partyId, side, priceTicks, leavesLots },
        ],
      ),
  },
  {
    name: 'fees',
    read: async (manager) =>
      (await manager.getRepository(FeesEntity).find()).map(({ currency, earned }) => [
        currency,
        { earned: formatMicro(earned) },
      ]),
  },
];

function balance(
  available: bigint,
  reserved: bigint,
): { readonly available: string; readonly reserved: string } {
  return { available: formatMicro(available), reserved: formatMicro(reserved) };
}
