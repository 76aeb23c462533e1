import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { eventCodec, streamIds, type ServiceName } from '@specie/contracts';
import type { RecordedEvent } from '@specie/event-sourcing';
import {
  createServiceApp,
  FixedClock,
  type EligibleAction,
  type Role,
  type ServiceApp,
} from '@specie/nest-platform';
import { openEventStore, type PostgresEventStore } from '@specie/postgres-event-store';
import { createTestDatabase } from '@specie/testing';
import { DataSource } from 'typeorm';
import { dealsService } from '../src/app.module.js';

type Peer = Extract<ServiceName, 'compliance' | 'issuance' | 'audit'>;
const peers: readonly Peer[] = ['compliance', 'issuance', 'audit'];

export interface Answer {
  readonly status: number;
  readonly hit: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The service over HTTP on real PostgreSQL, and the logs of its peers to publish to. */
export class World {
  readonly clock = new FixedClock('2026-03-01T12:00:00.000Z');
  private readonly closing: (() => Promise<void>)[] = [];
  private readonly logs = new Map<Peer, PostgresEventStore>();
  private running: ServiceApp | undefined;

  static async start(): Promise<World> {
    const world = new World();
    const urls: Record<string, string> = {};
    for (const peer of peers) {
      urls[peer] = await world.openLog(peer);
    }
    const database = await createTestDatabase();
    world.closing.push(() => database.drop());
    const service = await createServiceApp(dealsService, {
      databaseUrl: database.url,
      clock: world.clock,
      env: {
        PEER_DATABASE_URLS: JSON.stringify(urls),
        LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      },
    });
    world.closing.push(() => service.close());
    await service.writing();
    world.running = service;
    return world;
  }

  async stop(): Promise<void> {
    for (const close of this.closing.reverse()) {
      await close();
    }
  }

  get service(): ServiceApp {
    if (!this.running) throw new Error('the service is not running');
    return this.running;
  }

  /** Somebody who acts for a party in one role. */
  async as(role: Role, partyId: string): Promise<Client> {
    return new Client(
      this.service.url,
      await this.service.token({ partyId, roles: [role] }),
      partyId,
    );
  }

  async publish(peer: Peer, streamId: string, type: string, data: unknown): Promise<void> {
    const outcome = await this.logs.get(peer)?.append({
      commandId: randomUUID(),
      streams: [{ streamId, expectedVersion: 'any', events: [eventCodec.encode({ type, data })] }],
      metadata: {
        correlationId: randomUUID(),
        causationId: randomUUID(),
        actor: `service:${peer}`,
        idempotencyKey: null,
      },
      occurredAt: this.clock.now(),
    });
    if (outcome?.outcome !== 'appended')
      throw new Error(`not published: ${outcome?.outcome ?? peer}`);
  }

  /** Publishes eligibility and waits until the service knows it. */
  async allow(partyId: string, ...actions: readonly EligibleAction[]): Promise<void> {
    await this.publish('compliance', streamIds.party(partyId), 'compliance.eligibility-published', {
      partyId,
      actions,
      accredited: true,
      validUntil: '2099-01-01T00:00:00.000Z',
    });
    await eventually('the eligibility', async () => {
      const rows = await this.service.dataSource.query<{ actions: string[] }[]>(
        'select actions from eligibility where party_id = $1',
        [partyId],
      );
      return rows[0]?.actions.length === actions.length;
    });
  }

  /** The events of the service's own log, waited for until there is one of `type` in the stream. */
  async recorded(streamId: string, type: string): Promise<RecordedEvent> {
    return eventually(`${type} in ${streamId}`, async () => {
      const events = await this.service.store.readStream(streamId);
      return events.findLast((event) => event.type === type);
    });
  }

  private async openLog(peer: Peer): Promise<string> {
    const database = await createTestDatabase();
    const dataSource = new DataSource({ type: 'postgres', url: database.url });
    const signingKey = generateKeyPairSync('ed25519').privateKey;
    const store = await openEventStore({ dataSource, logName: peer, signingKey });
    this.closing.push(async () => {
      await store.close();
      await dataSource.destroy();
      await database.drop();
    });
    this.logs.set(peer, store);
    return database.url;
  }
}

export class Client {
  readonly partyId: string;
  private readonly url: string;
  private readonly token: string;

  constructor(url: string, token: string, partyId: string) {
    this.url = url;
    this.token = token;
    this.partyId = partyId;
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path, {});
  }

  post(path: string, body?: unknown, key: string = randomUUID()): Promise<Answer> {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.send('POST', path, { ...text, headers: { 'idempotency-key': key } });
  }

  private async send(method: string, path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...('body' in init ? { 'content-type': 'application/json' } : {}),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
    const body = (await response.json()) as Answer['body'];
    return {
      status: response.status,
      hit: response.headers.get('idempotency-hit') === 'true',
      body,
    };
  }
}

const pollMs = 25;

/** Polls until `probe` finds something; fails with `what` after the deadline. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  deadlineMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
