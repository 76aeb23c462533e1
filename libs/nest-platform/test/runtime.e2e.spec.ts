import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import { createTestDatabase, eventually, send } from '@specie/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOfState } from '@specie/attestation';
import { EligibilityDirectory } from '@specie/eligibility';
import type { ServiceApp } from '../src/index.js';
import { ServiceWorld } from '@specie/service-testing';
import { Gate, sampleService } from './sample-service.js';

const founderPartyId = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d5c';
const body = { directorPartyIds: [founderPartyId] };

let world: ServiceWorld<'compliance' | 'audit'>;

beforeEach(async () => {
  world = await ServiceWorld.open({
    peers: ['compliance', 'audit'],
    createDatabase: createTestDatabase,
  });
});

afterEach(async () => {
  await world.close();
});

const founderToken = (service: ServiceApp): Promise<string> =>
  service.token({ partyId: founderPartyId, roles: ['founder'] });

const partyRegistered = (partyId: string) => ({
  partyId,
  kind: 'company',
  country: 'US',
  nameHash: 'a'.repeat(64),
  registeredBy: founderPartyId,
});

describe('eligibility', () => {
  it('fails closed, follows compliance, and ends with a freeze', async () => {
    const service = await world.start(sampleService());
    const directory = service.app.get(EligibilityDirectory, { strict: false });
    const check = (at = '2026-01-05T09:00:00.000Z') =>
      directory.check(service.dataSource, founderPartyId, 'deal', at);
    expect(await check()).toBe('party_ineligible');
    await world.allow(founderPartyId, 'trade');
    expect(await check()).toBe('party_ineligible');
    await world.allow(founderPartyId, 'trade', 'deal');
    expect(await check()).toBe('eligible');
    expect(await check('2099-01-01T00:00:00.000Z')).toBe('party_ineligible');
    await world.publish('compliance', streamIds.party(founderPartyId), 'compliance.party-frozen', {
      partyId: founderPartyId,
      frozenBy: founderPartyId,
      reason: 'under_review',
    });
    await eventually('the freeze', async () => (await check()) === 'party_ineligible');
  });
});

describe('attestation', () => {
  it('answers a reconciliation with the digest at an exact position, once', async () => {
    const service = await world.start(sampleService());
    const token = await founderToken(service);
    await send(`${service.url}/companies`, 'POST', { token, body });
    await send(`${service.url}/companies`, 'POST', { token, body });
    const requestId = randomUUID();
    await world.publish(
      'audit',
      streamIds.reconciliation(requestId),
      'audit.reconciliation-requested',
      {
        requestId,
        requestedBy: founderPartyId,
      },
    );
    const [event] = await eventually('the attestation', async () => {
      const events = await service.store.readStream(streamIds.attestation(requestId));
      return events.length > 0 && events;
    });
    const rows =
      await service.dataSource.query<
        { company_id: string; party_id: string; class_count: number }[]
      >('select * from companies');
    const expected = digestOfState([
      {
        name: 'companies',
        rows: rows.map(
          (row) =>
            [row.company_id, { partyId: row.party_id, classCount: row.class_count }] as const,
        ),
      },
    ]);
    expect(event?.type).toBe('deals.state-attested');
    expect(event?.data).toEqual({ requestId, throughPosition: 2, ...expected });
  });
});

describe('a single writer', () => {
  it('takes the writes of a standby, which takes over when the writer is gone', async () => {
    const promoted: string[] = [];
    const definition = (name: string) =>
      sampleService({
        singleWriter: true,
        onBecomeWriter: () => {
          promoted.push(name);
          return Promise.resolve();
        },
      });
    const first = await world.start(definition('first'), { instanceId: 'first' });
    await first.writing();
    const second = await world.start(definition('second'), { instanceId: 'second' });
    expect([first.role.state, second.role.state]).toEqual(['writer', 'standby']);
    const token = await founderToken(second);
    const key = randomUUID();
    const forwarded = await send(`${second.url}/companies`, 'POST', { token, key, body });
    expect(forwarded.status).toBe(201);
    const path = `/companies/${String(forwarded.body['id'])}`;
    expect((await send(`${second.url}${path}`, 'GET', { token })).status).toBe(200);
    const refused = await send(`${second.url}/companies`, 'POST', { token, body: { nonsense: 1 } });
    expect([refused.status, refused.body['code']]).toEqual([400, 'request_invalid']);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    const partyId = randomUUID();
    await world.publish(
      'compliance',
      streamIds.party(partyId),
      'compliance.party-registered',
      partyRegistered(partyId),
    );
    await eventually(
      'the writer consumes',
      async () =>
        (await second.dataSource.query<unknown[]>('select * from parties_seen')).length === 1,
    );

    const auditor = await second.token({ partyId, roles: ['auditor'] });
    const parked = await send(`${second.url}/operations/parked-streams`, 'GET', { token: auditor });
    expect([parked.status, parked.body]).toEqual([200, { items: [], haltedPartitions: [] }]);

    await first.close();
    await second.writing();
    expect(promoted).toEqual(['first', 'second']);
    const repeat = await send(`${second.url}/companies`, 'POST', { token, key, body });
    expect([repeat.status, repeat.body]).toEqual([201, forwarded.body]);
    expect(repeat.headers.get('idempotency-hit')).toBe('true');
    expect((await send(`${second.url}/companies`, 'POST', { token, body })).status).toBe(201);
    const ready = await send(`${second.url}/health/ready`, 'GET');
    expect(JSON.stringify(ready.body)).toContain('"role":"writer"');
  });

  it('steps down when its lease is taken and takes it back when it is free', async () => {
    const definition = sampleService({ singleWriter: true });
    const first = await world.start(definition, { instanceId: 'first' });
    await first.writing();
    const token = await founderToken(first);
    const before = await first.store.head();
    const [row] = await first.dataSource.query<{ backend_pid: number }[]>(
      'select backend_pid from writer_lease',
    );
    await first.dataSource.query('select pg_terminate_backend($1)', [row?.backend_pid]);
    await eventually('a new epoch', async () => (await first.store.head()).epoch > before.epoch);
    await first.writing();
    expect((await send(`${first.url}/companies`, 'POST', { token, body })).status).toBe(201);
  });

  it('answers 503 with Retry-After while nobody writes', async () => {
    const gate = new Gate();
    gate.closed = true;
    const stuck = await world.start(
      sampleService({ singleWriter: true, onBecomeWriter: () => gate.pass() }),
      {
        instanceId: 'stuck',
      },
    );
    await eventually('it holds the lease', () => gate.arrivedCount === 1);
    const token = await founderToken(stuck);
    const answer = await send(`${stuck.url}/companies`, 'POST', { token, body });
    expect([answer.status, answer.body['code'], answer.headers.get('retry-after')]).toEqual([
      503,
      'writer_unavailable',
      '1',
    ]);
    expect((await send(`${stuck.url}/health/ready`, 'GET')).status).toBe(503);
    expect((await send(`${stuck.url}/companies`, 'GET', { token })).status).toBe(200);
    gate.open();
    await stuck.writing();
    expect((await send(`${stuck.url}/companies`, 'POST', { token, body })).status).toBe(201);
  });
});

describe('two instances without a single writer', () => {
  it('both write, and one key has one effect', async () => {
    const first = await world.start(sampleService(), { instanceId: 'first' });
    const second = await world.start(sampleService(), { instanceId: 'second' });
    const token = await founderToken(first);
    const key = randomUUID();
    const answers = await Promise.all([
      send(`${first.url}/companies`, 'POST', { token, key, body }),
      send(`${second.url}/companies`, 'POST', { token, key, body }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    expect((await first.store.head()).position).toBe(1);
  });
});

describe('sweeps', () => {
  it('run again and again with the providers of the service', async () => {
    let runCount = 0;
    const service = await world.start(
      sampleService({
        sweeps: [
          {
            name: 'count',
            everyMs: 20,
            run: (injector) => {
              runCount += injector.get(Gate) instanceof Gate ? 1 : 0;
              return runCount === 1
                ? Promise.reject(new Error('the first run fails'))
                : Promise.resolve();
            },
          },
        ],
      }),
    );
    await eventually('three runs', () => runCount >= 3);
    await service.close();
    const afterClose = runCount;
    await new Promise((resolve) => setImmediate(resolve));
    expect(runCount).toBe(afterClose);
  });

  it('write nothing while nothing is due', async () => {
    let askedCount = 0;
    let runCount = 0;
    const service = await world.start(
      sampleService({
        sweeps: [
          {
            name: 'due at the third look',
            everyMs: 20,
            isDue: () => Promise.resolve((askedCount += 1) === 3),
            run: () => Promise.resolve(void (runCount += 1)),
          },
        ],
      }),
    );
    const epochs = () =>
      service.dataSource.query<{ epoch: string }[]>(
        `select epoch from lease where scope = 'sweep' and name like 'due at%'`,
      );
    await eventually('the look after the run', () => askedCount >= 4);
    expect(runCount).toBe(1);
    expect(await epochs()).toEqual([{ epoch: '1' }]);
  });
});

describe('stopping', () => {
  it('finishes the request in flight, refuses new ones and ends', async () => {
    const gate = new Gate();
    const service = await world.start(sampleService({ gate }));
    const token = await founderToken(service);
    gate.closed = true;
    const running = send(`${service.url}/companies`, 'POST', { token, body });
    await eventually('the request arrives', () => gate.arrivedCount === 1);
    const closed = service.close();
    await expect(send(`${service.url}/health/live`, 'GET')).rejects.toThrow();
    gate.open();
    expect((await running).status).toBe(201);
    await closed;
    expect(service.dataSource.isInitialized).toBe(false);
  });
});
