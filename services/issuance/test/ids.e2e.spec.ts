import { randomUUID } from 'node:crypto';
import { marketEscrowPartyId, streamIds } from '@specie/contracts';
import { derivedId, type Role } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { clientOf, type Answer, type Client } from '@specie/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSeries, openWorld, type World } from './world.js';

let world: World;
let nordic: Client;
let acme: Client;
let bolt: Client;
let auditor: Client;
let seriesId: string;

const as = (role: Role) => clientOf(world.service, { partyId: randomUUID(), roles: [role] });
const tokens = (whole: number) => microTokens(BigInt(whole) * 1_000_000n);
const accountOf = (partyId: string) => derivedId('account', seriesId, partyId);
const refusal = ({ status, body }: Answer) => [status, body['code']];
const available = async (partyId: string) =>
  (await auditor.get(`/accounts/${accountOf(partyId)}`)).body['available'];
const transfer = (from: Client, to: string, movementId: string, quantity = '10') =>
  from.post(`/accounts/${accountOf(from.partyId)}/transfers`, {
    toPartyId: to,
    quantity,
    movementId,
  });
const escrow = (from: Client, movementId: string, quantity = '10') =>
  from.post(`/accounts/${accountOf(from.partyId)}/escrow-deposits`, { quantity, movementId });
const withdraw = (partyId: string, withdrawalId: string, whole: number) =>
  world.publish('market', streamIds.shard('main'), 'market.withdrawal-requested', {
    withdrawalId,
    partyId,
    seriesId,
    quantity: tokens(whole),
  });
const settled = (partyId: string, withdrawalId: string) =>
  world.recorded(streamIds.withdrawal(partyId, withdrawalId), 'issuance.withdrawal-settled');
const openTranche = (trancheId: string, toPartyId: string, lockupEndsAt: string | null = null) => {
  const dealId = randomUUID();
  return world.publish('deals', streamIds.deal(dealId), 'deals.tranche-opened', {
    dealId,
    trancheId,
    seriesId,
    fromPartyId: nordic.partyId,
    toPartyId,
    tokens: tokens(100),
    lockupEndsAt,
  });
};
const granted = (trancheId: string) =>
  world.recorded(streamIds.grant(derivedId('grant', trancheId)), 'issuance.tokens-granted');
const parked = () =>
  world.service.dataSource.query<unknown[]>('select stream_id from public.parked_event');

beforeAll(async () => {
  world = await openWorld();
  auditor = await as('auditor');
  nordic = await as('provider-admin');
  seriesId = await openSeries(world, { provider: nordic, auditor, gpuCount: 100 });
  expect((await nordic.post(`/series/${seriesId}/mints`, { quantity: '50000' })).status).toBe(201);
});
beforeEach(async () => {
  [acme, bolt] = [await as('founder'), await as('investor')];
  for (const { partyId } of [acme, bolt]) {
    await world.allow(partyId, 'grant', 'trade', 'transfer', 'redeem');
    const trancheId = randomUUID();
    await openTranche(trancheId, partyId);
    await granted(trancheId);
  }
});
afterAll(() => world.close());

describe('An id that a client chose', () => {
  it('names a transfer and a withdrawal at once, and nobody else waits', async () => {
    const id = randomUUID();
    expect((await transfer(acme, bolt.partyId, id)).status).toBe(201);
    expect((await escrow(acme, randomUUID(), '50')).status).toBe(201);
    await withdraw(acme.partyId, id, 20);
    const next = randomUUID();
    await withdraw(bolt.partyId, next, 5);
    await settled(bolt.partyId, next);
    await settled(acme.partyId, id);
    expect([await available(acme.partyId), await available(bolt.partyId)]).toEqual([
      '60.000000',
      '115.000000',
    ]);
    expect(await parked()).toEqual([]);
  });

  it('names a withdrawal of each of two parties', async () => {
    const id = randomUUID();
    await escrow(acme, randomUUID(), '50');
    await withdraw(acme.partyId, id, 20);
    await withdraw(bolt.partyId, id, 7);
    await settled(acme.partyId, id);
    await settled(bolt.partyId, id);
    expect([await available(acme.partyId), await available(bolt.partyId)]).toEqual([
      '70.000000',
      '107.000000',
    ]);
  });

  it('names an escrow deposit and a transfer of one party, and the same of two parties', async () => {
    const id = randomUUID();
    const answers = [
      await escrow(acme, id),
      await escrow(bolt, id),
      await transfer(acme, bolt.partyId, id),
      await transfer(bolt, acme.partyId, id, '1'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect([await available(acme.partyId), await available(bolt.partyId)]).toEqual([
      '81.000000',
      '99.000000',
    ]);
  });

  it('cannot take the id of a capture to come: what is metered is burned', async () => {
    const [reservationId, captureId] = [randomUUID(), randomUUID()];
    const named = { reservationId, partyId: acme.partyId, seriesId };
    const stream = streamIds.reservation(reservationId);
    const account = streamIds.account(accountOf(acme.partyId));
    expect((await transfer(acme, bolt.partyId, captureId)).status).toBe(201);
    await world.publish('metering', stream, 'metering.redemption-requested', {
      ...named,
      sku: 'H100-SXM',
      weightVersion: 1,
      weightPpm: 1_000_000,
      quantity: tokens(8),
      expiresAt: '2026-03-10T00:00:00.000Z',
    });
    await world.recorded(account, 'issuance.tokens-held');
    const slice = {
      ...named,
      captureId,
      sliceNumber: 1,
      usageCount: 1,
      gpuSeconds: 18_000n,
      atoms: 126_000_000_000_000n,
      atomsCumulative: 126_000_000_000_000n,
      captured: tokens(5),
      capturedCumulative: tokens(5),
    };
    // Told twice, burned once.
    await world.publish('metering', stream, 'metering.slice-captured', slice);
    await world.publish('metering', stream, 'metering.slice-captured', slice);
    await world.publish('metering', stream, 'metering.reservation-closed', {
      ...named,
      captured: tokens(5),
      released: tokens(3),
      reason: 'requested',
    });
    const released = await world.recorded(account, 'issuance.hold-released');
    expect(released.data).toMatchObject({ quantity: '3.000000' });
    const { body } = await acme.get(`/accounts/${accountOf(acme.partyId)}/holds`);
    expect(body['items']).toMatchObject([{ captured: '5.000000', released: '3.000000' }]);
  });

  it('cannot take the id of a grant to come, nor of its lot', async () => {
    const trancheId = randomUUID();
    const grantId = derivedId('grant', trancheId);
    expect((await transfer(bolt, acme.partyId, grantId, '1')).status).toBe(201);
    await openTranche(trancheId, acme.partyId, '2026-06-01T00:00:00.000Z');
    await granted(trancheId);
    const { body } = await auditor.get(`/accounts/${accountOf(acme.partyId)}`);
    expect(body).toMatchObject({ available: '201.000000', locked: '100.000000' });
    // Of 201 tokens 101 are free, and the locked ones are not drawn by mistake.
    expect((await transfer(acme, bolt.partyId, randomUUID(), '101')).status).toBe(201);
    expect(refusal(await transfer(acme, bolt.partyId, randomUUID(), '1'))).toEqual([
      409,
      'lockup_active',
    ]);
  });
});

describe('A repeat', () => {
  it('of a movement with the same content is answered alike and moves nothing', async () => {
    const id = randomUUID();
    const first = await transfer(acme, bolt.partyId, id);
    const again = await transfer(acme, bolt.partyId, id);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const deposit = await escrow(acme, id);
    expect((await escrow(acme, id)).body).toEqual(deposit.body);
    expect(await available(acme.partyId)).toBe('80.000000');
  });

  it('with another content is refused, and sent together one of the two is', async () => {
    const id = randomUUID();
    await transfer(acme, bolt.partyId, id);
    const differing = [
      await transfer(acme, bolt.partyId, id, '11'),
      await transfer(acme, nordic.partyId, id),
    ];
    expect(differing.map(refusal)).toEqual([
      [409, 'movement_exists_differently'],
      [409, 'movement_exists_differently'],
    ]);
    const other = randomUUID();
    const together = await Promise.all(
      ['1', '2', '1', '2'].map((quantity) => transfer(acme, bolt.partyId, other, quantity)),
    );
    const [first, second, third, fourth] = together.map(({ status }) => status);
    expect([first, second]).toEqual([third, fourth]);
    expect(new Set([first, second])).toEqual(new Set([201, 409]));
  });

  it('of a mint is the same mint, and another quantity is refused', async () => {
    const mintId = randomUUID();
    const path = `/series/${seriesId}/mints`;
    const before = await available(nordic.partyId);
    expect((await nordic.post(path, { mintId, quantity: '3' })).status).toBe(201);
    expect((await nordic.post(path, { mintId, quantity: '3' })).status).toBe(201);
    expect(refusal(await nordic.post(path, { mintId, quantity: '4' }))).toEqual([
      409,
      'mint_exists_differently',
    ]);
    expect(Number(await available(nordic.partyId)) - Number(before)).toBe(3);
  });

  it('of a withdrawal settles nothing, whatever its content, and parks nothing', async () => {
    const id = randomUUID();
    await escrow(acme, randomUUID(), '50');
    await withdraw(acme.partyId, id, 20);
    await settled(acme.partyId, id);
    const escrowed = await available(marketEscrowPartyId);
    await withdraw(acme.partyId, id, 9);
    const next = randomUUID();
    await withdraw(acme.partyId, next, 1);
    await settled(acme.partyId, next);
    expect(Number(escrowed) - Number(await available(marketEscrowPartyId))).toBe(1);
    expect(await parked()).toEqual([]);
  });
});
