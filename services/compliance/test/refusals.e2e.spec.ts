import { createHash } from 'node:crypto';
import { canonicalJson } from '@specie/event-sourcing';
import type { ServiceApp } from '@specie/nest-platform';
import { clientOf } from '@specie/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ada,
  bob,
  createDatabases,
  dropAuditDatabase,
  officer,
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

describe('A refused screening', () => {
  const shipping = { ...person, kind: 'company', name: 'Greywater Shipping Lines' };
  const herons = { ...person, kind: 'company', name: 'Night Heron' };

  it('with the id of another party adds nothing to the case of either', async () => {
    const screeningId = await prepare(service, ada, shipping);
    await prepare(service, bob, herons);
    const asOfficer = await clientOf(service, officer);
    const before = await everything();
    expect(
      await asOfficer.post(`/parties/${bob.partyId}/screenings`, { screeningId }),
    ).toMatchObject({ status: 409, body: { code: 'screening_exists' } });
    expect(await everything()).toEqual(before);
  });

  it('of an unknown party writes nothing', async () => {
    const asOfficer = await clientOf(service, officer);
    expect(await asOfficer.post(`/parties/${bob.partyId}/screenings`)).toMatchObject({
      status: 404,
      body: { code: 'party_unknown' },
    });
    expect(await everything()).toEqual({ personalData: [], candidates: [], eventCount: 0 });
  });
});

describe('A registration', () => {
  it.each([
    ['alias', { aliases: ['A. Lovetron', 'Ada Habash'] }],
    ['birth date', { dateOfBirth: '1993-04-17' }],
    ['name', { name: 'ADA LOVETRON' }],
    ['address', { address: '1 Quay Road' }],
    ['kind', { kind: 'fund' }],
    ['country', { country: 'DE' }],
  ])('of a known party with another %s is refused and writes nothing', async (_what, change) => {
    const asAda = await clientOf(service, ada);
    expect((await asAda.post('/parties', person)).status).toBe(201);
    const before = await everything();
    expect(await asAda.post('/parties', { ...person, ...change })).toMatchObject({
      status: 409,
      body: { code: 'already_registered_differently' },
    });
    expect(await everything()).toEqual(before);
  });

  it('of a known party with the same particulars, in whatever order, is a repeat', async () => {
    const asAda = await clientOf(service, ada);
    const aliases = ['A. Lovetron', 'Countess'];
    expect((await asAda.post('/parties', { ...person, aliases })).status).toBe(201);
    const before = await everything();
    const again = await asAda.post('/parties', { ...person, aliases: [...aliases].reverse() });
    expect(again).toMatchObject({ status: 201, body: { id: ada.partyId, streamVersion: 1 } });
    expect(await everything()).toEqual(before);
  });

  it('that loses the race for a party leaves no particulars behind', async () => {
    const asAda = await clientOf(service, ada);
    const names = Array.from({ length: 64 }, (_, index) => `Ada Number${index}`);
    const answers = await Promise.all(
      names.map((name) => asAda.post('/parties', { ...person, name })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(63);
    const winner = names[answers.findIndex(({ status }) => status === 201)];
    expect((await everything()).personalData).toMatchObject([{ name: winner }]);
  });

  it('leaves nothing outside the one table by which a guess could be tried, refused or not', async () => {
    const asAda = await clientOf(service, ada);
    const bodies = ['7 Harbour Lane', '8 Harbour Lane'].map((address) => ({ ...person, address }));
    const answers = await Promise.all(bodies.map((body) => asAda.post('/parties', body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const stored = await textOfTables();
    expect(stored.get('command_seen')).toContain('already_registered_differently');
    const guesses = bodies.flatMap((body) => [
      body.address,
      body.name,
      createHash('sha256').update(canonicalJson(body)).digest('hex'),
      createHash('sha256').update(body.address).digest('hex'),
    ]);
    const found = [...stored].flatMap(([table, text]) =>
      guesses.some((guess) => text.includes(guess)) ? [table] : [],
    );
    expect(found).toEqual(['personal_data']);
    const refused = bodies[answers.findIndex(({ status }) => status === 409)]?.address ?? '';
    expect(stored.get('personal_data')).not.toContain(refused);
  });

  it('whose events cannot be stored leaves no particulars behind', async () => {
    await service.dataSource.query(`
      create function refuse_parties() returns trigger language plpgsql as
        $$ begin raise exception 'the disk is full'; end $$;
      create trigger refuse_parties before insert on parties execute function refuse_parties()`);
    const asAda = await clientOf(service, ada);
    expect((await asAda.post('/parties', person)).status).toBe(500);
    expect(await everything()).toEqual({ personalData: [], candidates: [], eventCount: 0 });
  });

  it('filed before particulars were hashed is compared with what is on file', async () => {
    const asAda = await clientOf(service, ada);
    expect((await asAda.post('/parties', person)).status).toBe(201);
    // The log refuses changes; a log written by an earlier version is made by leaving the trigger out.
    await service.dataSource.query(`
      alter table events disable trigger events_append_only;
      update events set data = convert_to((convert_from(data, 'UTF8')::jsonb - 'particularsHash')::text, 'UTF8')`);
    await service.close();
    service = await databases.start();
    const again = await clientOf(service, ada);
    expect((await again.post('/parties', person)).status).toBe(201);
    expect(await again.post('/parties', { ...person, aliases: [] })).toMatchObject({
      status: 409,
      body: { code: 'already_registered_differently' },
    });
  });
});

/** Whatever a command of compliance can leave behind. */
async function everything(): Promise<{
  readonly personalData: readonly unknown[];
  readonly candidates: readonly unknown[];
  readonly eventCount: number;
}> {
  const rowsOf = (table: string, order: string): Promise<unknown[]> =>
    service.dataSource.query(`select * from ${table} order by ${order}`);
  return {
    personalData: await rowsOf('personal_data', 'party_id, name_hash'),
    candidates: await rowsOf('screening_candidates', 'screening_id, entry_number'),
    eventCount: (await service.store.readAll(0, 1_000)).length,
  };
}

/** All rows of every table as text, their bytes decoded too. */
async function textOfTables(): Promise<ReadonlyMap<string, string>> {
  const tables = await service.dataSource.query<{ readonly name: string }[]>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const texts = new Map<string, string>();
  for (const { name } of tables) {
    const rows = await service.dataSource.query<Record<string, unknown>[]>(
      `select * from "${name}"`,
    );
    const values = rows.flatMap((row) => Object.values(row));
    texts.set(
      name,
      values
        .map((value) => (Buffer.isBuffer(value) ? value.toString() : JSON.stringify(value)))
        .join('\n'),
    );
  }
  return texts;
}
