import { randomUUID } from 'node:crypto';
import { marketEscrowPartyId, streamIds } from '@specie/contracts';
import { digestOfState } from '@specie/attestation';
import { derivedId, type Role } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { clientOf, eventually, type Answer, type Client, toldBy } from '@specie/testing';
import { describePreviews } from '@specie/service-testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldOf } from './fold.js';
import { openWorld, type World } from './world.js';

let world: World;
let nordic: Client;
let acme: Client;
let bolt: Client;
let auditor: Client;
let seriesId: string;
let grantedTranche: string;

beforeAll(async () => {
  world = await openWorld({ withPreviews: true });
  nordic = await as('provider-admin');
  acme = await as('founder');
  bolt = await as('investor');
  auditor = await as('auditor');
});
afterAll(() => world.close());

/** A party of its own, in one role. */
const as = (role: Role) => clientOf(world.service, { partyId: randomUUID(), roles: [role] });
const tokens = (whole: number) => microTokens(BigInt(whole) * 1_000_000n);
const accountOf = (partyId: string) => derivedId('account', seriesId, partyId);
const refusal = ({ status, body }: Answer) => [status, body['code']];
const balances = async (partyId: string) => {
  const { body } = await auditor.get(`/accounts/${accountOf(partyId)}`);
  return [body['available'], body['held'], body['locked']];
};
const openTranche = async (
  trancheId: string,
  quantity: number,
  lockupEndsAt: string | null = null,
) => {
  const dealId = randomUUID();
  await world.publish('deals', streamIds.deal(dealId), 'deals.tranche-opened', {
    dealId,
    trancheId,
    seriesId,
    fromPartyId: nordic.partyId,
    toPartyId: acme.partyId,
    tokens: tokens(quantity),
    lockupEndsAt,
  });
};

describe('A provider', () => {
  it('registers once it is eligible', async () => {
    expect(refusal(await nordic.post('/providers', { uptimeHaircutBps: 500 }))).toEqual([
      403,
      'party_ineligible',
    ]);
    await world.allow(nordic.partyId, 'issue', 'trade', 'transfer');
    const registered = await nordic.post('/providers', { uptimeHaircutBps: 500 });
    expect(registered).toMatchObject({
      status: 201,
      body: { id: nordic.partyId, streamVersion: 1 },
    });
    expect((await acme.get(`/providers/${nordic.partyId}`)).body).toEqual({
      providerId: nordic.partyId,
      uptimeHaircutBps: 500,
      streamVersion: 1,
    });
  });

  it('commits capacity, opens a series, and mints nothing before an auditor attests', async () => {
    const commitments = `/providers/${nordic.partyId}/capacity-commitments`;
    const month = { fromOn: '2026-03-01', toOn: '2026-03-31' };
    const committed = await nordic.post(commitments, { sku: 'H100-SXM', gpuCount: 10, ...month });
    expect(committed.status).toBe(201);
    const commitmentId = committed.body['id'] as string;
    const opened = await nordic.post('/series', {
      windowFromOn: '2026-03-01',
      windowToOn: '2026-03-31',
      skus: ['H100-SXM'],
      region: 'eu-north',
      transferable: true,
    });
    seriesId = opened.body['id'] as string;
    const mints = `/series/${seriesId}/mints`;
    expect(refusal(await nordic.post(mints, { quantity: '1.000000' }))).toEqual([
      422,
      'coverage_exceeded',
    ]);
    const attestations = `${commitments}/${commitmentId}/attestations`;
    const evidence = { evidenceHash: 'ab'.repeat(32) };
    expect((await nordic.post(attestations, evidence)).status).toBe(403);
    expect((await auditor.post(attestations, evidence)).status).toBe(201);
    expect((await acme.get(commitments)).body['items']).toMatchObject([
      { commitmentId, tokensPerDay: '228.000000', status: 'attested', attestedBy: auditor.partyId },
    ]);
  });

  it('is told which days bind and how much could be minted', async () => {
    const refused = await nordic.post(`/series/${seriesId}/mints`, { quantity: '7068.000001' });
    expect(refusal(refused)).toEqual([422, 'coverage_exceeded']);
    const [binding, largest] = refused.body['violations'] as { code: string; message: string }[];
    expect([binding?.code, largest?.code]).toEqual(['binding_interval', 'largest_mint']);
    expect(binding?.message).toMatch(/2026-03-01 to 2026-03-31.*7068\.000001.*H100-SXM/);
    expect(largest?.message).toContain('7068.000000');
  });

  it('says the same of a refusal that is repeated, numbers included', async () => {
    const key = randomUUID();
    const mint = () => nordic.post(`/series/${seriesId}/mints`, { quantity: '7069' }, key);
    const { instance: _first, ...first } = (await mint()).body;
    const again = await mint();
    const { instance: _again, ...repeated } = again.body;
    expect(again.headers.get('idempotency-hit')).toBe('true');
    expect(repeated).toEqual(first);
    expect(first['detail']).toMatch(
      /^From 2026-03-01 to 2026-03-31 .* The largest mint that would succeed is 7068\.000000\./,
    );
  });

  it('mints within coverage, once per idempotency key', async () => {
    const key = randomUUID();
    const first = await nordic.post(`/series/${seriesId}/mints`, { quantity: '7000' }, key);
    expect(first.status).toBe(201);
    const again = await nordic.post(`/series/${seriesId}/mints`, { quantity: '7000' }, key);
    expect([again.body, again.headers.get('idempotency-hit')]).toEqual([first.body, 'true']);
    expect(refusal(await nordic.post(`/series/${seriesId}/mints`, { quantity: '8' }, key))).toEqual(
      [422, 'idempotency_key_reused'],
    );
    expect((await acme.get(`/series/${seriesId}`)).body).toMatchObject({
      minted: '7000.000000',
      burned: '0.000000',
    });
    expect(await balances(nordic.partyId)).toEqual(['7000.000000', '0.000000', '0.000000']);
  });

  it('publishes its coverage', async () => {
    expect((await bolt.get(`/providers/${nordic.partyId}/coverage`)).body).toEqual({
      providerId: nordic.partyId,
      asOfOn: '2026-03-01',
      covered: true,
      shortfall: null,
      ladder: [
        {
          fromOn: '2026-03-01',
          toOn: '2026-03-31',
          capacity: '7068.000000',
          due: '7000.000000',
          cumulativeSlack: '68.000000',
        },
      ],
      mintable: [{ seriesId, quantity: '68.000000' }],
    });
  });

  it('keeps capacity that tokens depend on', async () => {
    const list = await nordic.get(`/providers/${nordic.partyId}/capacity-commitments`);
    const [commitment] = list.body['items'] as { commitmentId: string }[];
    const path = `/providers/${nordic.partyId}/capacity-commitments/${commitment?.commitmentId ?? ''}/withdrawals`;
    const refused = await nordic.post(path);
    expect(refusal(refused)).toEqual([409, 'coverage_would_break']);
    expect(refused.body['violations']).toMatchObject([{ code: 'binding_interval' }]);
  });

  it('acts for itself only', async () => {
    const stranger = await as('provider-admin');
    const path = `/providers/${nordic.partyId}/capacity-commitments`;
    const month = { fromOn: '2026-03-01', toOn: '2026-03-31' };
    expect(refusal(await stranger.post(path, { sku: 'B200', gpuCount: 1, ...month }))).toEqual([
      403,
      'not_your_provider',
    ]);
    expect(refusal(await stranger.post(`/series/${seriesId}/mints`, { quantity: '1' }))).toEqual([
      403,
      'not_your_series',
    ]);
    expect(
      refusal(await stranger.post(`/series/${randomUUID()}/mints`, { quantity: '1' })),
    ).toEqual([404, 'series_unknown']);
  });
});

describe('A tranche', () => {
  it('is refused with a reason, and granted when it is opened again', async () => {
    grantedTranche = randomUUID();
    const grantId = derivedId('grant', grantedTranche);
    await openTranche(grantedTranche, 1_000);
    const refused = await world.recorded(streamIds.grant(grantId), 'issuance.grant-refused');
    expect(refused.data).toMatchObject({
      trancheId: grantedTranche,
      reason: 'recipient_ineligible',
    });
    await world.allow(acme.partyId, 'grant', 'trade', 'transfer', 'redeem');
    await openTranche(grantedTranche, 1_000);
    await world.recorded(streamIds.grant(grantId), 'issuance.tokens-granted');
    expect(await balances(acme.partyId)).toEqual(['1000.000000', '0.000000', '0.000000']);
  });

  it('is granted once, however often it is opened', async () => {
    await openTranche(grantedTranche, 1_000);
    const locked = randomUUID();
    await openTranche(locked, 500, '2026-06-01T00:00:00.000Z');
    await world.recorded(streamIds.grant(derivedId('grant', locked)), 'issuance.tokens-granted');
    await eventually(
      'the repeated opening',
      async () => (await balances(acme.partyId))[0] === '1500.000000',
    );
    expect(await balances(acme.partyId)).toEqual(['1500.000000', '0.000000', '500.000000']);
  });
});

describe('A token account', () => {
  it('transfers to an eligible party, and nothing that is locked', async () => {
    const path = `/accounts/${accountOf(acme.partyId)}/transfers`;
    const transfer = { toPartyId: bolt.partyId, quantity: '300' };
    expect(refusal(await acme.post(path, transfer))).toEqual([403, 'recipient_ineligible']);
    await world.allow(bolt.partyId, 'trade', 'transfer');
    const movementId = randomUUID();
    expect((await acme.post(path, { ...transfer, movementId })).body['id']).toBe(movementId);
    expect((await acme.post(path, { ...transfer, movementId })).body['id']).toBe(movementId);
    expect(refusal(await acme.post(path, { ...transfer, movementId, quantity: '301' }))).toEqual([
      409,
      'movement_exists_differently',
    ]);
    expect(refusal(await acme.post(path, { ...transfer, quantity: '701' }))).toEqual([
      409,
      'lockup_active',
    ]);
    expect(refusal(await acme.post(path, { ...transfer, quantity: '5000' }))).toEqual([
      409,
      'insufficient_tokens',
    ]);
    expect(refusal(await bolt.post(path, transfer))).toEqual([404, 'account_unknown']);
    const escrow = { ...transfer, toPartyId: marketEscrowPartyId };
    expect(refusal(await acme.post(path, escrow))).toEqual([422, 'recipient_is_escrow']);
    expect(await balances(bolt.partyId)).toEqual(['300.000000', '0.000000', '0.000000']);
  });

  it('is private, and listed for its party', async () => {
    const transfer = { toPartyId: acme.partyId, quantity: '1' };
    const asked = async (account: string) => [
      await acme.get(account),
      await acme.get(`${account}/holds`),
      await acme.get(`${account}/movements`),
      await acme.post(`${account}/transfers`, transfer),
      await acme.post(`${account}/escrow-deposits`, { quantity: '1' }),
    ];
    const answers = (await asked(`/accounts/${accountOf(bolt.partyId)}`)).map(toldBy);
    expect(answers).toEqual((await asked(`/accounts/${randomUUID()}`)).map(toldBy));
    expect(answers).toMatchObject(answers.map(() => ({ code: 'account_unknown' })));
    expect(refusal(await acme.get(`/accounts?partyId=${bolt.partyId}`))).toEqual([
      403,
      'not_your_account',
    ]);
    expect((await bolt.get('/accounts')).body['items']).toMatchObject([
      { partyId: bolt.partyId, available: '300.000000' },
    ]);
    const first = await auditor.get(`/accounts?seriesId=${seriesId}&limit=2`);
    const rest = await auditor.get(
      `/accounts?seriesId=${seriesId}&limit=2&cursor=${String(first.body['nextCursor'])}`,
    );
    expect([
      (first.body['items'] as unknown[]).length,
      (rest.body['items'] as unknown[]).length,
    ]).toEqual([2, 1]);
    expect(
      (await acme.get(`/accounts/${accountOf(acme.partyId)}/movements`)).body['items'],
    ).toMatchObject([
      { movement: 'transfer', direction: 'sent', quantity: '300.000000' },
      { movement: 'grant', direction: 'received', quantity: '500.000000' },
      { movement: 'grant', direction: 'received', quantity: '1000.000000' },
    ]);
  });

  it('goes into escrow and comes back by a withdrawal', async () => {
    const deposit = await bolt.post(`/accounts/${accountOf(bolt.partyId)}/escrow-deposits`, {
      quantity: '200',
    });
    expect(deposit.status).toBe(201);
    expect((await balances(marketEscrowPartyId))[0]).toBe('200.000000');
    const [settled, refused] = [randomUUID(), randomUUID()];
    const withdraw = (withdrawalId: string, quantity: number) =>
      world.publish('market', streamIds.shard('main'), 'market.withdrawal-requested', {
        withdrawalId,
        partyId: acme.partyId,
        seriesId,
        quantity: tokens(quantity),
      });
    await withdraw(settled, 150);
    await withdraw(refused, 51);
    await world.recorded(
      streamIds.withdrawal(acme.partyId, settled),
      'issuance.withdrawal-settled',
    );
    const answer = await world.recorded(
      streamIds.withdrawal(acme.partyId, refused),
      'issuance.withdrawal-refused',
    );
    expect(answer.data).toMatchObject({ reason: 'insufficient_tokens', quantity: '51.000000' });
    expect((await balances(marketEscrowPartyId))[0]).toBe('50.000000');
    expect((await balances(acme.partyId))[0]).toBe('1350.000000');
  });
});

describe('A redemption', () => {
  it('holds, burns what was used and releases the rest', async () => {
    const reservationId = randomUUID();
    const stream = streamIds.reservation(reservationId);
    const named = { reservationId, partyId: acme.partyId, seriesId };
    const account = streamIds.account(accountOf(acme.partyId));
    await world.publish('metering', stream, 'metering.redemption-requested', {
      ...named,
      sku: 'H100-SXM',
      weightVersion: 1,
      weightPpm: 1_000_000,
      quantity: tokens(600),
      expiresAt: '2026-03-10T00:00:00.000Z',
    });
    await world.recorded(account, 'issuance.tokens-held');
    // The locked 500 are used first: what can be sold stays with the holder.
    expect(await balances(acme.partyId)).toEqual(['750.000000', '600.000000', '0.000000']);
    await world.publish('metering', stream, 'metering.slice-captured', {
      ...named,
      captureId: randomUUID(),
      sliceNumber: 1,
      usageCount: 1,
      gpuSeconds: 3_600n,
      atoms: 25_200_000_000_000n,
      atomsCumulative: 25_200_000_000_000n,
      captured: tokens(450),
      capturedCumulative: tokens(450),
    });
    await world.publish('metering', stream, 'metering.reservation-closed', {
      ...named,
      captured: tokens(450),
      released: tokens(150),
      reason: 'requested',
    });
    const released = await world.recorded(account, 'issuance.hold-released');
    expect(released.data).toMatchObject({ holdId: reservationId, quantity: '150.000000' });
    expect(await balances(acme.partyId)).toEqual(['900.000000', '0.000000', '50.000000']);
    expect(
      (await acme.get(`/accounts/${accountOf(acme.partyId)}/holds`)).body['items'],
    ).toMatchObject([
      { holdId: reservationId, captured: '450.000000', released: '150.000000', status: 'closed' },
    ]);
    expect((await acme.get(`/series/${seriesId}`)).body).toMatchObject({
      burned: '450.000000',
      outstanding: '6550.000000',
    });
  });

  it('is refused with a reason', async () => {
    const reservationId = randomUUID();
    await world.publish(
      'metering',
      streamIds.reservation(reservationId),
      'metering.redemption-requested',
      {
        reservationId,
        partyId: acme.partyId,
        seriesId,
        sku: 'B200',
        weightVersion: 1,
        weightPpm: 2_186_000,
        quantity: tokens(1),
        expiresAt: '2026-03-10T00:00:00.000Z',
      },
    );
    const refused = await world.recorded(streamIds.hold(reservationId), 'issuance.hold-refused');
    expect(refused.data).toMatchObject({ holdId: reservationId, reason: 'sku_not_in_series' });
  });
});

describe('The books', () => {
  it('add up in every series (S1), and are attested as the log has them (S8)', async () => {
    const folded = foldOf(await world.service.store.readAll(0, 10_000));
    const requestId = randomUUID();
    const data = { requestId, requestedBy: auditor.partyId };
    const asked = streamIds.reconciliation(requestId);
    await world.publish('audit', asked, 'audit.reconciliation-requested', data);
    const stream = streamIds.attestation(requestId);
    const attested = await world.recorded(stream, 'issuance.state-attested');
    expect(attested.data).toMatchObject(digestOfState(folded.collections()));
    const series = folded.series.get(seriesId);
    const inAccounts = [...folded.accounts.values()].reduce(
      (sum, row) => sum + row.available + row.held,
      0n,
    );
    expect([series?.minted, series?.burned, inAccounts]).toEqual([7_000, 450, 6_550].map(tokens));
  });
});

describePreviews(() => world.previews);
