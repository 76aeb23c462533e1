import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceApp } from '@specie/nest-platform';
import { clientOf, eventually } from '@specie/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ada,
  bob,
  createDatabases,
  dropAuditDatabase,
  file,
  officer,
  onboard,
  person,
  prepare,
  type ComplianceDatabases,
} from './compliance-story.js';
import { entry, writeList as writeListTo } from './list-story.js';

const names = ['FIRST, Ann', 'SECOND, Bert', 'THIRD, Carl', 'FOURTH, Dora'];
const sdn = names.map((name, place) => entry(place + 1, name)).join('');
const naming = (name: string): string => sdn + entry(5, name);

let databases: ComplianceDatabases;
let service: ServiceApp;
let folder: string;

afterAll(dropAuditDatabase);
beforeEach(async () => {
  databases = await createDatabases();
  folder = await mkdtemp(join(tmpdir(), 'specie-list-'));
});
afterEach(async () => {
  await service.close();
  await databases.drop();
  await rm(folder, { recursive: true });
});

describe('A damaged list', () => {
  it.each([
    [
      'a stray quote',
      sdn.replace('SECOND, Bert"', 'SECOND", Bert"'),
      'sdn.csv line 2: quotes_unbalanced',
    ],
    ['a short row', sdn.replace(/,-0-[^\r]*/, ''), 'sdn.csv line 1: column_count'],
    ['an empty file', '', 'sdn.csv: file_empty'],
    ['fewer entries', sdn.split('\r\n').slice(0, 3).join('\r\n'), 'sdn.csv: file_shrunk'],
    [
      'bytes that are no UTF-8',
      Buffer.from(sdn.replace('Carl', 'Câri'), 'latin1'),
      'sdn.csv line 3: not_utf8',
    ],
  ])(
    'is refused, and the one before it stays in force, also after a restart: %s',
    async (_what, damaged, problem) => {
      await writeList({ sdn });
      await start();
      const before = await listInForce();
      expect(before).toMatchObject({ entryCount: 4, refused: null });
      await writeList({ sdn: damaged });
      await eventually('the refusal', async () => (await listInForce())['refused'] !== null);
      for (const restart of [false, true]) {
        if (restart) {
          await service.close();
          await start();
        }
        const { version, entryCount, refused } = await listInForce();
        expect([version, entryCount]).toEqual([before['version'], 4]);
        expect((refused as { problems: string[] }).problems).toContain(problem);
        expect(await health('sanctions-list')).toMatchObject({ status: 'degraded' });
      }
      await prepare(service, ada, { ...person, name: 'Dora Fourth' });
      expect((await caseOf(ada.partyId))['screening']).toMatchObject({ verdict: 'alert' });
      await writeList({ sdn: naming('FIFTH, Eve') });
      await eventually('the repaired list', async () => (await listInForce())['entryCount'] === 5);
      expect(await health('sanctions-list')).toMatchObject({ status: 'up' });
    },
  );

  it('leaves nothing to screen against if none was ever accepted: nobody is approved', async () => {
    await writeList({ sdn: '' });
    await start();
    expect(await listInForce()).toEqual({
      version: null,
      entryCount: 0,
      refused: { version: expect.any(String) as string, problems: ['sdn.csv: file_empty'] },
    });
    await file(service, ada, person);
    const asOfficer = await clientOf(service, officer);
    expect(await asOfficer.post(`/parties/${ada.partyId}/screenings`)).toMatchObject({
      status: 503,
      body: { code: 'sanctions_list_missing' },
    });
    const { evidenceHash, violations } = await caseOf(ada.partyId);
    expect(violations).toEqual(['sanctions_list_missing', 'screening_missing']);
    expect(
      await asOfficer.post(`/parties/${ada.partyId}/approval`, { evidenceHash }),
    ).toMatchObject({ status: 409, body: { code: 'sanctions_list_missing' } });
    await rm(join(folder, 'alt.csv'));
    await eventually('the missing file', async () =>
      JSON.stringify(await listInForce()).includes('alt.csv: file_missing'),
    );
    expect(await health('sanctions-list')).toMatchObject({ status: 'degraded' });
  });

  it('that shrank is taken when its version is named', async () => {
    await writeList({ sdn });
    await start();
    await writeList({ sdn: entry(1, 'FIRST, Ann') });
    await eventually('the refusal', async () => (await listInForce())['refused'] !== null);
    const { version } = (await listInForce())['refused'] as { version: string };
    await service.close();
    await start({ SANCTIONS_ACCEPTED_VERSION: version });
    expect(await listInForce()).toEqual({ version, entryCount: 1, refused: null });
  });

  it('that was in force before is not taken again', async () => {
    await writeList({ sdn });
    await start();
    await writeList({ sdn: naming('FIFTH, Eve') });
    await eventually('the newer list', async () => (await listInForce())['entryCount'] === 5);
    await writeList({ sdn });
    await eventually('the refusal', async () => (await listInForce())['refused'] !== null);
    expect(await listInForce()).toMatchObject({
      entryCount: 5,
      refused: { problems: ['older than the list in force'] },
    });
  });
});

describe('A newer list that names an approved party', () => {
  beforeEach(async () => {
    await writeList({ sdn });
    await start();
    await onboard(service, ada, person);
    await onboard(service, bob, { ...person, name: 'Bo Quill', aliases: [] });
  });

  it('freezes it at once and leaves the others as they are', async () => {
    await writeList({ sdn: naming('LOVETRON, Ada') });
    await eventually('the freeze', async () => (await caseOf(ada.partyId))['status'] === 'frozen');
    await eventually('no stale screening', async () => (await staleIds()).length === 0);
    expect(await eligible(ada.partyId)).toBe(false);
    expect(await eligible(bob.partyId)).toBe(true);
    expect((await caseOf(ada.partyId))['screening']).toMatchObject({
      isCurrentList: true,
      verdict: 'alert',
      candidates: [{ entryNumber: 5 }],
    });
    expect((await caseOf(bob.partyId))['screening']).toMatchObject({
      isCurrentList: true,
      verdict: 'clear',
    });
    expect((await eventTypes()).slice(-3).sort()).toEqual([
      'compliance.party-frozen',
      'compliance.screening-run',
      'compliance.screening-run',
    ]);
  });

  it('does so after a restart too, once', async () => {
    await service.close();
    await writeList({ sdn: naming('LOVETRON, Ada') });
    await start();
    await eventually('no stale screening', async () => (await staleIds()).length === 0);
    await service.close();
    await start();
    await eventually('the freeze', async () => (await caseOf(ada.partyId))['status'] === 'frozen');
    const types = await eventTypes();
    expect(types.filter((type) => type === 'compliance.screening-run')).toHaveLength(4);
    expect(types.filter((type) => type === 'compliance.party-frozen')).toHaveLength(1);
  });

  it('shows who is still stale, and goes on where it was interrupted', async () => {
    await service.dataSource.query(`
      create function refuse_screening() returns trigger language plpgsql as
        $$ begin raise exception 'the disk is full'; end $$;
      create trigger refuse_screening before insert on screenings
        for each row when (new.party_id = '${ada.partyId}') execute function refuse_screening()`);
    await writeList({ sdn: naming('LOVETRON, Ada') });
    await eventually('the newer list', async () => (await listInForce())['entryCount'] === 5);
    await eventually('the other party', async () => (await staleIds()).length === 1);
    expect(await staleIds()).toEqual([ada.partyId]);
    expect(await health('stale-screenings')).toEqual({ status: 'degraded', partyCount: 1 });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/^specie_stale_screenings\{.*\} 1$/m);
    await service.dataSource.query('drop trigger refuse_screening on screenings');
    await eventually('the freeze', async () => (await caseOf(ada.partyId))['status'] === 'frozen');
    await eventually('no stale screening', async () => (await staleIds()).length === 0);
    expect(await health('stale-screenings')).toEqual({ status: 'up', partyCount: 0 });
  });

  it('freezes a party whose name is not on file any more', async () => {
    await service.dataSource.query('delete from personal_data where party_id = $1', [ada.partyId]);
    await writeList({ sdn: naming('FIFTH, Eve') });
    await eventually('the freeze', async () => (await caseOf(ada.partyId))['status'] === 'frozen');
    expect(await caseOf(ada.partyId)).toMatchObject({
      name: null,
      screening: { verdict: 'alert', alertReason: 'name_not_comparable' },
    });
  });

  it('takes the place of an open alert in the list of alerts', async () => {
    await writeList({ sdn: naming('LOVETRON, Ada') });
    await eventually('the freeze', async () => (await caseOf(ada.partyId))['status'] === 'frozen');
    await writeList({ sdn: naming('LOVETRON, Ada') + entry(6, 'SIXTH, Fay') });
    await eventually('the third list', async () => (await listInForce())['entryCount'] === 6);
    await eventually('no stale screening', async () => (await staleIds()).length === 0);
    const { body } = await (await clientOf(service, officer)).get('/alerts');
    expect(body['items']).toHaveLength(1);
  });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  service = await databases.start({ SANCTIONS_DIR: folder, ...env });
}

function writeList(files: { readonly sdn: string | Buffer }): Promise<void> {
  return writeListTo(folder, files);
}

async function get(path: string): Promise<Readonly<Record<string, unknown>>> {
  return (await (await clientOf(service, officer)).get(path)).body;
}

function listInForce(): Promise<Readonly<Record<string, unknown>>> {
  return get('/sanctions-list');
}

function caseOf(partyId: string): Promise<Readonly<Record<string, unknown>>> {
  return get(`/parties/${partyId}/case`);
}

async function staleIds(): Promise<readonly string[]> {
  const { items } = (await get('/stale-screenings')) as { items: readonly { partyId: string }[] };
  return items.map(({ partyId }) => partyId).sort();
}

async function eligible(partyId: string): Promise<unknown> {
  return (await get(`/parties/${partyId}/eligibility?action=redeem`))['eligible'];
}

async function health(name: string): Promise<unknown> {
  const { details } = await get('/health/ready');
  return (details as Readonly<Record<string, unknown>>)[name];
}

async function eventTypes(): Promise<readonly string[]> {
  return (await service.store.readAll(0, 1_000)).map(({ type }) => type);
}
