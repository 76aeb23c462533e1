import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import { partitionOf } from '@specie/event-bus';
import { createTestDatabase, eventually, send } from '@specie/testing';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EligibilityDirectory } from '@specie/eligibility';
import type { ServiceApp } from '../src/index.js';
import { ServiceWorld } from '@specie/service-testing';
import { broken, sampleService } from './sample-service.js';

const founderPartyId = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d5c';

let world: ServiceWorld<'compliance' | 'audit'>;

beforeEach(async () => {
  world = await ServiceWorld.open({
    peers: ['compliance', 'audit'],
    createDatabase: createTestDatabase,
  });
});

afterEach(async () => {
  broken.isPoison = false;
  broken.outcomes = [];
  await world.close();
});

const partyRegistered = (partyId: string) => ({
  partyId,
  kind: 'company',
  country: 'US',
  nameHash: 'a'.repeat(64),
  registeredBy: founderPartyId,
});

describe('parked streams', () => {
  it('are listed for an auditor and resumed by an operator', async () => {
    broken.isPoison = true;
    const service = await world.start(sampleService());
    const partyId = randomUUID();
    await world.publish(
      'compliance',
      streamIds.party(partyId),
      'compliance.party-registered',
      partyRegistered(partyId),
    );
    const auditor = await service.token({ partyId: randomUUID(), roles: ['auditor'] });
    const operator = await service.token({ partyId: randomUUID(), roles: ['market-operator'] });
    const list = () => send(`${service.url}/operations/parked-streams`, 'GET', { token: auditor });
    await eventually(
      'the stream is parked',
      async () => ((await list()).body['items'] as unknown[]).length === 1,
    );
    const ready = await send(`${service.url}/health/ready`, 'GET');
    expect([ready.status, ready.body['status']]).toEqual([200, 'degraded']);
    const resumption = { source: 'compliance', streamId: streamIds.party(partyId) };
    const url = `${service.url}/operations/parked-streams/resumptions`;
    expect((await send(url, 'POST', { token: auditor, body: resumption })).status).toBe(403);
    expect((await send(url, 'POST', { token: operator, body: resumption })).body).toEqual({
      resumed: 0,
      unparked: false,
    });
    broken.isPoison = false;
    expect((await send(url, 'POST', { token: operator, body: resumption })).body).toEqual({
      resumed: 1,
      unparked: true,
    });
    expect((await send(url, 'POST', { token: operator, body: resumption })).status).toBe(404);
    expect(await service.dataSource.query('select * from parties_seen')).toEqual([
      { party_id: partyId, seen_count: 1 },
    ]);
  });
});

describe('a command that lost a race or met a newer writer', () => {
  it('is tried again without end, shown, and never parks the event that caused it', async () => {
    const tryCount = 9;
    broken.outcomes = Array.from({ length: tryCount }, (_, index) =>
      index % 2 === 0 ? 'contended' : 'fenced',
    );
    const service = await world.start(sampleService());
    const partyId = randomUUID();
    const health: unknown[] = [];
    await world.publish(
      'compliance',
      streamIds.party(partyId),
      'compliance.party-registered',
      partyRegistered(partyId),
    );
    await eventually('the event takes effect', async () => {
      health.push((await send(`${service.url}/health/ready`, 'GET')).body);
      const rows = await service.dataSource.query<unknown[]>('select 1 from parties_seen');
      return rows.length === 1;
    });
    expect(broken.outcomes).toEqual([]);
    const shown = health.find((ready) => JSON.stringify(ready).includes('"tryCount"'));
    expect(shown).toMatchObject({
      status: 'degraded',
      details: { bus: { status: 'degraded', state: 'failing' } },
    });
    expect(JSON.stringify(shown)).toMatch(
      /"source":"compliance","state":"failing","since":"\d{4}-[^"]+Z","tryCount":[1-9]/,
    );
    const auditor = await service.token({ partyId: randomUUID(), roles: ['auditor'] });
    const parked = await send(`${service.url}/operations/parked-streams`, 'GET', {
      token: auditor,
    });
    expect(parked.body['items']).toEqual([]);
    const metrics = await send(`${service.url}/metrics`, 'GET');
    expect(metrics.body['text']).toContain(
      `specie_events_retried_total{source="compliance",type="compliance.party-registered",service="deals"} ${tryCount}`,
    );
    await eventually('healthy again', async () => {
      const { body: ready } = await send(`${service.url}/health/ready`, 'GET');
      return ready['status'] === 'ok';
    });
  });
});

describe('eligibility behind input that could not be taken in', () => {
  const otherPartyId = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d5d';
  const at = '2026-01-05T09:00:00.000Z';

  async function twoEligible(): Promise<{
    readonly service: ServiceApp;
    readonly eligible: () => Promise<readonly string[]>;
  }> {
    const service = await world.start(sampleService());
    await world.allow(founderPartyId, 'deal');
    await world.allow(otherPartyId, 'deal');
    const directory = service.app.get(EligibilityDirectory, { strict: false });
    const parties = [founderPartyId, otherPartyId];
    const eligible = async (): Promise<readonly string[]> => {
      const standings = await directory.standings(service.dataSource, parties, 'deal', at);
      return parties.filter((partyId) => standings.get(partyId) === 'eligible');
    };
    expect(await eligible()).toHaveLength(2);
    return { service, eligible };
  }

  it.each([
    ['type', { type: 'compliance.party-sanctioned', schemaVersion: 1 }],
    ['schema version', { type: 'compliance.eligibility-published', schemaVersion: 99 }],
  ])('refuses a party of whom compliance said something of unknown %s', async (_, event) => {
    const { service, eligible } = await twoEligible();
    const streamId = streamIds.party(founderPartyId);
    await world.publishAsStored('compliance', streamId, { ...event, data: {} });
    await eventually('only the other', async () => (await eligible()).length === 1);
    expect(await eligible()).toEqual([otherPartyId]);
    const ready = await send(`${service.url}/health/ready`, 'GET');
    expect(ready.body['status']).toBe('degraded');
  });

  const parked = `insert into parked_event (consumer, source, stream_id, position, event_id, partition, record, error,
    error_code, attempt_count) values ('deals', 'compliance', $1, $2, $3, $4, '', 'none', 'unreadable', 1)`;
  const halted = `insert into consumption_halt (consumer, source, partition, partition_count, reason, detail)
    values ('deals', 'compliance', $1, $2, 'gap', 'none')`;

  it('refuses the parties of a partition whose message has no key or that stands still, and no others', async () => {
    const { service, eligible } = await twoEligible();
    const partition = partitionOf(streamIds.party(founderPartyId), 6);
    const otherPartition = partitionOf(streamIds.party(otherPartyId), 6);
    expect(partition).not.toBe(otherPartition);
    const { dataSource } = service;
    await dataSource.query(parked, ['', -1, randomUUID(), partition]);
    expect(await eligible()).toEqual([otherPartyId]);
    await dataSource.query(`update parked_event set discarded_at = now()`);
    expect(await eligible()).toHaveLength(2);
    await dataSource.query(parked, ['attestation-' + founderPartyId, 9, randomUUID(), partition]);
    expect(await eligible()).toHaveLength(2);
    await dataSource.query(halted, [otherPartition, 6]);
    expect(await eligible()).toEqual([founderPartyId]);
  });

  it('refuses everybody where a partition stands still of a topic with another count than is set', async () => {
    const { service, eligible } = await twoEligible();
    await service.dataSource.query(halted, [11, 12]);
    expect(await eligible()).toEqual([]);
  });

  it('stays refused through a freeze behind it, until two operators discard what cannot be read', async () => {
    const { service, eligible } = await twoEligible();
    const streamId = streamIds.party(founderPartyId);
    const unknown = { type: 'compliance.party-sanctioned', schemaVersion: 1, data: {} };
    await world.publishAsStored('compliance', streamId, unknown);
    await world.publish('compliance', streamId, 'compliance.party-frozen', {
      partyId: founderPartyId,
      frozenBy: founderPartyId,
      reason: 'under_review',
    });
    const [first, second] = [randomUUID(), randomUUID()];
    const tokenOf = (partyId: string) => service.token({ partyId, roles: ['market-operator'] });
    const [one, two] = [await tokenOf(first), await tokenOf(second)];
    const url = `${service.url}/operations/parked-streams`;
    const [stuck] = await eventually('both are parked', async () => {
      const { body: list } = await send(url, 'GET', { token: one });
      const items = list['items'] as readonly Record<string, unknown>[];
      return items[0]?.['eventCount'] === 2 && items;
    });
    expect(stuck).toMatchObject({ source: 'compliance', streamId, code: 'type_unknown' });
    const at = { source: 'compliance', place: stuck?.['place'] as string };
    const query = new URLSearchParams(at).toString();
    const { body: inspected } = await send(`${url}/events?${query}`, 'GET', { token: two });
    const shown = inspected['items'] as readonly { readonly place: string }[];
    expect(shown).toMatchObject([
      { type: unknown.type, code: 'type_unknown', attemptCount: 1, proposal: null },
      { type: 'compliance.party-frozen', code: 'waits_behind', attemptCount: 0 },
    ]);
    const ask = async (path: string, token: string, body: object) => {
      const answer = await send(`${url}/${path}`, 'POST', { token, body });
      return [answer.status, answer.body['code'] ?? null];
    };
    const discard = { ...at, reason: 'obsolete' };
    expect(await ask('discards/approvals', two, discard)).toEqual([409, 'discard_not_proposed']);
    const behind = { ...discard, place: shown[1]?.place };
    expect(await ask('discards', one, behind)).toEqual([409, 'not_first_of_stream']);
    expect(await ask('discards', one, { ...discard, place: '999' })).toEqual([
      404,
      'event_not_parked',
    ]);
    expect(await ask('discards', one, discard)).toEqual([202, null]);
    expect(await ask('discards/approvals', one, discard)).toEqual([403, 'approver_is_proposer']);
    expect(await ask('discards/approvals', two, { ...discard, reason: 'foreign' })).toEqual([
      409,
      'discard_not_proposed',
    ]);
    expect(await eligible()).toEqual([otherPartyId]);
    const key = randomUUID();
    const approvals = await Promise.all(
      [1, 2].map(() =>
        send(`${url}/discards/approvals`, 'POST', { token: two, key, body: discard }),
      ),
    );
    expect(approvals.map(({ status }) => status)).toContain(201);
    expect(await ask('discards/approvals', two, discard)).toEqual([201, null]);
    expect(await ask('discards/approvals', one, discard)).toEqual([409, 'already_discarded']);
    const { body: after } = await send(url, 'GET', { token: one });
    expect(after).toEqual({ items: [], haltedPartitions: [] });
    // The freeze behind it took effect, so the party is refused for what compliance says.
    expect(await eligible()).toEqual([otherPartyId]);
    const frozen = 'select 1 from eligibility where party_id = $1 and frozen';
    expect(await service.dataSource.query(frozen, [founderPartyId])).toHaveLength(1);
    const recorded = (await service.store.readAll(0, 10)).filter(
      ({ type }) => type === 'deals.input-discarded',
    );
    expect(recorded).toHaveLength(1);
    expect(recorded[0]?.data).toMatchObject({
      ...{ source: 'compliance', streamId, position: Number(at.place), eventType: unknown.type },
      ...{ reason: 'obsolete', proposedBy: first, approvedBy: second },
    });
  });

  it('does not take a discarded event in when it is delivered again', async () => {
    const { service } = await twoEligible();
    const streamId = streamIds.party(otherPartyId);
    const url = `${service.url}/operations/parked-streams`;
    await world.publishAsStored('compliance', streamId, {
      type: 'compliance.party-sanctioned',
      schemaVersion: 1,
      data: {},
    });
    const tokens = await Promise.all(
      [randomUUID(), randomUUID()].map((partyId) =>
        service.token({ partyId, roles: ['market-operator'] }),
      ),
    );
    const [one = '', two = ''] = tokens;
    const place = await eventually('it is parked', async () => {
      const { body: list } = await send(url, 'GET', { token: one });
      return (list['items'] as readonly { readonly place: string }[])[0]?.place;
    });
    const body = { source: 'compliance', place, reason: 'foreign' };
    expect((await send(`${url}/discards`, 'POST', { token: one, body })).status).toBe(202);
    expect((await send(`${url}/discards/approvals`, 'POST', { token: two, body })).status).toBe(
      201,
    );
    await service.close();
    await new DataSource({ type: 'postgres', url: world.databaseUrl })
      .initialize()
      .then(async (database) => {
        await database.query('delete from consumed');
        await database.query('delete from inbox');
        await database.destroy();
      });
    const again = await world.start(sampleService());
    await world.allow(founderPartyId, 'trade');
    expect(
      await again.dataSource.query('select 1 from parked_event where discarded_at is null'),
    ).toEqual([]);
  });
});
