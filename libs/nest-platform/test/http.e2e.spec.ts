import { randomUUID } from 'node:crypto';
import { createTestDatabase, eventually, send, type TestDatabase } from '@specie/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServiceApp, FixedClock, type ServiceApp } from '../src/index.js';
import { Gate, sampleService } from './sample-service.js';

const founderPartyId = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d5c';
const gate = new Gate();
const clock = new FixedClock('2026-01-05T09:00:00.000Z');
let database: TestDatabase;
let compliance: TestDatabase;
let service: ServiceApp;
let founder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  compliance = await createTestDatabase();
  service = await createServiceApp(sampleService({ gate }), {
    databaseUrl: database.url,
    clock,
    // compliance and audit have no log here; an empty database of theirs would do, this one is the service's own.
    env: {
      PEER_DATABASE_URLS: JSON.stringify({ compliance: database.url, audit: database.url }),
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    },
  });
  founder = await service.token({ partyId: founderPartyId, roles: ['founder'] });
});

afterAll(async () => {
  await service?.close();
  await database?.drop();
  await compliance?.drop();
});

const body = { directorPartyIds: [founderPartyId] };
const companies = (): string => `${service.url}/companies`;

describe('a write', () => {
  it('records, answers 201 and shows up in reads', async () => {
    const written = await send(companies(), 'POST', { token: founder, body });
    expect(written.body).toMatchObject({ streamVersion: 1 });
    expect(written.status).toBe(201);
    const read = await send(`${companies()}/${String(written.body['id'])}`, 'GET', {
      token: founder,
    });
    expect(read.status).toBe(200);
    expect(read.body).toEqual({
      companyId: written.body['id'],
      partyId: founderPartyId,
      classCount: 0,
      streamVersion: 1,
    });
    expect(read.headers.get('etag')).toBe('"1"');
    const again = await send(`${companies()}/${String(written.body['id'])}`, 'GET', {
      token: founder,
      headers: { 'if-none-match': '"1"', 'cache-control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  });
});

describe('Idempotency-Key', () => {
  it('answers a repeat from memory, with Idempotency-Hit', async () => {
    const key = randomUUID();
    const first = await send(companies(), 'POST', { token: founder, key, body });
    const head = await service.store.head();
    const repeat = await send(companies(), 'POST', { token: founder, key, body });
    expect(repeat.status).toBe(201);
    expect(repeat.body).toEqual(first.body);
    expect(first.headers.get('idempotency-hit')).toBeNull();
    expect(repeat.headers.get('idempotency-hit')).toBe('true');
    expect((await service.store.head()).position).toBe(head.position);
  });

  it('answers a repeat of a refusal with the same refusal', async () => {
    const companyId = randomUUID();
    await send(companies(), 'POST', { token: founder, body: { ...body, companyId } });
    const key = randomUUID();
    const first = await send(companies(), 'POST', {
      token: founder,
      key,
      body: { ...body, companyId },
    });
    const repeat = await send(companies(), 'POST', {
      token: founder,
      key,
      body: { ...body, companyId },
    });
    expect([first.status, first.body['code']]).toEqual([409, 'company_exists']);
    expect([repeat.status, repeat.body['code']]).toEqual([409, 'company_exists']);
    expect(repeat.headers.get('idempotency-hit')).toBe('true');
  });

  it('refuses the same key with another body', async () => {
    const key = randomUUID();
    await send(companies(), 'POST', { token: founder, key, body });
    const other = await send(companies(), 'POST', {
      token: founder,
      key,
      body: { directorPartyIds: [randomUUID()] },
    });
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
  });

  it('takes the same body in another order and spacing for a repeat', async () => {
    const key = randomUUID();
    const companyId = randomUUID();
    const first = await send(companies(), 'POST', {
      token: founder,
      key,
      body: { companyId, ...body },
    });
    const repeat = await send(companies(), 'POST', {
      token: founder,
      key,
      raw: `{ "directorPartyIds": ["${founderPartyId}"],   "companyId": "${companyId}" }`,
    });
    expect(first.status).toBe(201);
    expect(repeat.headers.get('idempotency-hit')).toBe('true');
  });

  it('is scoped to the caller', async () => {
    const key = randomUUID();
    const other = await service.token({ partyId: randomUUID(), roles: ['founder'] });
    const first = await send(companies(), 'POST', { token: founder, key, body });
    const second = await send(companies(), 'POST', { token: other, key, body });
    expect(second.status).toBe(201);
    expect(second.body['id']).not.toBe(first.body['id']);
  });

  it('answers 409 while the first request runs', async () => {
    const key = randomUUID();
    const arrivedBefore = gate.arrivedCount;
    gate.closed = true;
    const first = send(companies(), 'POST', { token: founder, key, body });
    await eventually('the first request arrives', () => gate.arrivedCount > arrivedBefore);
    const second = await send(companies(), 'POST', { token: founder, key, body });
    gate.open();
    expect([second.status, second.body['code'], second.headers.get('retry-after')]).toEqual([
      409,
      'idempotency_key_in_use',
      '1',
    ]);
    expect((await first).status).toBe(201);
  });

  it.each([
    ['missing', null, 'idempotency_key_missing'],
    ['too long', 'k'.repeat(129), 'idempotency_key_invalid'],
    ['with a blank inside', 'a b', 'idempotency_key_invalid'],
  ])('refuses a key that is %s', async (_name, key, code) => {
    const answer = await send(companies(), 'POST', { token: founder, key, body });
    expect([answer.status, answer.body['code']]).toEqual([400, code]);
  });
});

describe('problems', () => {
  it('is problem+json with the correlation id that was sent', async () => {
    const correlationId = randomUUID();
    const answer = await send(`${companies()}/${randomUUID()}`, 'GET', {
      token: founder,
      headers: { 'x-correlation-id': correlationId },
    });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.get('x-correlation-id')).toBe(correlationId);
    expect(answer.body).toEqual({
      type: 'urn:specie:problem:company_unknown',
      title: 'Company unknown',
      status: 404,
      code: 'company_unknown',
      detail: 'There is no company with this id; register it first.',
      instance: `urn:uuid:${correlationId}`,
    });
  });

  it('makes up a correlation id where the sent one is not a UUID', async () => {
    const answer = await send(companies(), 'GET', {
      token: founder,
      headers: { 'x-correlation-id': 'John Doe' },
    });
    expect(answer.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('says that the database is away if a connection dies as a query takes it from the pool', async () => {
    const { master } = service.dataSource.driver as unknown as { readonly master: pg.Pool };
    // The order of events that a killed server causes: the connection fails after the pool has handed it out.
    const fail = ({ connection }: pg.PoolClient): void => {
      connection.emit('error', new Error('read ECONNRESET'));
    };
    master.on('acquire', fail);
    const refused = await send(`${companies()}/${randomUUID()}`, 'GET', { token: founder });
    master.off('acquire', fail);
    expect([refused.status, refused.body['code']]).toEqual([503, 'database_unavailable']);
    expect(refused.headers.get('retry-after')).toBe('1');
  });

  it('names every wrong field and repeats nothing that was sent', async () => {
    const answer = await send(companies(), 'POST', {
      token: founder,
      body: { companyId: 'Mallory', directorPartyIds: 7, 'pass phrase': 'hunter2', extra: 1 },
    });
    expect([answer.status, answer.body['code']]).toEqual([400, 'request_invalid']);
    const violations = answer.body['violations'] as {
      readonly path: string;
      readonly code: string;
    }[];
    expect(violations.map(({ path, code }) => [path, code])).toEqual([
      ['body.companyId', 'invalid_format'],
      ['body.directorPartyIds', 'invalid_type'],
      ['body.(unnamed)', 'unknown_field'],
      ['body.extra', 'unknown_field'],
    ]);
    expect(JSON.stringify(answer.body)).not.toMatch(/Mallory|hunter2|pass phrase/);
  });

  const malformed: readonly (readonly [
    string,
    () => Parameters<typeof send>[2],
    number,
    string,
  ])[] = [
    ['malformed JSON', () => ({ raw: '{"directorPartyIds": [' }), 400, 'body_malformed'],
    [
      'a number beyond 2^53',
      () => ({ raw: '{"directorPartyIds": 123456789012345678901234567890}' }),
      400,
      'request_invalid',
    ],
    ['an array for an object', () => ({ body: [] }), 400, 'request_invalid'],
    ['no body', () => ({}), 400, 'request_invalid'],
    [
      'NUL in a string',
      () => ({ body: { ...body, companyId: 'a\u0000b' } }),
      400,
      'request_invalid',
    ],
    [
      'an id in upper case',
      () => ({ body: { ...body, companyId: randomUUID().toUpperCase() } }),
      400,
      'request_invalid',
    ],
    [
      'nesting without end',
      () => ({ raw: `{"x":${'['.repeat(2_000)}${']'.repeat(2_000)}}` }),
      400,
      'request_invalid',
    ],
    [
      'a form',
      () => ({ raw: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      415,
      'media_type_unsupported',
    ],
    [
      'another charset',
      () => ({ raw: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } }),
      415,
      'media_type_unsupported',
    ],
    [
      'compression',
      () => ({ raw: '{}', headers: { 'content-encoding': 'gzip' } }),
      415,
      'content_encoding_unsupported',
    ],
    [
      'a body beyond the limit of the route',
      () => ({ body: { pad: 'x'.repeat(5_000) } }),
      413,
      'body_too_large',
    ],
  ];
  it.each(malformed)('refuses %s', async (_name, options, status, code) => {
    const answer = await send(companies(), 'POST', { token: founder, ...options() });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each([
    ['GET', '/nowhere', 404, 'route_unknown'],
    ['DELETE', '/companies', 405, 'method_not_allowed'],
    ['PUT', `/companies/${randomUUID()}`, 405, 'method_not_allowed'],
    ['GET', '/companies/%ff', 400, 'path_malformed'],
    ['GET', '/companies/not-an-id', 400, 'request_invalid'],
    ['GET', '/companies?limit=0', 400, 'request_invalid'],
    ['GET', '/companies?limit=201', 400, 'request_invalid'],
    ['GET', '/companies?limit=1&limit=2', 400, 'request_invalid'],
    ['GET', '/companies?order=asc', 400, 'request_invalid'],
    ['GET', '/companies?cursor=e30', 400, 'request_invalid'],
    ['GET', '/companies?cursor=%7B%7D', 400, 'request_invalid'],
  ])('%s %s answers %i %s', async (method, path, status, code) => {
    const answer = await send(`${service.url}${path}`, method, { token: founder });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('access', () => {
  it.each([
    ['no token', () => Promise.resolve(null), 401, 'token_missing'],
    ['nonsense', () => Promise.resolve('nonsense'), 401, 'token_invalid'],
    [
      'an expired token',
      () => service.token({ partyId: founderPartyId, roles: ['founder'], ttlSeconds: -60 }),
      401,
      'token_expired',
    ],
    [
      'another role',
      () => service.token({ partyId: founderPartyId, roles: ['investor'] }),
      403,
      'role_missing',
    ],
    ['no role', () => service.token({ partyId: founderPartyId, roles: [] }), 403, 'role_missing'],
    [
      'a party that is no UUID',
      () => service.token({ partyId: 'me', roles: ['founder'] }),
      401,
      'token_invalid',
    ],
  ])('with %s is refused', async (_name, token, status, code) => {
    const answer = await send(companies(), 'POST', { token: await token(), body });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('lets the built-in issuer hand out tokens', async () => {
    const issued = await send(`${service.url}/dev/tokens`, 'POST', {
      key: null,
      body: { partyId: founderPartyId, roles: ['founder'], ttlSeconds: 60 },
    });
    expect(issued.status).toBe(201);
    const answer = await send(companies(), 'GET', { token: String(issued.body['accessToken']) });
    expect(answer.status).toBe(200);
  });
});

describe('pages', () => {
  it('go through everything once, in order', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await send(`${companies()}?limit=2${query}`, 'GET', { token: founder });
      seen.push(
        ...(page.body['items'] as { readonly companyId: string }[]).map(
          ({ companyId }) => companyId,
        ),
      );
      cursor = page.body['nextCursor'] as string | null;
    }
    const stored = await service.dataSource.query<{ company_id: string }[]>(
      'select company_id from companies order by 1',
    );
    expect(seen).toEqual(stored.map((row) => row.company_id));
    expect(seen.length).toBeGreaterThan(4);
  });
});

describe('operations', () => {
  it('tells that it lives and is ready', async () => {
    expect((await send(`${service.url}/health/live`, 'GET')).body).toEqual({ status: 'ok' });
    const ready = await send(`${service.url}/health/ready`, 'GET');
    expect(ready.status).toBe(200);
    expect(Object.keys(ready.body['details'] as object).sort()).toEqual([
      'bus',
      'database',
      'halts',
      'parked',
      'relay',
      'sweeps',
      'writer',
    ]);
  });

  it('shows metrics by route template', async () => {
    const read = async () => String((await send(`${service.url}/metrics`, 'GET')).body['text']);
    const created =
      /^specie_http_seconds_count\{.*method="POST",route="\/companies",status="201".*\} (\d+)$/m;
    const createdCount = async () => Number(created.exec(await read())?.[1]);
    await send(companies(), 'POST', { token: founder, body });
    const before = await createdCount();
    await send(companies(), 'POST', { token: founder, body });
    expect(await createdCount()).toBe(before + 1);
    const metrics = await read();
    expect(/^specie_append_seconds_count\{.*outcome="appended"/m.test(metrics)).toBe(true);
    expect(metrics.includes(founderPartyId)).toBe(false);
  });

  it('sets security headers and does not say what it runs on', async () => {
    const { headers } = await send(`${service.url}/health/live`, 'GET');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
