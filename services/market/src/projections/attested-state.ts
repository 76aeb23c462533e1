import type { AttestedCollection } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import type { EntityManager } from 'typeorm';
import { CashEntity, FeesEntity, OrderEntity, TokensEntity } from './rows.js';

/** The collections of docs/architecture.md, from this service's own read models. */
export async function attestedState(
  manager: EntityManager,
): Promise<readonly AttestedCollection[]> {
  const cash = await manager.getRepository(CashEntity).find();
  const tokens = await manager.getRepository(TokensEntity).find();
  const orders = await manager.getRepository(OrderEntity).find();
  const fees = await manager.getRepository(FeesEntity).find();
  return [
    {
      name: 'cash',
      rows: cash.map(({ partyId, available, reserved }) => [partyId, balance(available, reserved)]),
    },
    {
      name: 'tokens',
      rows: tokens.map(({ seriesId, partyId, available, reserved }) => [
        `${seriesId}/${partyId}`,
        balance(available, reserved),
      ]),
    },
    {
      name: 'orders',
      rows: orders.map(({ orderId, seriesId, partyId, side, priceTicks, leavesLots }) => [
        `${partyId}/${orderId}`,
        { seriesId, partyId, side, priceTicks, leavesLots },
      ]),
    },
    {
      name: 'fees',
      rows: fees.map(({ currency, earned }) => [currency, { earned: formatMicro(earned) }]),
    },
  ];
}

function balance(
  available: bigint,
  reserved: bigint,
): { readonly available: string; readonly reserved: string } {
  return { available: formatMicro(available), reserved: formatMicro(reserved) };
}
