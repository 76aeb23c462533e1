import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import { digestOfState } from '@specie/attestation';
import type { Role } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { clientOf, eventually, toldBy, type Answer, type Client } from '@specie/testing';
import { describePreviews } from '@specie/service-testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldOf } from './fold.js';
import { openWorld, type World } from './world.js';

let world: World;
let nordic: Client;
let acme: Client;
let ada: Client;
let auditor: Client;
let stranger: Client;

const [companyId, common, preferred, dealId, seriesId] = ids(5);
const tranches = ids(3).map((trancheId, index) => ({
  trancheId,
  tokens: ['25000', '25000', '50000'][index] ?? '0',
}));
const company = `/companies/${companyId}`;
const deal = `/deals/${dealId}`;
const tranche = (number: number) => `${deal}/tranches/${tranches[number - 1]?.trancheId ?? ''}`;
const resolutionHash = 'cd'.repeat(32);

beforeAll(async () => {
  world = await openWorld({ withPreviews: true });
  nordic = await as('provider-admin');
  acme = await as('founder');
  ada = await as('founder');
  auditor = await as('auditor');
  stranger = await as('founder');
  await world.allow(nordic.partyId, 'deal', 'issue', 'redeem');
  await world.allow(acme.partyId, 'deal', 'grant', 'redeem');
  await world.allow(stranger.partyId, 'deal', 'grant', 'redeem');
  await world.allow(ada.partyId, 'redeem');
});
afterAll(() => world.close());

/** A party of its own, in one role. */
const as = (role: Role) => clientOf(world.service, { partyId: randomUUID(), roles: [role] });

const refusal = ({ status, body }: Answer) => [status, body['code']];
const trancheStatus = async (number: number) =>
  ((await acme.get(deal)).body['tranches'] as { status: string; failureReason: string | null }[])[
    number - 1
  ];
const offer = () => ({
  dealId,
  companyId,
  seriesId,
  classId: preferred,
  equityPpm: 100_000,
  referencePrice: '2.500000',
  currency: 'USD',
  lockupEndsAt: null,
  tranches,
});
const answer = (
  number: number,
  type: 'issuance.tokens-granted' | 'issuance.grant-refused',
  extra: object,
) => {
  const grantId = randomUUID();
  const { trancheId } = tranches[number - 1] ?? { trancheId: '' };
  return world.publish('issuance', streamIds.grant(grantId), type, {
    grantId,
    dealId,
    trancheId,
    ...extra,
  });
};
const granted = (number: number) =>
  answer(number, 'issuance.tokens-granted', {
    seriesId,
    fromPartyId: nordic.partyId,
    toPartyId: acme.partyId,
    quantity: microTokens(25_000_000_000n),
  });

describe('A company', () => {
  it('registers with a director who is somebody else', async () => {
    const only = { companyId, directorPartyIds: [acme.partyId] };
    expect(refusal(await acme.post('/companies', only))).toEqual([422, 'directors_only_signatory']);
    const registered = await acme.post('/companies', {
      companyId,
      directorPartyIds: [ada.partyId],
    });
    expect(registered).toMatchObject({ status: 201, body: { id: companyId, streamVersion: 1 } });
    expect(
      refusal(await stranger.post('/companies', { companyId, directorPartyIds: [ada.partyId] })),
    ).toEqual([409, 'company_registered_differently']);
  });

  it('issues founding shares within what is authorised', async () => {
    const classes = `${company}/share-classes`;
    expect(
      (await acme.post(classes, { classId: common, kind: 'common', authorised: '10000000' }))
        .status,
    ).toBe(201);
    expect(
      (await acme.post(classes, { classId: preferred, kind: 'preferred', authorised: '1000000' }))
        .status,
    ).toBe(201);
    expect(refusal(await stranger.post(classes, { kind: 'common', authorised: '1' }))).toEqual([
      403,
      'not_your_company',
    ]);
    const issuances = `${company}/founding-issuances`;
    const all = { classId: common, holderPartyId: ada.partyId, shares: '10000000' };
    expect(refusal(await acme.post(issuances, { ...all, shares: '10000001' }))).toEqual([
      409,
      'authorised_exceeded',
    ]);
    const key = randomUUID();
    const first = await acme.post(issuances, all, key);
    const again = await acme.post(issuances, all, key);
    expect([first.status, again.headers.get('idempotency-hit'), again.body]).toEqual([
      201,
      'true',
      first.body,
    ]);
  });

  it('sees what ten percent means before it signs', async () => {
    expect(
      (await nordic.get(`${company}/equity-quote?equityPpm=100000&convertiblePpm=100000`)).body,
    ).toEqual({
      fullyDiluted: '10000000',
      excludingConvertibles: '1111111',
      convertiblesFirst: '1234567',
      solvedTogether: '1250000',
    });
    expect(refusal(await nordic.get(`${company}/equity-quote?equityPpm=0`))).toEqual([
      422,
      'equity_out_of_range',
    ]);
  });
});

describe('A deal', () => {
  it('is offered within the authorised shares, with terms that anybody can hash', async () => {
    expect(refusal(await nordic.post('/deals', offer()))).toEqual([409, 'authorised_exceeded']);
    await acme.post(`${company}/share-classes`, {
      classId: preferred,
      kind: 'preferred',
      authorised: '1111111',
    });
    expect((await nordic.post('/deals', offer())).status).toBe(201);
    expect((await acme.get(deal)).body).toMatchObject({
      status: 'offered',
      tokens: '100000.000000',
      shares: '1111111',
      fullyDiluted: '10000000',
      capitalizationRules: { includeOutstandingShares: true, includeOtherConvertibles: false },
      tranches: [{ shares: '277777' }, { shares: '277778' }, { shares: '555556' }],
    });
    expect(refusal(await nordic.post('/deals', { ...offer(), equityPpm: 90_000 }))).toEqual([
      409,
      'deal_offered_differently',
    ]);
  });

  it('is seen by its sides, the directors and auditors only', async () => {
    expect(refusal(await stranger.get(`${company}/cap-table`))).toEqual([403, 'not_your_company']);
    const statuses = await Promise.all(
      [nordic, acme, ada, auditor].map((client) => client.get(deal)),
    );
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await stranger.get('/deals')).body).toEqual({ items: [], nextCursor: null });
    expect((await nordic.get('/deals')).body['items']).toHaveLength(1);
  });

  it('is to everybody else as one that is not there, whatever they ask of it', async () => {
    const { termsHash, tranches } = (await acme.get(deal)).body;
    const [{ trancheId }] = tranches as [{ readonly trancheId: string }];
    const roles = ['founder', 'provider-admin'] as const;
    const client = await clientOf(world.service, { partyId: stranger.partyId, roles });
    const asked = async (path: string) => [
      await client.get(path),
      await client.post(`${path}/signatures`, { termsHash }),
      await client.post(`${path}/board-approvals`, { termsHash, resolutionHash }),
      await client.post(`${path}/activation`),
      await client.post(`${path}/cancellation`),
      await client.post(`${path}/tranches/${trancheId}/openings`),
      await client.post(`${path}/tranches/${trancheId}/acceptances`),
    ];
    const answers = (await asked(deal)).map(toldBy);
    expect(answers).toEqual((await asked(`/deals/${randomUUID()}`)).map(toldBy));
    expect(answers).toMatchObject(answers.map(() => ({ code: 'deal_unknown' })));
  });

  it('needs both signatures on the same terms and a director who did not sign', async () => {
    const { termsHash } = (await acme.get(deal)).body;
    const approval = { termsHash, resolutionHash };
    const otherTerms = await acme.post(`${deal}/signatures`, { termsHash: 'ab'.repeat(32) });
    expect(refusal(otherTerms)).toEqual([409, 'terms_hash_mismatch']);
    expect(otherTerms.body['detail']).toContain(String(termsHash));
    expect(refusal(await ada.post(`${deal}/signatures`, { termsHash }))).toEqual([
      403,
      'not_a_side_of_the_deal',
    ]);
    expect((await acme.post(`${deal}/signatures`, { termsHash })).status).toBe(201);
    const tooEarly = await ada.post(`${deal}/board-approvals`, approval);
    expect(refusal(tooEarly)).toEqual([409, 'deal_not_signed']);
    expect(tooEarly.body['detail']).toContain('The signature of the provider is missing.');
    expect((await nordic.post(`${deal}/signatures`, { termsHash })).status).toBe(201);
    expect(refusal(await acme.post(`${deal}/board-approvals`, approval))).toEqual([
      403,
      'not_a_director',
    ]);
    expect(refusal(await nordic.post(`${deal}/activation`))).toEqual([409, 'deal_not_approved']);
    expect((await ada.post(`${deal}/board-approvals`, approval)).status).toBe(201);
    expect((await acme.get(deal)).body).toMatchObject({
      status: 'approved',
      signedBy: ['company', 'provider'],
    });
  });

  it('is activated while both sides are eligible', async () => {
    await world.allow(acme.partyId, 'redeem');
    const others = await nordic.post(`${deal}/activation`);
    expect(refusal(others)).toEqual([403, 'company_ineligible']);
    expect(others.body['detail']).not.toContain('approval');
    const own = await acme.post(`${deal}/activation`);
    expect(own.body['detail']).toMatch(/^Your approval does not include "deal"/);
    await world.allow(nordic.partyId, 'redeem');
    expect(refusal(await nordic.post(`${deal}/activation`))).toEqual([403, 'provider_ineligible']);
    await world.allow(nordic.partyId, 'deal', 'issue', 'redeem');
    await world.allow(acme.partyId, 'deal', 'grant', 'redeem');
    expect((await nordic.post(`${deal}/activation`)).status).toBe(201);
  });
});

describe('A tranche', () => {
  it('waits visibly for the issuer, in its turn', async () => {
    const early = await nordic.post(`${tranche(2)}/openings`);
    expect(refusal(early)).toEqual([409, 'tranche_out_of_turn']);
    expect(early.body['detail']).toMatch(
      /^The next one is number 1, [0-9a-f-]{36}, which is pending\./,
    );
    expect(refusal(await nordic.post(`${deal}/tranches/${randomUUID()}/openings`))).toEqual([
      404,
      'tranche_unknown',
    ]);
    expect((await nordic.post(`${tranche(1)}/openings`)).status).toBe(202);
    expect(refusal(await acme.post(`${tranche(1)}/acceptances`))).toEqual([
      409,
      'tranche_not_delivered',
    ]);
    expect((await acme.get('/tranches')).body['items']).toMatchObject([
      {
        dealId,
        status: 'opened',
        waitingSince: '2026-03-01T12:00:00.000Z',
        providerPartyId: nordic.partyId,
      },
    ]);
    expect((await stranger.get('/tranches')).body['items']).toEqual([]);
  });

  it('fails with the reason of the issuer and may be opened again', async () => {
    await answer(1, 'issuance.grant-refused', { reason: 'insufficient_tokens' });
    await eventually('the failure', async () => (await trancheStatus(1))?.status === 'failed');
    expect((await trancheStatus(1))?.failureReason).toBe('insufficient_tokens');
    expect((await nordic.post(`${tranche(1)}/openings`)).status).toBe(202);
    await granted(1);
    await eventually('the delivery', async () => (await trancheStatus(1))?.status === 'delivered');
  });

  it('brings its shares with the acceptance, once', async () => {
    expect((await acme.post(`${tranche(1)}/acceptances`)).status).toBe(201);
    expect((await acme.post(`${tranche(1)}/acceptances`)).status).toBe(201);
    const { body } = await nordic.get(`${company}/cap-table`);
    expect(body['fullyDiluted']).toBe('10277777');
    expect(body['holders']).toContainEqual({
      partyId: nordic.partyId,
      shares: '277777',
      holdings: [{ classId: preferred, shares: '277777' }],
      fraction: { numerator: '277777', denominator: '10277777' },
      decimal: '0.0270269534',
    });
  });

  it('completes the deal with the last one: exactly the shares of the terms', async () => {
    for (const number of [2, 3]) {
      await nordic.post(`${tranche(number)}/openings`);
      await granted(number);
      await eventually(
        'the delivery',
        async () => (await trancheStatus(number))?.status === 'delivered',
      );
      expect((await acme.post(`${tranche(number)}/acceptances`)).status).toBe(201);
    }
    expect((await acme.get(deal)).body).toMatchObject({
      status: 'completed',
      sharesIssued: '1111111',
      tokensAccepted: '100000.000000',
    });
  });

  it('leaves the holder free to give shares up', async () => {
    const cancellation = { classId: preferred, shares: '111' };
    expect(refusal(await stranger.post(`${company}/cancellations`, cancellation))).toEqual([
      409,
      'holding_too_small',
    ]);
    expect((await nordic.post(`${company}/cancellations`, cancellation)).status).toBe(201);
    expect((await acme.get(company)).body['classes']).toContainEqual({
      classId: preferred,
      kind: 'preferred',
      authorised: '1111111',
      issued: '1111111',
      cancelled: '111',
      outstanding: '1111000',
      reserved: '0',
    });
  });
});

describe('The books', () => {
  it('add up in every class (S5), and are attested as the log has them (S8)', async () => {
    const folded = foldOf(await world.service.store.readAll(0, 10_000));
    const requestId = randomUUID();
    const data = { requestId, requestedBy: auditor.partyId };
    await world.publish(
      'audit',
      streamIds.reconciliation(requestId),
      'audit.reconciliation-requested',
      data,
    );
    const attested = await world.recorded(streamIds.attestation(requestId), 'deals.state-attested');
    expect(attested.data).toMatchObject(digestOfState(folded.collections()));
    expect(folded.holdings.get(`${preferred}/${nordic.partyId}`)?.shares).toBe(1_111_000n);
  });
});

describePreviews(() => world.previews);

function ids(count: 3): readonly [string, string, string];
function ids(count: 5): readonly [string, string, string, string, string];
function ids(count: number): readonly string[] {
  return Array.from({ length: count }, () => randomUUID());
}
