import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { eventCodec, streamIds, type ServiceName } from '@specie/contracts';
import {
  createServiceApp,
  marketEscrowPartyId,
  type Role,
  type ServiceApp,
} from '@specie/nest-platform';
import { openEventStore, type PostgresEventStore } from '@specie/postgres-event-store';
import { createTestDatabase, eventually, send, type Answer } from '@specie/testing';
import { DataSource } from 'typeorm';
import { expect } from 'vitest';
import { marketService } from '../src/app.module.js';

export const operator = {
  partyId: '0be4a704-0000-4000-8000-000000000001',
  roles: ['market-operator'] as const,
};
export interface Actor {
  readonly partyId: string;
  readonly roles: readonly Role[];
}

/** A log of another service that publishes what the test says. */
interface Peer {
  readonly url: string;
  readonly store: PostgresEventStore;
}

/** The market on its own database, with the logs of compliance and the issuer beside it. */
export class Venue {
  readonly databaseUrl: string;
  private readonly peers: Readonly<Record<'compliance' | 'issuance' | 'audit', Peer>>;
  private readonly closing: (() => Promise<void>)[];

  private constructor(databaseUrl: string, peers: Venue['peers'], closing: Venue['closing']) {
    this.databaseUrl = databaseUrl;
    this.peers = peers;
    this.closing = closing;
  }

  static async open(): Promise<Venue> {
    const closing: (() => Promise<void>)[] = [];
    const database = await createTestDatabase();
    closing.push(() => database.drop());
    const peers = {
      compliance: await openPeer('compliance', closing),
      issuance: await openPeer('issuance', closing),
      audit: await openPeer('audit', closing),
    };
    return new Venue(database.url, peers, closing);
  }

  async start(instanceId = 'market-a'): Promise<ServiceApp> {
    const peerUrls = Object.fromEntries(
      Object.entries(this.peers).map(([name, { url }]) => [name, url]),
    );
    const service = await createServiceApp(marketService, {
      databaseUrl: this.databaseUrl,
      instanceId,
      env: {
        PEER_DATABASE_URLS: JSON.stringify(peerUrls),
        LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
        RATE_LIMIT_PER_SECOND: '100000',
      },
    });
    this.closing.push(() => service.close());
    return service;
  }

  async close(): Promise<void> {
    for (const close of this.closing.reverse()) {
      await close();
    }
  }

  async publish(
    service: keyof Venue['peers'],
    streamId: string,
    type: string,
    data: unknown,
  ): Promise<void> {
    const outcome = await this.peers[service].store.append({
      commandId: randomUUID(),
      streams: [{ streamId, expectedVersion: 'any', events: [eventCodec.encode({ type, data })] }],
      metadata: {
        correlationId: randomUUID(),
        causationId: randomUUID(),
        actor: `service:${service}`,
        idempotencyKey: null,
      },
      occurredAt: new Date().toISOString(),
    });
    expect(outcome.outcome).toBe('appended');
  }

  /** Compliance lets the party trade, or nothing. */
  async allow(partyId: string, actions: readonly string[] = ['trade']): Promise<void> {
    await this.publish('compliance', streamIds.party(partyId), 'compliance.eligibility-published', {
      partyId,
      actions,
      accredited: true,
      validUntil: '2099-01-01T00:00:00.000Z',
    });
  }

  /** The issuer moves tokens of a party into the escrow. */
  async escrow(
    { partyId, seriesId }: { readonly partyId: string; readonly seriesId: string },
    quantity: bigint,
    movementId: string = randomUUID(),
  ): Promise<string> {
    const accountId = randomUUID();
    await this.publish('issuance', streamIds.account(accountId), 'issuance.tokens-received', {
      accountId,
      seriesId,
      partyId: marketEscrowPartyId,
      movementId,
      movement: 'escrow',
      counterPartyId: partyId,
      quantity,
      lots: [{ lotId: movementId, quantity, lockupEndsAt: null }],
    });
    return movementId;
  }
}

async function openPeer(logName: ServiceName, closing: (() => Promise<void>)[]): Promise<Peer> {
  const database = await createTestDatabase();
  closing.push(() => database.drop());
  const dataSource = new DataSource({ type: 'postgres', url: database.url });
  const { privateKey } = generateKeyPairSync('ed25519');
  const store = await openEventStore({ dataSource, logName, signingKey: privateKey });
  closing.push(async () => {
    await store.close();
    await dataSource.destroy();
  });
  return { url: database.url, store };
}

/** Requests of one party to one instance. */
export async function clientOf(
  service: ServiceApp,
  { partyId, roles }: Actor,
): Promise<{
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, key?: string): Promise<Answer>;
  remove(path: string): Promise<Answer>;
}> {
  const token = await service.token({ partyId, roles });
  return {
    get: (path) => send(`${service.url}${path}`, 'GET', { token }),
    post: (path, body, key) =>
      send(`${service.url}${path}`, 'POST', {
        token,
        body: body ?? {},
        ...(key === undefined ? {} : { key }),
      }),
    remove: (path) => send(`${service.url}${path}`, 'DELETE', { token }),
  };
}

/** A book of its own, with Ada's 1,000 dollars and Bob's 100 tokens; both may trade. */
export interface Story {
  readonly ada: Actor;
  readonly bob: Actor;
  readonly seriesId: string;
  readonly terms: Readonly<Record<string, unknown>>;
  readonly limit: (
    side: 'buy' | 'sell',
    priceTicks: number,
    quantityLots: number,
  ) => Readonly<Record<string, unknown>>;
}

export async function openMarket(venue: Venue, service: ServiceApp): Promise<Story> {
  const ada: Actor = { partyId: randomUUID(), roles: ['investor'] };
  const bob: Actor = { partyId: randomUUID(), roles: ['founder'] };
  const seriesId = randomUUID();
  const terms = {
    seriesId,
    currency: 'USD',
    makerFeeBps: 10,
    takerFeeBps: 25,
    minimumLots: 1,
    maximumLots: 1_000_000,
  };
  await service.writing();
  await venue.allow(ada.partyId);
  await venue.allow(bob.partyId);
  await venue.escrow({ partyId: bob.partyId, seriesId }, 100_000_000n);
  const asOperator = await clientOf(service, operator);
  expect((await asOperator.post('/books', terms)).status).toBe(201);
  const deposit = { partyId: ada.partyId, currency: 'USD', amount: '1000' };
  expect((await asOperator.post('/cash-deposits', deposit)).status).toBe(201);
  await eventually('the escrowed tokens', async () => {
    const { body } = await asOperator.get(`/parties/${bob.partyId}/balances`);
    return (body['tokens'] as readonly unknown[]).length === 1;
  });
  // A party that may trade is refused for its emptiness, not for its eligibility.
  for (const actor of [ada, bob]) {
    const client = await clientOf(service, actor);
    await eventually('eligibility', async () => {
      const { body } = await client.post('/token-withdrawals', { seriesId, quantity: '1000000' });
      return body['code'] === 'insufficient_tokens';
    });
  }
  const limit: Story['limit'] = (side, priceTicks, quantityLots) => ({
    seriesId,
    side,
    kind: 'limit',
    timeInForce: 'GTC',
    priceTicks,
    quantityLots,
  });
  return { ada, bob, seriesId, terms, limit };
}
