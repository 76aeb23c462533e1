import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import type { EligibleAction } from '@specie/eligibility';
import type { Role } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { clientOf, eventually, type Answer, type Client } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './world.js';

let world: World;
let nordic: Client;
let acme: Client;
let ada: Client;

const [companyId, classId, common, seriesId] = [
  randomUUID(),
  randomUUID(),
  randomUUID(),
  randomUUID(),
];
const company = `/companies/${companyId}`;
const resolutionHash = 'cd'.repeat(32);
const trancheId = randomUUID();
const deals = {
  offered: randomUUID(),
  signed: randomUUID(),
  approved: randomUUID(),
  active: randomUUID(),
};
const hashes = new Map<string, unknown>();

const as = (role: Role) => clientOf(world.service, { partyId: randomUUID(), roles: [role] });
const refusal = ({ status, body }: Answer) => [status, body['code']];
const terms = (dealId: string, id: string = randomUUID()) => ({
  dealId,
  companyId,
  seriesId,
  classId,
  equityPpm: 10_000,
  referencePrice: '2.500000',
  currency: 'USD',
  lockupEndsAt: null,
  tranches: [{ trancheId: id, tokens: '50000' }],
});
const actions: Readonly<Record<'nordic' | 'acme' | 'ada', readonly EligibleAction[]>> = {
  nordic: ['issue', 'deal', 'redeem'],
  acme: ['grant', 'deal', 'redeem'],
  ada: ['redeem'],
};
const founding = (holder: Client, issuanceId: string = randomUUID()) =>
  acme.post(`${company}/founding-issuances`, {
    issuanceId,
    classId: common,
    holderPartyId: holder.partyId,
    shares: '1000',
  });
const sign = (client: Client, dealId: string) =>
  client.post(`/deals/${dealId}/signatures`, { termsHash: hashes.get(dealId) });
const approve = (dealId: string) =>
  ada.post(`/deals/${dealId}/board-approvals`, { termsHash: hashes.get(dealId), resolutionHash });

async function isFrozen({ partyId }: Client): Promise<boolean> {
  const rows = await world.service.dataSource.query<{ readonly frozen: boolean }[]>(
    'select frozen from eligibility where party_id = $1',
    [partyId],
  );
  return rows[0]?.frozen ?? false;
}

/** Runs `work` while compliance has frozen the party. */
async function whileFrozen(name: keyof typeof actions, work: () => Promise<void>): Promise<void> {
  const client = { nordic, acme, ada }[name];
  const { partyId } = client;
  const stream = streamIds.party(partyId);
  const data = { partyId, frozenBy: randomUUID(), reason: 'under_review' };
  await world.publish('compliance', stream, 'compliance.party-frozen', data);
  await eventually('the freeze', () => isFrozen(client));
  const { position } = await world.service.store.head();
  await work();
  expect((await world.service.store.head()).position).toBe(position);
  await world.allow(partyId, ...actions[name]);
  await eventually('the end of the freeze', async () => !(await isFrozen(client)));
}

beforeAll(async () => {
  world = await openWorld();
  [nordic, acme, ada] = [await as('provider-admin'), await as('founder'), await as('investor')];
  await world.allow(nordic.partyId, ...actions.nordic);
  await world.allow(acme.partyId, ...actions.acme);
  await world.allow(ada.partyId, ...actions.ada);
  const answers = [
    await acme.post('/companies', { companyId, directorPartyIds: [ada.partyId] }),
    await acme.post(`${company}/share-classes`, {
      classId: common,
      kind: 'common',
      authorised: '20000000',
    }),
    await acme.post(`${company}/share-classes`, {
      classId,
      kind: 'preferred',
      authorised: '1000000',
    }),
    await founding(acme),
    await acme.post(`${company}/founding-issuances`, {
      classId: common,
      holderPartyId: acme.partyId,
      shares: '9000000',
    }),
  ];
  for (const dealId of Object.values(deals)) {
    const id = dealId === deals.active ? trancheId : randomUUID();
    answers.push(await nordic.post('/deals', terms(dealId, id)));
    hashes.set(dealId, (await acme.get(`/deals/${dealId}`)).body['termsHash']);
    if (dealId !== deals.offered) {
      answers.push(await sign(nordic, dealId), await sign(acme, dealId));
    }
  }
  answers.push(await approve(deals.approved), await approve(deals.active));
  answers.push(await nordic.post(`/deals/${deals.active}/activation`));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  await nordic.post(`/deals/${deals.active}/tranches/${trancheId}/openings`);
  const grantId = randomUUID();
  await world.publish('issuance', streamIds.grant(grantId), 'issuance.tokens-granted', {
    grantId,
    dealId: deals.active,
    trancheId,
    seriesId,
    fromPartyId: nordic.partyId,
    toPartyId: acme.partyId,
    quantity: microTokens(50_000_000_000n),
  });
  await eventually('the delivery', async () =>
    JSON.stringify((await acme.get(`/deals/${deals.active}`)).body).includes('"delivered"'),
  );
});
afterAll(() => world.close());

describe('Whom compliance does not let', () => {
  const accept = () => acme.post(`/deals/${deals.active}/tranches/${trancheId}/acceptances`);
  const surrender = (client: Client) =>
    client.post(`${company}/cancellations`, { classId: common, shares: '1' });

  it('a frozen company changes nothing of its cap table and enters no deal', async () => {
    await whileFrozen('acme', async () => {
      const own = [
        await acme.post('/companies', { directorPartyIds: [ada.partyId] }),
        await acme.post(`${company}/share-classes`, { kind: 'common', authorised: '1' }),
        await founding(acme),
        await surrender(acme),
      ];
      expect(own.map(refusal)).toEqual(own.map(() => [403, 'party_ineligible']));
      const inDeals = [
        await nordic.post('/deals', terms(randomUUID())),
        await sign(nordic, deals.offered),
        await sign(acme, deals.offered),
        await approve(deals.signed),
        await acme.post(`/deals/${deals.approved}/activation`),
        await accept(),
      ];
      expect(inDeals.map(refusal)).toEqual(inDeals.map(() => [403, 'company_ineligible']));
    });
  });

  it('a frozen provider offers, signs and gets nothing', async () => {
    await whileFrozen('nordic', async () => {
      const answers = [
        await nordic.post('/deals', terms(randomUUID())),
        await sign(nordic, deals.offered),
        await sign(acme, deals.offered),
        await approve(deals.signed),
        await nordic.post(`/deals/${deals.approved}/activation`),
        await accept(),
      ];
      expect(answers.map(refusal)).toEqual(answers.map(() => [403, 'provider_ineligible']));
      expect(refusal(await surrender(nordic))).toEqual([403, 'party_ineligible']);
    });
  });

  it('a frozen director approves nothing, and nobody issues shares to the frozen', async () => {
    await whileFrozen('ada', async () => {
      expect(refusal(await approve(deals.signed))).toEqual([403, 'approver_ineligible']);
      expect(refusal(await founding(ada))).toEqual([403, 'holder_ineligible']);
    });
  });

  it('a stranger writes nothing', async () => {
    const before = (await world.service.store.head()).position;
    const [founder, provider] = [await as('founder'), await as('provider-admin')];
    expect(refusal(await founder.post('/companies', { directorPartyIds: [ada.partyId] }))).toEqual([
      403,
      'party_ineligible',
    ]);
    expect(refusal(await provider.post('/deals', terms(randomUUID())))).toEqual([
      403,
      'provider_ineligible',
    ]);
    expect(refusal(await founding(founder))).toEqual([403, 'holder_ineligible']);
    expect((await world.service.store.head()).position).toBe(before);
  });

  it('may do all of it again afterwards; a repeat is answered even while frozen', async () => {
    const issuanceId = randomUUID();
    const answers = [
      await sign(acme, deals.offered),
      await approve(deals.signed),
      await acme.post(`/deals/${deals.approved}/activation`),
      await accept(),
      await founding(ada, issuanceId),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    await whileFrozen('acme', async () => {
      const repeats = [await sign(acme, deals.offered), await founding(ada, issuanceId)];
      expect(repeats.map(({ status }) => status)).toEqual([201, 201]);
    });
  });
});
