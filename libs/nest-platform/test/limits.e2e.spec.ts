import { randomUUID } from 'node:crypto';
import { createTestDatabase, eventually, send, type TestDatabase } from '@specie/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createServiceApp, type ServiceApp } from '../src/index.js';
import { pendingCountMax } from '../src/serving/connections.js';
import { connectionCount, RawConnection, rawRequest } from './raw-connection.js';
import { Gate, sampleService } from './sample-service.js';

let database: TestDatabase;
let service: ServiceApp;
let gate: Gate;
const opened: RawConnection[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database?.drop();
});

afterEach(async () => {
  gate.open();
  opened.splice(0).forEach((connection) => connection.hangUp());
  await service?.close();
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  gate = new Gate();
  service = await createServiceApp(sampleService({ gate }), {
    databaseUrl: database.url,
    env: {
      PEER_DATABASE_URLS: JSON.stringify({ compliance: database.url, audit: database.url }),
      ...env,
    },
  });
}

async function open(reads = true): Promise<RawConnection> {
  const connection = await RawConnection.open(service.url, { reads });
  opened.push(connection);
  return connection;
}

interface Caller {
  readonly partyId: string;
  readonly token: string;
}

async function newCaller(): Promise<Caller> {
  const partyId = randomUUID();
  return { partyId, token: await service.token({ partyId, roles: ['founder'] }) };
}

const bodyOf = ({ partyId }: Caller) => ({ directorPartyIds: [partyId] });

const register = (caller: Caller) =>
  send(`${service.url}/companies`, 'POST', { token: caller.token, body: bodyOf(caller) });

/** Sends `count` writes that stay where their work begins until the gate opens. */
async function hold(caller: Caller, count: number): Promise<() => Promise<readonly number[]>> {
  const arrived = gate.arrivedCount;
  gate.closed = true;
  const answers = Array.from({ length: count }, () => register(caller));
  await eventually('the writes are held', () => gate.arrivedCount === arrived + count);
  return async () => (await Promise.all(answers)).map(({ status }) => status);
}

const health = async (): Promise<readonly number[]> => [
  (await send(`${service.url}/health/live`, 'GET')).status,
  (await send(`${service.url}/health/ready`, 'GET')).status,
];

describe('one connection', () => {
  it('gets the answers of what it pipelines, in order', async () => {
    await start();
    const connection = await open();
    const paths = Array.from({ length: pendingCountMax }, (_, index) =>
      index % 2 === 0 ? '/health/live' : '/nowhere',
    );
    connection.write(paths.map((path) => rawRequest('GET', path)).join(''));
    const statuses = () =>
      [...connection.received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    await eventually('all answers', () => statuses().length === pendingCountMax);
    expect(statuses()).toEqual(paths.map((path) => (path === '/nowhere' ? '404' : '200')));
  });

  it.each([
    ['metrics', '/metrics'],
    ['what the framework cannot even route', 'http://['],
  ])(
    'is cut when it asks for %s and does not read, and others are served',
    async (_name, target) => {
      await start();
      const connections = [await open(false), await open(false), await open(false)];
      connections.forEach((connection) =>
        connection.write(rawRequest('GET', target).repeat(1_000)),
      );
      await eventually('all are cut', async () => (await connectionCount(service)) === 0);
      expect(await health()).toEqual([200, 200]);
      expect((await register(await newCaller())).status).toBe(201);
    },
  );

  it('gives back the slots of everything it had asked for when it goes', async () => {
    await start({ REQUESTS_IN_FLIGHT_PER_CALLER_MAX: '4' });
    const caller = await newCaller();
    const connection = await open();
    gate.closed = true;
    connection.write(
      rawRequest('POST', '/companies', { token: caller.token, body: bodyOf(caller) }).repeat(4),
    );
    await eventually('they are held', () => gate.arrivedCount === 1);
    connection.hangUp();
    await eventually('it is gone', async () => (await connectionCount(service)) === 0);
    gate.open();
    await eventually('all slots are back', async () => {
      const answers = await Promise.all(Array.from({ length: 4 }, () => register(caller)));
      return answers.every(({ status }) => status === 201);
    });
  });

  it('is cut when it does not take a long answer within the write time-out', async () => {
    await start({ WRITE_TIMEOUT_MS: '200' });
    const connection = await open(false);
    connection.write(
      rawRequest('GET', '/docs/assets/swagger-ui-bundle.js').repeat(pendingCountMax),
    );
    await eventually('it is connected', async () => (await connectionCount(service)) === 1);
    await eventually('it is cut', async () => (await connectionCount(service)) === 0);
  });
});

describe('a body that does not arrive', () => {
  const slowHead = (caller: Caller): string =>
    rawRequest('POST', '/companies', {
      token: caller.token,
      headers: ['Content-Type: application/json', 'Content-Length: 100', 'Expect: 100-continue'],
    });

  it('is given up with 408 within the time limit of the request', async () => {
    await start({ REQUEST_TIMEOUT_MS: '300' });
    const connection = await open();
    connection.write(`${slowHead(await newCaller())}{`);
    await eventually('it is cut', () => connection.isClosed);
    expect(connection.received).toContain('HTTP/1.1 408');
    expect(connection.received).toContain('"code":"body_too_slow"');
  });

  it('holds none of the slots that all callers share', async () => {
    await start({ REQUESTS_IN_FLIGHT_MAX: '1' });
    const slow = await newCaller();
    const connections = [await open(), await open(), await open()];
    for (const connection of connections) {
      connection.write(`${slowHead(slow)}{`);
      await eventually('its body is awaited', () => connection.received.includes('100 Continue'));
    }
    expect((await register(await newCaller())).status).toBe(201);
  });

  it('counts for the caller who sends it', async () => {
    await start({ REQUESTS_IN_FLIGHT_PER_CALLER_MAX: '2' });
    const slow = await newCaller();
    const connections = [await open(), await open(), await open()];
    for (const connection of connections) {
      connection.write(`${slowHead(slow)}{`);
    }
    await eventually(
      'one too many is refused',
      () => connections.filter(({ isClosed }) => isClosed).length === 1,
    );
    const refused = connections.find(({ isClosed }) => isClosed);
    expect(refused?.received).toContain('HTTP/1.1 429');
    expect(refused?.received).toContain('"code":"too_many_in_flight"');
    expect((await register(await newCaller())).status).toBe(201);
  });
});

describe('slots', () => {
  it('of one caller do not use up those of another', async () => {
    await start({ REQUESTS_IN_FLIGHT_PER_CALLER_MAX: '2' });
    const [greedy, other] = [await newCaller(), await newCaller()];
    const held = await hold(greedy, 2);
    const refused = await register(greedy);
    expect([refused.status, refused.body['code'], refused.headers.get('retry-after')]).toEqual([
      429,
      'too_many_in_flight',
      '1',
    ]);
    const heldOther = await hold(other, 1);
    gate.open();
    expect([...(await held()), ...(await heldOther())]).toEqual([201, 201, 201]);
    expect((await register(greedy)).status).toBe(201);
  });

  it('leave health answering when all are taken', async () => {
    await start({ REQUESTS_IN_FLIGHT_MAX: '2', RATE_LIMIT_PER_SECOND: '1' });
    const held = await hold(await newCaller(), 2);
    const refused = await register(await newCaller());
    expect([refused.status, refused.body['code']]).toEqual([503, 'overloaded']);
    for (let count = 0; count < 10; count += 1) {
      expect(await health()).toEqual([200, 200]);
    }
    gate.open();
    expect(await held()).toEqual([201, 201]);
  });

  it('stay taken until the work ends, also when the caller has hung up', async () => {
    await start({ REQUESTS_IN_FLIGHT_PER_CALLER_MAX: '1' });
    const caller = await newCaller();
    gate.closed = true;
    const connection = await open();
    connection.write(
      rawRequest('POST', '/companies', { token: caller.token, body: bodyOf(caller) }),
    );
    await eventually('it is held', () => gate.arrivedCount === 1);
    connection.hangUp();
    await eventually('it is gone', async () => (await connectionCount(service)) === 0);
    expect((await register(caller)).status).toBe(429);
    gate.open();
    await eventually('the slot is back', async () => (await register(caller)).status === 201);
  });
});

describe('failed authentication', () => {
  it('is answered 429 beyond its rate, and a right token goes through', async () => {
    await start({ AUTH_FAILURES_PER_SECOND: '1' });
    const attempts = [null, 'nonsense', 'nonsense', null].map((token) =>
      send(`${service.url}/companies`, 'GET', { token }),
    );
    const answers = await Promise.all(attempts);
    const throttled = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(2);
    expect(
      throttled.map(({ body, headers }) => [body['code'], headers.get('retry-after')]),
    ).toEqual([
      ['authentication_throttled', '1'],
      ['authentication_throttled', '1'],
    ]);
    const { token } = await newCaller();
    expect((await send(`${service.url}/companies`, 'GET', { token })).status).toBe(200);
  });
});

describe('the management port', () => {
  const operatorPaths = ['/metrics', '/docs', '/docs/openapi.json'];
  const status = async (url: string | null, path: string): Promise<number> =>
    (await send(`${url ?? ''}${path}`, 'GET')).status;

  it('is the only way to metrics and documentation, and to nothing else but health', async () => {
    await start({ MANAGEMENT_PORT: '0' });
    const { url, managementUrl } = service;
    for (const path of operatorPaths) {
      expect([path, await status(url, path), await status(managementUrl, path)]).toEqual([
        path,
        404,
        200,
      ]);
    }
    expect(await status(managementUrl, '/health/live')).toBe(200);
    expect(await health()).toEqual([200, 200]);
    const caller = await newCaller();
    const written = await send(`${managementUrl ?? ''}/companies`, 'POST', {
      token: caller.token,
      body: bodyOf(caller),
    });
    expect([written.status, written.body['code']]).toEqual([404, 'route_unknown']);
    await service.close();
    await expect(status(managementUrl, '/metrics')).rejects.toThrow();
  });

  it('is not there in development unless it is asked for', async () => {
    await start();
    expect(service.managementUrl).toBeNull();
    expect(await status(service.url, '/metrics')).toBe(200);
  });
});
