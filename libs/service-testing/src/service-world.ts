import { randomUUID } from 'node:crypto';
import {
  eventCodec,
  streamIds,
  type EligibilityPublished,
  type ServiceName,
} from '@specie/contracts';
import type { NewEvent, RecordedEvent } from '@specie/event-sourcing';
import { openEventStore, type PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { expect, vi } from 'vitest';
import {
  createServiceApp,
  logSigningKey,
  SystemClock,
  type Clock,
  type Role,
  type ServiceApp,
  type ServiceDefinition,
  type ServiceOverrides,
} from '@specie/nest-platform';
import { comparePreviews, type Previews } from './previews.js';

/** Who sends requests, and as what. */
export interface Actor {
  readonly partyId: string;
  readonly roles: readonly Role[];
}

interface Database {
  readonly url: string;
  drop(): Promise<void>;
}

export interface WorldOptions<Peer extends ServiceName> {
  /** The services whose events the one under test consumes. */
  readonly peers: readonly Peer[];
  /** Makes a fresh, empty database; the platform itself knows none. */
  readonly createDatabase: () => Promise<Database>;
  /** Of the service and of what its peers publish; the machine's unless given. */
  readonly clock?: Clock;
}

const waiting = { timeout: 20_000, interval: 25 };

/** The world of one service under test: a database of its own, and beside it logs to which a test publishes as its peers. */
export class ServiceWorld<Peer extends ServiceName> {
  readonly databaseUrl: string;
  readonly clock: Clock;
  /** The databases of the peers by name, as `PEER_DATABASE_URLS` takes them. */
  readonly peerUrls: Readonly<Record<string, string>>;
  private readonly logs: ReadonlyMap<Peer, PostgresEventStore>;
  private readonly closing: (() => Promise<void>)[];
  private latest: ServiceApp | undefined;
  private compared: Previews | undefined;

  private constructor(opened: {
    readonly databaseUrl: string;
    readonly clock: Clock;
    readonly logs: ReadonlyMap<Peer, PostgresEventStore>;
    readonly peerUrls: Readonly<Record<string, string>>;
    readonly closing: (() => Promise<void>)[];
  }) {
    this.databaseUrl = opened.databaseUrl;
    this.clock = opened.clock;
    this.logs = opened.logs;
    this.peerUrls = opened.peerUrls;
    this.closing = opened.closing;
  }

  /** Opens the databases and the peers' logs; the service is started afterwards. */
  static async open<Peer extends ServiceName>(
    options: WorldOptions<Peer>,
  ): Promise<ServiceWorld<Peer>> {
    const closing: (() => Promise<void>)[] = [];
    const newDatabase = async (): Promise<string> => {
      const database = await options.createDatabase();
      closing.push(() => database.drop());
      return database.url;
    };
    const logs = new Map<Peer, PostgresEventStore>();
    const peerUrls: Record<string, string> = {};
    for (const peer of options.peers) {
      const url = await newDatabase();
      const dataSource = new DataSource({ type: 'postgres', url });
      const signingKey = logSigningKey(peer, null);
      const store = await openEventStore({ dataSource, logName: peer, signingKey });
      closing.push(async () => {
        await store.close();
        await dataSource.destroy();
      });
      logs.set(peer, store);
      peerUrls[peer] = url;
    }
    const { clock = new SystemClock() } = options;
    return new ServiceWorld({ databaseUrl: await newDatabase(), clock, logs, peerUrls, closing });
  }

  /** Starts an instance on the world's database; several may run. */
  async start(
    definition: ServiceDefinition,
    overrides: ServiceOverrides = {},
  ): Promise<ServiceApp> {
    const service = await createServiceApp(definition, {
      databaseUrl: this.databaseUrl,
      clock: this.clock,
      ...overrides,
      env: {
        PEER_DATABASE_URLS: JSON.stringify(this.peerUrls),
        LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
        ...overrides.env,
      },
    });
    this.closing.push(() => service.close());
    this.latest = service;
    return service;
  }

  /** As `start`; every command handler answers a dry run before each run, see `previews`. */
  async startWithPreviews(
    definition: ServiceDefinition,
    overrides: ServiceOverrides = {},
  ): Promise<ServiceApp> {
    const service = await this.start(definition, overrides);
    this.compared = comparePreviews(definition, service);
    return service;
  }

  /** How the previews of the instance that was started with them compared. */
  get previews(): Previews {
    if (this.compared === undefined) throw new Error('no service was started with previews');
    return this.compared;
  }

  /** The instance that was started last. */
  get service(): ServiceApp {
    if (this.latest === undefined) throw new Error('no service was started');
    return this.latest;
  }

  /** Ends the instances, then the logs, then the databases. */
  async close(): Promise<void> {
    for (const close of this.closing.reverse()) {
      await close();
    }
  }

  /** Appends an event to the log of a peer; whether the service has consumed it is for the test to wait for. */
  async publish(peer: Peer, streamId: string, type: string, data: unknown): Promise<void> {
    await this.publishAsStored(peer, streamId, eventCodec.encode({ type, data }));
  }

  /**
   * Appends events as they stand in the log, also of a kind that only a newer version of the peer knows; several arrive at
   * once. Answers what was recorded.
   */
  async publishAsStored(
    peer: Peer,
    streamId: string,
    ...events: readonly NewEvent[]
  ): Promise<readonly RecordedEvent[]> {
    const outcome = await this.logs.get(peer)?.append({
      commandId: randomUUID(),
      streams: [{ streamId, expectedVersion: 'any', events }],
      metadata: {
        correlationId: randomUUID(),
        causationId: randomUUID(),
        actor: `service:${peer}`,
        idempotencyKey: null,
      },
      occurredAt: this.clock.now(),
    });
    if (outcome?.outcome !== 'appended') throw new Error(`not appended: ${outcome?.outcome}`);
    return outcome.events;
  }

  /** Compliance lets the party do these actions and no others; resolves once the service knows it. */
  async allow(
    this: ServiceWorld<Peer | 'compliance'>,
    partyId: string,
    ...actions: EligibilityPublished['data']['actions']
  ): Promise<void> {
    await this.publish('compliance', streamIds.party(partyId), 'compliance.eligibility-published', {
      partyId,
      actions,
      accredited: true,
      validUntil: '2099-01-01T00:00:00.000Z',
    });
    await vi.waitFor(async () => {
      const rows = await this.service.dataSource.query<{ readonly actions: string[] }[]>(
        'select actions from eligibility where party_id = $1',
        [partyId],
      );
      expect(rows).toEqual([{ actions }]);
    }, waiting);
  }

  /** The newest event of a type in a stream of the service's own log, waited for. */
  async recorded(streamId: string, type: string): Promise<RecordedEvent> {
    return vi.waitFor(async () => {
      const events = await this.service.store.readStream(streamId);
      const found = events.findLast((event) => event.type === type);
      if (found === undefined) throw new Error(`no ${type} in ${streamId}`);
      return found;
    }, waiting);
  }
}
