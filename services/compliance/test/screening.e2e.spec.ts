import { randomUUID } from 'node:crypto';
import type { ServiceApp } from '@specie/nest-platform';
import { clientOf } from '@specie/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createDatabases,
  dropAuditDatabase,
  officer,
  person,
  prepare,
  second,
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

describe('A screening of a name', () => {
  it('in other letters than those of the list raises an alert', async () => {
    const names = [
      'Виктор Остравен',
      'Βίκτωρ Οστραβέν',
      'فيكتور أوسترافين',
      '维克托·奥斯特拉文',
      'Ｖｉｋｔｏｒ　Ｏｓｔｒａｖｅｎ',
      'Vіktоr Оstrаvеn',
    ];
    for (const name of names) {
      expect(await caseOf({ ...person, name, aliases: [] }), name).toMatchObject({
        violations: ['screening_pending'],
        screening: {
          verdict: 'alert',
          alertReason: 'name_match',
          candidates: [{ entryNumber: 9002 }],
        },
      });
    }
  });

  it('that says nothing raises an alert and stands against the approval', async () => {
    const company = { ...person, kind: 'company', aliases: [] };
    for (const data of [
      { ...person, name: '---', aliases: [] },
      { ...person, aliases: ['☃☃☃'] },
      { ...company, name: 'Limited Company' },
    ]) {
      const { partyId, screeningId, ...opened } = await caseOf(data);
      expect(opened, data.name).toMatchObject({
        violations: ['screening_pending'],
        screening: { verdict: 'alert', alertReason: 'name_not_comparable', candidates: [] },
      });
      const asOfficer = await clientOf(service, officer);
      expect(
        await asOfficer.post(`/parties/${partyId}/approval`, {
          evidenceHash: opened['evidenceHash'],
        }),
      ).toMatchObject({ status: 409, body: { code: 'screening_pending' } });
      const { body } = await asOfficer.get('/alerts');
      expect(body['items']).toContainEqual(
        expect.objectContaining({ screeningId, partyId, alertReason: 'name_not_comparable' }),
      );
    }
  });

  it('of a company is not an alert for its suffix', async () => {
    const company = { ...person, kind: 'company', aliases: [] };
    expect(await caseOf({ ...company, name: 'A-B-C Holdings Limited' })).toMatchObject({
      violations: [],
      screening: { verdict: 'clear', alertReason: null, bestScorePpm: 0, candidates: [] },
    });
    expect(await caseOf({ ...company, name: 'Brassmoor Group Ltd.' })).toMatchObject({
      screening: { verdict: 'alert', candidates: [{ entryNumber: 9004 }] },
    });
  });
});

async function caseOf(
  data: typeof person,
): Promise<Record<string, unknown> & { partyId: string; screeningId: string }> {
  const partyId = randomUUID();
  const screeningId = await prepare(service, { partyId, roles: ['founder'] }, data);
  const { body } = await (await clientOf(service, officer)).get(`/parties/${partyId}/case`);
  return { ...body, partyId, screeningId };
}

describe('An officer whose own name is listed', () => {
  it('does not resolve the alert; somebody else does', async () => {
    const own = { partyId: officer.partyId, roles: ['compliance-officer'] as const };
    const listed = { ...person, ...{ partyId: own.partyId }, name: 'Viktor Ostraven', aliases: [] };
    const screeningId = await prepare(service, own, listed);
    const path = `/parties/${own.partyId}/screenings/${screeningId}/resolution`;
    const dismissed = { resolution: 'false_positive' };
    const refused = await (await clientOf(service, own)).post(path, dismissed);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: 'self_approval',
        violations: [{ code: 'self_approval' }, { code: 'four_eyes_required' }],
      },
    });
    expect((await (await clientOf(service, second)).post(path, dismissed)).status).toBe(201);
  });
});
