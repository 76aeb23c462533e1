import { createTestDatabase, send, type TestDatabase } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServiceApp, type ServiceApp } from '../src/index.js';
import { Gate, sampleService } from './sample-service.js';

let database: TestDatabase;
let service: ServiceApp;

beforeAll(async () => {
  database = await createTestDatabase();
  service = await createServiceApp(sampleService({ gate: new Gate() }), {
    databaseUrl: database.url,
    env: {
      PEER_DATABASE_URLS: JSON.stringify({ compliance: database.url, audit: database.url }),
      SERVICE_URLS: JSON.stringify({
        compliance: 'http://127.0.0.1:7101',
        deals: 'http://127.0.0.1:7103/a&b/',
      }),
    },
  });
});

afterAll(async () => {
  await service?.close();
  await database?.drop();
});

describe('The documentation of a service', () => {
  it('comes from its own files under a strict policy', async () => {
    const page = await fetch(`${service.url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    );
    const html = await page.text();
    const types: string[] = [];
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const asset = await fetch(`${service.url}${path}`);
      expect([path, asset.status]).toEqual([path, 200]);
      types.push(asset.headers.get('content-type') ?? '');
      await asset.arrayBuffer();
    }
    // Beside nosniff a browser runs and applies nothing that has another type.
    expect(types.map((type) => type.split(';')[0])).toEqual([
      'text/css',
      'text/javascript',
      'text/javascript',
    ]);
    const document = await send(`${service.url}/docs/openapi.json`, 'GET');
    expect(document.body['openapi']).toBe('3.1.0');
  });

  it('is where the root leads, and lists the services', async () => {
    const root = await fetch(service.url, { redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, '/docs']);
    const html = await (await fetch(service.url)).text();
    const links = [...html.matchAll(/<a href="([^"]+)"[^>]*>(\w+)<\/a>/g)].map(([, url, name]) => [
      name,
      url,
    ]);
    expect(links).toEqual([
      ['compliance', 'http://127.0.0.1:7101/docs'],
      ['deals', 'http://127.0.0.1:7103/a&amp;b/docs'],
    ]);
  });
});
