import { randomUUID } from 'node:crypto';
import { marketEscrowPartyId, streamIds } from '@specie/contracts';
import type { Clock, ServiceApp } from '@specie/nest-platform';
import { ServiceWorld, type Actor } from '@specie/service-testing';
import { clientOf, createTestDatabase, eventually } from '@specie/testing';
import { expect } from 'vitest';
import { marketService } from '../src/app.module.js';

export const operator = {
  partyId: '0be4a704-0000-4000-8000-000000000001',
  roles: ['market-operator'] as const,
};

/** The market on its own database, with the logs of compliance and the issuer beside it. */
export type Venue = ServiceWorld<'compliance' | 'issuance' | 'audit'>;

export function openVenue(clock?: Clock): Promise<Venue> {
  return ServiceWorld.open({
    peers: ['compliance', 'issuance', 'audit'],
    createDatabase: createTestDatabase,
    ...(clock ? { clock } : {}),
  });
}

export function startMarket(
  venue: Venue,
  instanceId = 'market-a',
  env: Readonly<Record<string, string>> = {},
): Promise<ServiceApp> {
  return venue.start(marketService, { instanceId, env });
}

/** The issuer moves tokens of a party into the escrow. */
export async function escrow(
  venue: Venue,
  { partyId, seriesId }: { readonly partyId: string; readonly seriesId: string },
  quantity: bigint,
  movementId: string = randomUUID(),
): Promise<string> {
  const accountId = randomUUID();
  await venue.publish('issuance', streamIds.account(accountId), 'issuance.tokens-received', {
    accountId,
    seriesId,
    partyId: marketEscrowPartyId,
    movementId,
    movement: 'escrow',
    counterPartyId: partyId,
    quantity,
    lots: [{ lotId: movementId, quantity, lockupEndsAt: null }],
  });
  return movementId;
}

/** A book of its own, with Ada's 1,000 dollars and Bob's 100 tokens; both may trade. */
export interface Story {
  readonly ada: Actor;
  readonly bob: Actor;
  readonly seriesId: string;
  readonly terms: Readonly<Record<string, unknown>>;
  readonly limit: (
    side: 'buy' | 'sell',
    priceTicks: number,
    quantityLots: number,
  ) => Readonly<Record<string, unknown>>;
}

export async function openMarket(venue: Venue, service: ServiceApp): Promise<Story> {
  const ada: Actor = { partyId: randomUUID(), roles: ['investor'] };
  const bob: Actor = { partyId: randomUUID(), roles: ['founder'] };
  const seriesId = randomUUID();
  const terms = {
    seriesId,
    currency: 'USD',
    makerFeePpm: 1_000,
    takerFeePpm: 2_500,
    minimumLots: 1,
    maximumLots: 1_000_000,
  };
  await service.writing();
  await venue.allow(ada.partyId, 'trade');
  await venue.allow(bob.partyId, 'trade');
  await escrow(venue, { partyId: bob.partyId, seriesId }, 100_000_000n);
  const asOperator = await clientOf(service, operator);
  expect((await asOperator.post('/books', terms)).status).toBe(201);
  const deposit = { partyId: ada.partyId, currency: 'USD', amount: '1000' };
  expect((await asOperator.post('/cash-deposits', deposit)).status).toBe(201);
  await eventually('the escrowed tokens', async () => {
    const { body } = await asOperator.get(`/parties/${bob.partyId}/balances`);
    return (body['tokens'] as readonly unknown[]).length === 1;
  });
  const limit: Story['limit'] = (side, priceTicks, quantityLots) => ({
    seriesId,
    side,
    kind: 'limit',
    timeInForce: 'GTC',
    priceTicks,
    quantityLots,
  });
  return { ada, bob, seriesId, terms, limit };
}
