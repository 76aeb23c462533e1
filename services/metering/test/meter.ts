import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { eventCodec, streamIds, type ServiceName } from '@specie/contracts';
import { createServiceApp, type Clock, type Role, type ServiceApp } from '@specie/nest-platform';
import { openEventStore, type PostgresEventStore } from '@specie/postgres-event-store';
import { createTestDatabase, eventually, send, type Answer } from '@specie/testing';
import { DataSource } from 'typeorm';
import { expect } from 'vitest';
import { meteringService } from '../src/app.module.js';

export const seriesId = '5e51e500-0000-4000-8000-000000000001';
export const agent = {
  partyId: 'a9e47000-0000-4000-8000-000000000001',
  roles: ['gpu-agent'] as const,
};
export const provider = {
  partyId: 'a9e47000-0000-4000-8000-000000000001',
  roles: ['provider-admin'] as const,
};

export interface Actor {
  readonly partyId: string;
  readonly roles: readonly Role[];
}

interface Peer {
  readonly url: string;
  readonly store: PostgresEventStore;
}

/** Metering on its own database, with the logs of compliance and the issuer beside it. */
export class World {
  private readonly databaseUrl: string;
  private readonly peers: Readonly<Record<'compliance' | 'issuance' | 'audit', Peer>>;
  private readonly closing: (() => Promise<void>)[];

  private constructor(databaseUrl: string, peers: World['peers'], closing: World['closing']) {
    this.databaseUrl = databaseUrl;
    this.peers = peers;
    this.closing = closing;
  }

  static async open(): Promise<World> {
    const closing: (() => Promise<void>)[] = [];
    const database = await createTestDatabase();
    closing.push(() => database.drop());
    const peers = {
      compliance: await openPeer('compliance', closing),
      issuance: await openPeer('issuance', closing),
      audit: await openPeer('audit', closing),
    };
    return new World(database.url, peers, closing);
  }

  async start(clock?: Clock): Promise<ServiceApp> {
    const peerUrls = Object.fromEntries(
      Object.entries(this.peers).map(([name, { url }]) => [name, url]),
    );
    const service = await createServiceApp(meteringService, {
      databaseUrl: this.databaseUrl,
      ...(clock ? { clock } : {}),
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
    service: keyof World['peers'],
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

  async allow(partyId: string): Promise<void> {
    await this.publish('compliance', streamIds.party(partyId), 'compliance.eligibility-published', {
      partyId,
      actions: ['redeem'],
      accredited: true,
      validUntil: '2099-01-01T00:00:00.000Z',
    });
  }

  /** The issuer answers the request of a reservation. */
  async hold(partyId: string, reservationId: string, quantity: bigint): Promise<void> {
    const accountId = randomUUID();
    await this.publish('issuance', streamIds.account(accountId), 'issuance.tokens-held', {
      accountId,
      seriesId,
      partyId,
      holdId: reservationId,
      quantity,
      draws: [],
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
  }

  async refuseHold(partyId: string, reservationId: string, reason: string): Promise<void> {
    await this.publish('issuance', streamIds.hold(reservationId), 'issuance.hold-refused', {
      holdId: reservationId,
      seriesId,
      partyId,
      reason,
    });
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

export interface Client {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, key?: string): Promise<Answer>;
}

export async function clientOf(service: ServiceApp, { partyId, roles }: Actor): Promise<Client> {
  const token = await service.token({ partyId, roles });
  return {
    get: (path) => send(`${service.url}${path}`, 'GET', { token }),
    post: (path, body, key) =>
      send(`${service.url}${path}`, 'POST', {
        token,
        body: body ?? {},
        ...(key === undefined ? {} : { key }),
      }),
  };
}

export const redemption = (quantity: string, expiresAt = '2098-12-31T00:00:00.000Z') => ({
  seriesId,
  sku: 'H100-SXM',
  quantity,
  expiresAt,
});

/** A party that may redeem. */
export async function newcomer(world: World, service: ServiceApp): Promise<Actor> {
  const actor: Actor = { partyId: randomUUID(), roles: ['founder'] };
  await world.allow(actor.partyId);
  const client = await clientOf(service, actor);
  // A party that may redeem is refused for what it asks, not for its eligibility.
  await eventually('eligibility', async () => {
    const { body } = await client.post('/reservations', redemption('0'));
    return body['code'] === 'quantity_not_positive';
  });
  return actor;
}

/** A reservation that the issuer has answered with a hold. */
export async function confirmed(
  world: World,
  service: ServiceApp,
  actor: Actor,
  tokens: bigint,
): Promise<string> {
  const client = await clientOf(service, actor);
  const answer = await client.post('/reservations', redemption(String(tokens)));
  expect(answer.status).toBe(202);
  const reservationId = String(answer.body['id']);
  await world.hold(actor.partyId, reservationId, tokens * 1_000_000n);
  await eventually('the hold', async () => {
    const { body } = await client.get(`/reservations/${reservationId}`);
    return body['status'] === 'confirmed';
  });
  return reservationId;
}

export const usage = (recordId: string, fields: Readonly<Record<string, unknown>> = {}) => ({
  source: 'urn:gpu:north/node-7',
  recordId,
  gpuCount: 1,
  startedAt: new Date(Date.now() - 3_600_000).toISOString(),
  seconds: 3_600,
  ...fields,
});
