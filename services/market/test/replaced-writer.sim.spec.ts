import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { streamIds } from '@specie/contracts';
import { freePort, startServiceProcess, type ServiceProcess } from '@specie/local-platform';
import { DevelopmentIssuer } from '@specie/nest-platform';
import { clientOf, eventually, type Answer } from '@specie/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVenue, operator, type Venue } from './open-venue.js';

const root = resolve(import.meta.dirname, '../../..');
const partyCount = 8;
const issuer = new DevelopmentIssuer();

/** One request on a connection of its own that is open before the server is paused. */
interface OpenConnection {
  readonly answer: (path: string, init: Sent) => Promise<Answer>;
  readonly close: () => void;
}

interface Sent {
  readonly method: 'POST' | 'DELETE' | 'GET';
  readonly token: string;
  readonly key?: string;
  readonly body?: unknown;
}

async function connect(url: string): Promise<OpenConnection> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answer: OpenConnection['answer'] = (path, { method, token, key, body }) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const sent = request(`${url}${path}`, {
        agent,
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const headers = new Headers();
          Object.entries(response.headers).forEach(([name, value]) =>
            headers.set(name, String(value)),
          );
          const parsed = JSON.parse(Buffer.concat(chunks).toString()) as Answer['body'];
          resolve({ status: response.statusCode ?? 0, headers, body: parsed });
        });
      });
      sent.end(text);
    });
  const token = await issuer.issue(operator);
  await answer('/fees', { method: 'GET', token });
  return { answer, close: () => agent.destroy() };
}

describe('A replaced writer of the market', () => {
  let venue: Venue;
  let database: DataSource;
  let home: string;
  const processes: ServiceProcess[] = [];

  async function start(name: string): Promise<ServiceProcess> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const started = startServiceProcess({
      name,
      entry: join(root, 'services/market/dist/main.js'),
      url,
      logFile: join(home, `${name}.log`),
      env: {
        NODE_ENV: 'development',
        HOST: '127.0.0.1',
        PORT: String(port),
        ADVERTISED_URL: url,
        INSTANCE_ID: name,
        DATABASE_URL: venue.databaseUrl,
        PEER_DATABASE_URLS: JSON.stringify(venue.peerUrls),
        EVENT_TRANSPORT: 'postgres',
        AUTH_MODE: 'development',
        LOG_LEVEL: 'warn',
      },
    });
    processes.push(started);
    await started.ready(60_000);
    return started;
  }

  async function untilWriter(name: string): Promise<void> {
    await eventually(
      `${name} writes`,
      async () => {
        const response = await fetch(
          `${processes.find((one) => one.name === name)?.url}/health/ready`,
        );
        const { details } = (await response.json()) as {
          readonly details: { readonly writer?: { readonly role?: string } };
        };
        return details.writer?.role === 'writer';
      },
      60_000,
    );
  }

  beforeAll(async () => {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
    home = mkdtempSync(join(tmpdir(), 'specie-market-'));
    venue = await openVenue();
    database = await new DataSource({ type: 'postgres', url: venue.databaseUrl }).initialize();
  }, 300_000);

  afterAll(async () => {
    await Promise.all(processes.map((one) => one.kill()));
    await database.destroy();
    await venue.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('answers nothing from the memory it had, and stores nothing under the keys', async () => {
    const first = await start('market-a');
    await untilWriter('market-a');
    const second = await start('market-b');
    const at = (service: ServiceProcess) => ({
      url: service.url,
      token: (actor: Parameters<DevelopmentIssuer['issue']>[0]) => issuer.issue(actor),
    });
    const parties = Array.from({ length: partyCount }, () => ({
      partyId: randomUUID(),
      roles: ['investor'] as const,
    }));
    for (const { partyId } of parties) {
      const actions = ['trade'];
      const data = { partyId, actions, accredited: true, validUntil: '2099-01-01T00:00:00.000Z' };
      const type = 'compliance.eligibility-published';
      await venue.publish('compliance', streamIds.party(partyId), type, data);
    }
    await eventually('the eligibility', async () => {
      const rows = await database.query<unknown[]>('select 1 from eligibility');
      return rows.length === partyCount;
    });
    const seriesId = randomUUID();
    const asOperator = await clientOf(at(second), operator);
    const terms = { makerFeePpm: 0, takerFeePpm: 0, minimumLots: 1, maximumLots: 100 };
    const book = await asOperator.post('/books', { seriesId, currency: 'USD', ...terms });
    expect(book.status).toBe(201);

    const connections = await Promise.all(
      Array.from({ length: partyCount + 2 }, () => connect(first.url)),
    );
    const pid = first.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    const withdrawal = { currency: 'USD', amount: '4' };
    const orderId = randomUUID();
    const tokens = await Promise.all(parties.map((party) => issuer.issue(party)));
    const owner = tokens[0] ?? '';
    const operatorToken = await issuer.issue(operator);
    const ownerId = parties[0]?.partyId ?? '';
    const waiting = Promise.all([
      ...tokens.map((token, index) =>
        connections[index]?.answer('/cash-withdrawals', {
          method: 'POST',
          token,
          key: `withdrawal-${index}`,
          body: withdrawal,
        }),
      ),
      connections[partyCount]?.answer(`/orders/${orderId}`, {
        method: 'DELETE',
        token: owner,
        key: 'cancellation',
      }),
      connections[partyCount + 1]?.answer(`/parties/${ownerId}/order-cancellations`, {
        method: 'POST',
        token: operatorToken,
        key: 'kill-switch',
        body: {},
      }),
    ]);

    await untilWriter('market-b');
    for (const { partyId } of parties) {
      const deposit = { partyId, currency: 'USD', amount: '10' };
      expect((await asOperator.post('/cash-deposits', deposit)).status).toBe(201);
    }
    const asOwner = await clientOf(at(second), { partyId: ownerId, roles: ['investor'] });
    const order = { orderId, seriesId, side: 'buy', kind: 'limit', timeInForce: 'GTC' };
    expect(
      (await asOwner.post('/orders', { ...order, priceTicks: 10_000, quantityLots: 100 })).status,
    ).toBe(201);
    process.kill(pid, 'SIGCONT');

    // It may have stepped down before it read a request, and then sends it on to the new writer.
    const answers = await waiting;
    for (const [index, answer] of answers.entries()) {
      if (index === partyCount && answer?.status === 409) {
        // The new writer had cancelled it for the other request.
        expect(answer).toMatchObject({ body: { code: 'order_not_open' } });
      } else if (answer?.status === 503) {
        expect(answer).toMatchObject({ body: { code: 'writer_unavailable' } });
        expect(answer.headers.get('retry-after')).toBe('1');
      } else {
        expect(answer?.status).toBeOneOf([200, 201]);
      }
    }
    // The new writer has cancelled the order if a cancellation was sent on to it.
    const isCancelled = answers.slice(partyCount).some((answer) => answer?.status !== 503);
    const ownerCash = isCancelled ? '6.000000' : '5.000000';
    for (const [index, party] of parties.entries()) {
      const client = await clientOf(at(second), party);
      const again = await client.post('/cash-withdrawals', withdrawal, `withdrawal-${index}`);
      expect(again.status).toBe(201);
      const { body } = await client.get(`/parties/${party.partyId}/balances`);
      expect(body['cash']).toMatchObject([{ available: index === 0 ? ownerCash : '6.000000' }]);
    }
    const cancelled = await fetch(`${second.url}/parties/${ownerId}/order-cancellations`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${operatorToken}`,
        'idempotency-key': 'kill-switch',
        'content-type': 'application/json',
      },
      body: '{}',
    });
    expect(cancelled.status).toBe(201);
    expect((await asOwner.get(`/orders/${orderId}`)).body).toMatchObject({ status: 'cancelled' });
  });
});
