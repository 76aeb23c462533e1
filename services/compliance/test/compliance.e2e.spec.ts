import { randomUUID } from 'node:crypto';
import type { ServiceApp } from '@specie/nest-platform';
import { describeApiConformance } from '@specie/service-testing';
import { clientOf, type Answer } from '@specie/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { complianceService } from '../src/app.module.js';
import {
  ada,
  bob,
  createDatabases,
  documentHash,
  dropAuditDatabase,
  officer,
  onboard,
  person,
  prepare,
  type ComplianceDatabases,
} from './compliance-story.js';

let databases: ComplianceDatabases;
let service: ServiceApp;

afterAll(dropAuditDatabase);
beforeEach(async () => {
  databases = await createDatabases();
  service = await databases.start();
});
afterEach(async () => {
  await service.close();
  await databases.drop();
});

describe('Onboarding', () => {
  it('leads from registration to eligibility by two people', async () => {
    await onboard(service, ada, person);
    const asAda = await clientOf(service, ada);
    expect((await asAda.get(`/parties/${ada.partyId}`)).body).toEqual({
      partyId: ada.partyId,
      name: 'Ada Lovetron',
      kind: 'person',
      country: 'US',
      status: 'approved',
      actions: ['deal', 'trade', 'transfer', 'redeem'],
      accredited: true,
      validUntil: '2098-01-01T00:00:00.000Z',
      streamVersion: 6,
    });
    const eligibleAt = async (at: string) =>
      (await asAda.get(`/parties/${ada.partyId}/eligibility?action=trade&at=${at}`)).body[
        'eligible'
      ];
    expect(await eligibleAt('2097-12-31T23:59:59.999Z')).toBe(true);
    expect(await eligibleAt('2098-01-01T00:00:00.000Z')).toBe(false);
  });

  it('keeps names out of the log, the stored answers and every error (S10)', async () => {
    await onboard(service, ada, person);
    const asAda = await clientOf(service, ada);
    const other = await asAda.post('/parties', { ...person, name: 'Somebody Else' });
    expect(other).toMatchObject({ status: 409, body: { code: 'already_registered_differently' } });
    const wrong = await asAda.post('/parties', { ...person, name: ' Ada Lovetron' });
    expect(wrong.status).toBe(400);
    const log = JSON.stringify(await service.store.readAll(0, 1_000));
    const answers = JSON.stringify(
      await service.dataSource.query(
        "select convert_from(answer, 'UTF8') as answer, scope, key from command_seen",
      ),
    );
    for (const text of [log, answers, JSON.stringify(other.body), JSON.stringify(wrong.body)]) {
      expect(text).not.toMatch(/lovetron|somebody/i);
    }
    const names = await service.dataSource.query<{ name: string }[]>(
      'select name from personal_data',
    );
    expect(names).toEqual([{ name: 'Ada Lovetron' }]);
  });

  it('shows names to officers and to the party itself, to nobody else', async () => {
    await onboard(service, ada, person);
    const asOfficer = await clientOf(service, officer);
    const auditor = { partyId: randomUUID(), roles: ['auditor'] as const };
    const asAuditor = await clientOf(service, auditor);
    const named = { items: [{ partyId: ada.partyId, name: 'Ada Lovetron' }] };
    const unnamed = { items: [{ partyId: ada.partyId, name: null }] };
    expect((await asOfficer.get('/parties')).body).toMatchObject(named);
    expect((await asAuditor.get('/parties')).body).toMatchObject(unnamed);
    const path = `/parties/${ada.partyId}`;
    expect((await asOfficer.get(path)).body).toMatchObject({ name: 'Ada Lovetron' });
    expect((await asAuditor.get(path)).body).toMatchObject({ name: null });
    await service.dataSource.query('delete from personal_data');
    expect((await asOfficer.get('/parties')).body).toMatchObject(unnamed);
  });

  it('lists every rule that stands against an approval', async () => {
    const asOfficer = await clientOf(service, officer);
    const { body } = await asOfficer.post('/parties', { ...person, partyId: ada.partyId });
    const path = `/parties/${String(body['id'])}/approval`;
    const refused = await asOfficer.post(path, { evidenceHash: 'd'.repeat(64) }, 'try');
    expect(refused).toMatchObject({ status: 422, body: { code: 'kyc_missing' } });
    const codes = (answer: Answer) =>
      (answer.body['violations'] as readonly { code: string }[]).map(({ code }) => code);
    const all = ['kyc_missing', 'evidence_changed', 'screening_missing', 'self_approval'];
    expect(codes(refused)).toEqual(all);
    const again = await asOfficer.post(path, { evidenceHash: 'd'.repeat(64) }, 'try');
    expect(again.headers.get('idempotency-hit')).toBe('true');
    expect(codes(again)).toEqual(all);
    expect(again.body['violations']).toEqual(refused.body['violations']);
    expect(again.body['violations']).toContainEqual({
      path: 'partyId',
      code: 'kyc_missing',
      message: 'File the evidence that identifies this kind of party. (100)',
    });
  });

  it('binds the approval to the evidence that was seen', async () => {
    const asOfficer = await clientOf(service, officer);
    await prepare(service, ada, person);
    const seen = (await asOfficer.get(`/parties/${ada.partyId}/case`)).body['evidenceHash'];
    await (
      await clientOf(service, ada)
    ).post(`/parties/${ada.partyId}/evidence`, {
      kind: 'identity',
      documentHash: 'e'.repeat(64),
      expiresAt: '2099-06-01T00:00:00Z',
    });
    expect(
      await asOfficer.post(`/parties/${ada.partyId}/approval`, { evidenceHash: seen }),
    ).toMatchObject({
      status: 409,
      body: { code: 'evidence_changed' },
    });
  });

  it('gives one effect to a repeated key (S9)', async () => {
    const asAda = await clientOf(service, ada);
    const first = await asAda.post('/parties', person, 'once');
    const repeat = await asAda.post('/parties', person, 'once');
    expect(repeat.body).toEqual(first.body);
    expect(repeat.headers.get('idempotency-hit')).toBe('true');
    expect(await asAda.post('/parties', { ...person, country: 'DE' }, 'once')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await service.store.readAll(0, 10)).toHaveLength(1);
  });
});

describe('Screening', () => {
  const listed = { ...person, kind: 'company', name: 'Greywater Shipping Lines' };

  it('raises an alert that an officer must resolve before the approval', async () => {
    const asOfficer = await clientOf(service, officer);
    const screeningId = await prepare(service, bob, listed);
    const { body: opened } = await asOfficer.get(`/parties/${bob.partyId}/case`);
    expect(opened).toMatchObject({
      violations: ['screening_pending'],
      screening: {
        verdict: 'alert',
        isCurrentList: true,
        candidates: [{ entryNumber: 9001, nameKind: 'primary' }],
      },
    });
    expect((await asOfficer.get('/alerts')).body).toMatchObject({
      items: [{ screeningId, partyId: bob.partyId, name: 'Greywater Shipping Lines' }],
    });
    const approval = { evidenceHash: opened['evidenceHash'] };
    expect(await asOfficer.post(`/parties/${bob.partyId}/approval`, approval)).toMatchObject({
      status: 409,
      body: { code: 'screening_pending' },
    });
    const resolution = `/parties/${bob.partyId}/screenings/${screeningId}/resolution`;
    expect((await asOfficer.post(resolution, { resolution: 'false_positive' })).status).toBe(201);
    expect((await asOfficer.get('/alerts')).body).toMatchObject({ items: [] });
    expect((await asOfficer.post(`/parties/${bob.partyId}/approval`, approval)).status).toBe(201);
  });

  it('freezes on a true match and tells the party nothing but review_pending', async () => {
    const asOfficer = await clientOf(service, officer);
    const screeningId = await prepare(service, bob, listed);
    const resolution = `/parties/${bob.partyId}/screenings/${screeningId}/resolution`;
    expect((await asOfficer.post(resolution, { resolution: 'true_match' })).status).toBe(201);
    const asBob = await clientOf(service, bob);
    const { body } = await asBob.get(`/parties/${bob.partyId}`);
    expect(body).toMatchObject({ status: 'review_pending', actions: [] });
    expect(JSON.stringify(body)).not.toMatch(/sanction|screening|match|frozen/);
    for (const path of [`/parties/${bob.partyId}/case`, '/alerts', '/parties', '/sanctions-list']) {
      expect((await asBob.get(path)).status).toBe(403);
    }
    expect(await asOfficer.post(`/parties/${bob.partyId}/unfreeze`)).toMatchObject({
      status: 422,
      body: { code: 'sanctions_hit' },
    });
  });

  it('freezes and unfreezes an approved party', async () => {
    await onboard(service, ada, person);
    const [asOfficer, asAda] = [await clientOf(service, officer), await clientOf(service, ada)];
    expect(
      (await asOfficer.post(`/parties/${ada.partyId}/freeze`, { reason: 'court_order' })).status,
    ).toBe(201);
    const trade = `/parties/${ada.partyId}/eligibility?action=trade`;
    expect((await asAda.get(trade)).body['eligible']).toBe(false);
    expect((await asOfficer.post(`/parties/${ada.partyId}/unfreeze`)).status).toBe(201);
    expect((await asAda.get(trade)).body['eligible']).toBe(true);
    const types = (await service.store.readAll(0, 100)).map(({ type }) => type);
    expect(types.slice(-3)).toEqual([
      'compliance.party-frozen',
      'compliance.party-unfrozen',
      'compliance.eligibility-published',
    ]);
  });

  it('lets nobody act for another party', async () => {
    await onboard(service, ada, person);
    const asBob = await clientOf(service, bob);
    const forbidden = { status: 403, body: { code: 'not_your_party' } };
    expect(await asBob.get(`/parties/${ada.partyId}`)).toMatchObject(forbidden);
    expect(await asBob.post('/parties', { ...person, partyId: randomUUID() })).toMatchObject(
      forbidden,
    );
    expect(
      await asBob.post(`/parties/${ada.partyId}/evidence`, {
        kind: 'identity',
        documentHash,
        expiresAt: '2099-01-01T00:00:00.000Z',
      }),
    ).toMatchObject(forbidden);
  });
});

let conformanceDatabases: ComplianceDatabases;
describeApiConformance(complianceService, {
  partyId: ada.partyId,
  start: async () => {
    conformanceDatabases = await createDatabases();
    return conformanceDatabases.start();
  },
  cleanUp: () => conformanceDatabases.drop(),
});
