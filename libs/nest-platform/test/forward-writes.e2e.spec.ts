import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestDatabase, eventually } from '@specie/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceApp } from '../src/index.js';
import { ServiceWorld } from '@specie/service-testing';
import { RawConnection, rawRequest } from './raw-connection.js';
import { sampleService } from './sample-service.js';

const founderPartyId = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d5c';
const body = { directorPartyIds: [founderPartyId] };

let world: ServiceWorld<'compliance' | 'audit'>;
let writer: ServiceApp;
let standby: ServiceApp;
let connection: RawConnection;

beforeEach(async () => {
  world = await ServiceWorld.open({
    peers: ['compliance', 'audit'],
    createDatabase: createTestDatabase,
  });
  const definition = sampleService({ singleWriter: true });
  writer = await world.start(definition, { instanceId: 'writer' });
  await writer.writing();
  standby = await world.start(definition, {
    instanceId: 'standby',
    env: { REQUEST_TIMEOUT_MS: '2000' },
  });
  connection = await RawConnection.open(standby.url);
});

afterEach(async () => {
  connection?.hangUp();
  await world.close();
});

const answered = (): Promise<boolean> =>
  eventually('an answer', () => connection.received.includes('HTTP/1.1'));

describe('a standby', () => {
  let other: Server;
  let targets: string[];

  beforeEach(async () => {
    targets = [];
    other = createServer((request, response) => {
      targets.push(request.url ?? '');
      response.end('from elsewhere');
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
  });

  afterEach(() => other.close());

  it.each([
    { name: 'an address as its target', targetOf: (address: string) => `http://${address}` },
    { name: 'another host', header: (address: string) => `X-Forwarded-Host: ${address}` },
  ])('sends a write with $name to the writer and nowhere else', async ({ targetOf, header }) => {
    const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const target = `${targetOf?.(address) ?? ''}/companies`;
    const headers = header ? [header(address)] : [];
    const token = await standby.token({ partyId: founderPartyId, roles: ['founder'] });
    connection.write(rawRequest('POST', target, { token, body, headers }));
    await answered();
    expect(targets).toEqual([]);
    expect(connection.received).toContain('HTTP/1.1 201');
    expect((await writer.store.head()).position).toBe(1);
  });

  it('keeps path and query as they were sent', async () => {
    const token = await standby.token({ partyId: founderPartyId, roles: ['founder'] });
    connection.write(
      rawRequest('POST', `http://x/companies/${randomUUID()}/share-classes?a=1`, { token, body }),
    );
    await answered();
    expect(connection.received).toContain('"path":"query.a"');
  });

  it('forwards nothing without a token', async () => {
    connection.write(
      rawRequest('POST', '/companies', {
        headers: ['Content-Type: application/json', 'Content-Length: 100'],
      }),
    );
    await answered();
    expect(connection.received).toContain('HTTP/1.1 401');
  });

  it('holds the writer up with no body that does not arrive', async () => {
    const token = await standby.token({ partyId: founderPartyId, roles: ['founder'] });
    connection.write(
      rawRequest('POST', '/companies', {
        token,
        headers: ['Content-Type: application/json', 'Content-Length: 100'],
      }),
    );
    await eventually('it is cut', () => connection.isClosed);
    expect(connection.received).toContain('HTTP/1.1 408');
  });
});
