import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import { digestOfState } from '@specie/attestation';
import { derivedId, type Role } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { clientOf, eventually, type Answer, type Client } from '@specie/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foldOf } from './fold.js';
import { openWorld, type World } from './world.js';

let world: World;
let nordic: Client;
let acme: Client;
let ada: Client;
let company: string;
let companyId: string;
let classId: string;

const seriesId = randomUUID();
const as = (role: Role) => clientOf(world.service, { partyId: randomUUID(), roles: [role] });
const refusal = ({ status, body }: Answer) => [status, body['code']];
const said = ({ body }: Answer) =>
  body['violations'] as { readonly path: string; readonly message: string }[];
const violations = (answer: Answer) => said(answer).map(({ message }) => message);
const authorise = (authorised: string) =>
  acme.post(`${company}/share-classes`, { classId, kind: 'preferred', authorised });
const found = (shares: string) =>
  acme.post(`${company}/founding-issuances`, { classId, holderPartyId: acme.partyId, shares });
const preferred = async () => {
  const classes = (await acme.get(company)).body['classes'] as { readonly classId: string }[];
  return classes.find((each) => each.classId === classId);
};

interface Offered {
  readonly path: string;
  readonly dealId: string;
  readonly trancheIds: readonly string[];
  readonly termsHash: unknown;
}

async function offer(equityPpm: number): Promise<Offered> {
  const [dealId, first, second] = [randomUUID(), randomUUID(), randomUUID()];
  const trancheIds = [first, second];
  const offered = await nordic.post('/deals', {
    dealId,
    companyId,
    seriesId,
    classId,
    equityPpm,
    referencePrice: '2.500000',
    currency: 'USD',
    lockupEndsAt: null,
    tranches: trancheIds.map((trancheId) => ({ trancheId, tokens: '50000' })),
  });
  expect(offered.status).toBe(201);
  const path = `/deals/${dealId}`;
  return { path, dealId, trancheIds, termsHash: (await acme.get(path)).body['termsHash'] };
}

const sign = (client: Client, { path, termsHash }: Offered) =>
  client.post(`${path}/signatures`, { termsHash });

async function agree(deal: Offered): Promise<void> {
  const { path, termsHash } = deal;
  const answers = [
    await sign(nordic, deal),
    await sign(acme, deal),
    await ada.post(`${path}/board-approvals`, { termsHash, resolutionHash: 'cd'.repeat(32) }),
    await nordic.post(`${path}/activation`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
}

async function deliver({ path, dealId }: Offered, trancheId: string): Promise<void> {
  expect((await nordic.post(`${path}/tranches/${trancheId}/openings`)).status).toBe(202);
  const grantId = randomUUID();
  await world.publish('issuance', streamIds.grant(grantId), 'issuance.tokens-granted', {
    grantId,
    dealId,
    trancheId,
    seriesId,
    fromPartyId: nordic.partyId,
    toPartyId: acme.partyId,
    quantity: microTokens(50_000_000_000n),
  });
  await eventually('the delivery', async () => {
    const tranches = (await acme.get(path)).body['tranches'] as Record<string, unknown>[];
    return tranches.some((each) => each['trancheId'] === trancheId && each['grantId'] === grantId);
  });
}

describe('Promised shares', () => {
  beforeAll(async () => {
    world = await openWorld();
    nordic = await as('provider-admin');
    acme = await as('founder');
    ada = await as('investor');
    await world.allow(nordic.partyId, 'issue', 'deal', 'redeem');
    await world.allow(acme.partyId, 'grant', 'deal', 'redeem');
    await world.allow(ada.partyId, 'redeem');
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    [companyId, classId] = [randomUUID(), randomUUID()];
    company = `/companies/${companyId}`;
    await acme.post('/companies', { companyId, directorPartyIds: [ada.partyId] });
    const common = randomUUID();
    await acme.post(`${company}/share-classes`, {
      classId: common,
      kind: 'common',
      authorised: '10000000',
    });
    const holding = { classId: common, holderPartyId: acme.partyId, shares: '10000000' };
    expect((await acme.post(`${company}/founding-issuances`, holding)).status).toBe(201);
    expect((await authorise('1100000')).status).toBe(201);
  });

  it('are reserved from the first signature: what no longer fits cannot be signed', async () => {
    const small = await offer(9_901);
    const large = await offer(95_557);
    expect((await sign(nordic, small)).status).toBe(201);
    expect(await preferred()).toMatchObject({ authorised: '1100000', reserved: '100000' });
    const refused = await sign(acme, large);
    expect(refusal(refused)).toEqual([409, 'authorised_exceeded']);
    expect(violations(refused)).toEqual([
      'Of 1100000 authorised shares 0 are outstanding and 100000 are reserved for deals; 1000000 are free.',
    ]);
    expect(said(refused)).toMatchObject([{ path: 'body.termsHash' }]);
    // The second signature promises nothing more.
    expect((await sign(acme, small)).status).toBe(201);
    expect(await preferred()).toMatchObject({ reserved: '100000' });
    await authorise('1200000');
    expect((await sign(acme, large)).status).toBe(201);
  });

  it('cannot be taken away once tokens were delivered for them', async () => {
    const deal = await offer(90_909);
    const [first = '', second = ''] = deal.trancheIds;
    await agree(deal);
    await deliver(deal, first);
    const lowered = await authorise('999997');
    expect(refusal(lowered)).toEqual([409, 'authorised_below_reserved']);
    expect(violations(lowered)).toEqual([
      'Of 1100000 authorised shares 0 are outstanding and 999998 are reserved for deals; 100002 are free.',
    ]);
    expect(said(lowered)).toMatchObject([{ path: 'body.authorised' }]);
    const exceeding = await found('100003');
    expect(refusal(exceeding)).toEqual([409, 'authorised_exceeded']);
    expect(said(exceeding)).toMatchObject([{ path: 'body.shares' }]);
    expect((await found('100002')).status).toBe(201);
    expect((await acme.post(`${deal.path}/tranches/${first}/acceptances`)).status).toBe(201);
    expect(await preferred()).toMatchObject({ outstanding: '600001', reserved: '499999' });
    expect(refusal(await authorise('1099999'))).toEqual([409, 'authorised_below_reserved']);
    await deliver(deal, second);
    expect((await acme.post(`${deal.path}/tranches/${second}/acceptances`)).status).toBe(201);
    expect(await preferred()).toMatchObject({ outstanding: '1100000', reserved: '0' });
    expect(refusal(await authorise('1099999'))).toEqual([409, 'authorised_below_outstanding']);
  });

  it('are issued for their tranche though somebody gave its id to shares of their own', async () => {
    const deal = await offer(9_901);
    const [first = ''] = deal.trancheIds;
    await agree(deal);
    await deliver(deal, first);
    // The id that the shares of the tranche will have; anybody can compute it.
    const issuanceId = derivedId('issuance', first);
    const shares = { classId, holderPartyId: nordic.partyId, shares: '50000', issuanceId };
    expect((await acme.post(`${company}/founding-issuances`, shares)).status).toBe(201);
    const mallory = await as('founder');
    await world.allow(mallory.partyId, 'deal', 'redeem');
    const [other, otherClass] = [randomUUID(), randomUUID()];
    const path = `/companies/${other}`;
    await mallory.post('/companies', { companyId: other, directorPartyIds: [ada.partyId] });
    const terms = { classId: otherClass, kind: 'common', authorised: '10' };
    await mallory.post(`${path}/share-classes`, terms);
    const entry = { classId: otherClass, holderPartyId: mallory.partyId, shares: '10' };
    for (const id of [issuanceId, randomUUID()]) {
      const issued = { ...entry, shares: '5', issuanceId: id };
      expect((await mallory.post(`${path}/founding-issuances`, issued)).status).toBe(201);
      const surrendered = { classId: otherClass, shares: '1', cancellationId: id };
      expect((await mallory.post(`${path}/cancellations`, surrendered)).status).toBe(201);
    }
    expect((await acme.post(`${deal.path}/tranches/${first}/acceptances`)).status).toBe(201);
    expect(await preferred()).toMatchObject({ outstanding: '100000', reserved: '50000' });
  });

  it('are free again when either side cancels a deal that is not active', async () => {
    const deal = await offer(90_909);
    expect((await sign(nordic, deal)).status).toBe(201);
    expect(refusal(await found('100003'))).toEqual([409, 'authorised_exceeded']);
    const path = `${deal.path}/cancellation`;
    expect(refusal(await (await as('founder')).post(path))).toEqual([404, 'deal_unknown']);
    expect((await acme.post(path)).status).toBe(201);
    expect((await acme.get(deal.path)).body).toMatchObject({ status: 'cancelled' });
    expect(await preferred()).toMatchObject({ reserved: '0' });
    expect(refusal(await sign(acme, deal))).toEqual([409, 'deal_cancelled']);
    expect((await found('1100000')).status).toBe(201);
  });

  it('stay promised once a deal is active', async () => {
    const deal = await offer(9_901);
    await agree(deal);
    expect(refusal(await acme.post(`${deal.path}/cancellation`))).toEqual([
      409,
      'deal_already_active',
    ]);
    expect(await preferred()).toMatchObject({ reserved: '100000' });
  });

  it('are attested as the log has them (S8)', async () => {
    expect((await sign(nordic, await offer(9_901))).status).toBe(201);
    const folded = foldOf(await world.service.store.readAll(0, 10_000));
    expect(folded.classes.get(classId)?.reserved).toBe(100_000n);
    const requestId = randomUUID();
    const stream = streamIds.reconciliation(requestId);
    const data = { requestId, requestedBy: ada.partyId };
    await world.publish('audit', stream, 'audit.reconciliation-requested', data);
    const attested = await world.recorded(streamIds.attestation(requestId), 'deals.state-attested');
    expect(attested.data).toMatchObject(digestOfState(folded.collections()));
  });
});
