import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceWorld } from '@specie/service-testing';
import { clientOf, createTestDatabase, eventually } from '@specie/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complianceService } from '../src/app.module.js';
import { ada, bob, officer, onboard, person, prepare } from './compliance-story.js';
import { entry, writeList } from './list-story.js';

let world: ServiceWorld<'audit'>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'specie-list-'));
  world = await ServiceWorld.open({ peers: ['audit'], createDatabase: createTestDatabase });
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

it('The preview of every command answers what then happens', async () => {
  await writeList(folder, { sdn: entry(1, 'QUILL, Bo') });
  const service = await world.startWithPreviews(complianceService, {
    env: { SANCTIONS_DIR: folder },
  });
  await onboard(service, ada, person);
  const screeningId = await prepare(service, bob, { ...person, name: 'Bo Quill' });
  const asOfficer = await clientOf(service, officer);
  const statusOf = async (path: string, body?: object): Promise<number> =>
    (await asOfficer.post(path, body)).status;
  const ofBob = `/parties/${bob.partyId}`;
  expect(await statusOf(`${ofBob}/approval`, { evidenceHash: 'd'.repeat(64) })).toBe(409);
  const resolution = { resolution: 'false_positive' };
  expect(await statusOf(`${ofBob}/screenings/${screeningId}/resolution`, resolution)).toBe(201);
  const ofAda = `/parties/${ada.partyId}`;
  expect(await statusOf(`${ofAda}/freeze`, { reason: 'court_order' })).toBe(201);
  expect(await statusOf(`${ofAda}/unfreeze`)).toBe(201);
  await writeList(folder, { sdn: entry(1, 'QUILL, Bo') + entry(2, 'LOVETRON, Ada') });
  await eventually('no stale screening', async () => {
    const { body } = await asOfficer.get('/stale-screenings');
    return (body['items'] as unknown[]).length === 0 && (await caseStatus()) === 'frozen';
  });
  const { counts, differences } = world.previews;
  expect(differences).toEqual([]);
  expect([...counts].filter(([, count]) => count === 0)).toEqual([]);

  async function caseStatus(): Promise<unknown> {
    return (await asOfficer.get(`${ofAda}/case`)).body['status'];
  }
});
