import { randomUUID } from 'node:crypto';
import { serviceNames, type ServiceName } from '@specie/contracts';
import { postgresSource, rebuildAndVerify } from '@specie/ledger-audit';
import { attestationSubject, type AttestedCollection } from '@specie/attestation';
import {
  createServiceApp,
  defineService,
  developmentLogPublicKey,
  type ServiceApp,
} from '@specie/nest-platform';
import { describeApiConformance } from '@specie/service-testing';
import { migrateEventStore } from '@specie/postgres-event-store';
import {
  clientOf,
  createTestDatabase,
  eventually,
  type Answer,
  type TestDatabase,
} from '@specie/testing';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditService } from '../src/app.module.js';
import { adaId, attestedAs, emptyMarket, emptyState, marketWith } from './attested-states.js';

const auditor = { partyId: 'a0d17000-0000-4000-8000-000000000001', roles: ['auditor'] as const };
const other = { partyId: 'a0d17000-0000-4000-8000-000000000002', roles: ['auditor'] as const };
const seriesId = '5e51e500-0000-4000-8000-000000000001';

/** All services on databases of their own: the audit as it is, the others with their logs and attestations only. */
class World {
  readonly databases = new Map<ServiceName, TestDatabase>();
  readonly apps = new Map<ServiceName, ServiceApp>();
  /** What the market claims to hold; right unless a test says otherwise. */
  marketState: readonly AttestedCollection[] = emptyMarket();

  /** Without attestations a reconciliation is published after `deadlineMs`. */
  static async open(options: {
    readonly attesting: boolean;
    readonly deadlineMs?: number;
  }): Promise<World> {
    const world = new World();
    for (const service of serviceNames) {
      const database = await createTestDatabase();
      world.databases.set(service, database);
      await migrateEventStore(new DataSource({ type: 'postgres', url: database.url }));
    }
    await world.start('audit', auditService, {
      AUDIT_ATTESTATION_DEADLINE_MS: String(
        options.deadlineMs ?? (options.attesting ? 60_000 : 500),
      ),
    });
    for (const service of serviceNames.filter((name) => name !== 'audit' && options.attesting)) {
      const stateOf = () => (service === 'market' ? world.marketState : emptyState(service));
      const definition = defineService({
        name: service,
        port: 0,
        subjects: [{ name: service, attested: attestedAs(stateOf) }, attestationSubject],
      });
      await world.start(service, definition, {});
    }
    return world;
  }

  app(service: ServiceName): ServiceApp {
    const app = this.apps.get(service);
    if (app === undefined) {
      throw new Error(`${service} is not running`);
    }
    return app;
  }

  async start(
    service: ServiceName,
    definition: Parameters<typeof createServiceApp>[0],
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    const urls = Object.fromEntries([...this.databases].map(([name, { url }]) => [name, url]));
    const databaseUrl = urls[service] ?? '';
    const app = await createServiceApp(definition, {
      databaseUrl,
      env: { ...env, PEER_DATABASE_URLS: JSON.stringify(urls), RATE_LIMIT_PER_SECOND: '100000' },
    });
    this.apps.set(service, app);
  }

  async close(): Promise<void> {
    for (const app of this.apps.values()) {
      await app.close();
    }
    for (const database of this.databases.values()) {
      await database.drop();
    }
  }

  /** A deposit at the market, as its own log records it. */
  async deposit(amount: string): Promise<void> {
    const outcome = await this.app('market').store.append({
      commandId: randomUUID(),
      streams: [
        {
          streamId: 'shard-main',
          expectedVersion: 'any',
          events: [
            {
              type: 'market.cash-deposited',
              schemaVersion: 1,
              data: { depositId: randomUUID(), partyId: adaId, currency: 'USD', amount },
            },
          ],
        },
      ],
      metadata: {
        correlationId: seriesId,
        causationId: seriesId,
        actor: 'service:market',
        idempotencyKey: null,
      },
      occurredAt: new Date().toISOString(),
    });
    expect(outcome.outcome).toBe('appended');
  }

  async reconcile(): Promise<Answer['body']> {
    const client = await clientOf(this.app('audit'), auditor);
    const requested = await client.post('/reconciliations');
    expect(requested.status).toBe(202);
    return eventually(
      'the report',
      async () => {
        const { body } = await client.get(`/reconciliations/${String(requested.body['id'])}`);
        return body['status'] === 'published' ? body : undefined;
      },
      30_000,
    );
  }

  /** Changes the market's stored log behind its back. */
  async tamper(...statements: readonly string[]): Promise<void> {
    const { dataSource } = this.app('market');
    await dataSource.query('alter table events disable trigger events_append_only');
    await dataSource.query('grant update, delete on events to current_user');
    for (const statement of statements) {
      await dataSource.query(statement);
    }
  }

  async eventIdAt(position: number): Promise<string> {
    const rows = await this.app('market').dataSource.query<{ event_id: string }[]>(
      'select event_id from events where position = $1',
      [position],
    );
    return rows[0]?.event_id ?? '';
  }
}

let world: World;
afterEach(() => world.close());

describe('A reconciliation', () => {
  beforeEach(async () => {
    world = await World.open({ attesting: true });
    await world.deposit('100.000000');
    await world.deposit('50.000000');
    await world.deposit('25.000000');
    world.marketState = marketWith('175.000000');
  }, 120_000);

  it('compares every service with its log, digest for digest', async () => {
    const { ok, report, attested } = await world.reconcile();
    expect(report).toMatchObject({ findings: [], digestsEqual: true, unattested: [] });
    expect(ok).toBe(true);
    expect(attested).toEqual(['compliance', 'deals', 'issuance', 'market', 'metering']);
    const again = await world.reconcile();
    expect(again['ok']).toBe(true);
    const client = await clientOf(world.app('audit'), auditor);
    expect((await client.get('/reports')).body['items']).toMatchObject([
      { ok: true },
      { ok: true },
    ]);
  }, 60_000);

  it('says which service differs from its log (S8)', async () => {
    world.marketState = marketWith('175.000001');
    const { ok, report } = await world.reconcile();
    expect(ok).toBe(false);
    expect(report).toMatchObject({
      digestsEqual: false,
      invariants: {
        S8: {
          holds: false,
          counterexample: 'market position 3: collection cash is not the fold of the log',
        },
      },
    });
  }, 60_000);

  it('names the event in which one byte was changed', async () => {
    const eventId = await world.eventIdAt(2);
    await world.tamper(
      'update events set data = set_byte(data, 12, (get_byte(data, 12) + 1) % 256) where position = 2',
    );
    expect(await findings()).toContainEqual({
      service: 'market',
      position: 2,
      eventId,
      kind: 'altered',
    });
  }, 60_000);

  it('names the position of an event that was deleted', async () => {
    // A consumer that has yet to read the event would rightly wait for it, and for what comes behind it.
    await world.reconcile();
    await world.tamper('delete from events where position = 2');
    expect(await findings()).toEqual([
      { service: 'market', position: 2, eventId: null, kind: 'missing' },
    ]);
  }, 60_000);

  it('names two events that were swapped', async () => {
    const [first, second] = [await world.eventIdAt(1), await world.eventIdAt(2)];
    await world.tamper(
      'update events set position = -1, stream_version = -1 where position = 1',
      'update events set position = 1, stream_version = 1 where position = 2',
      'update events set position = 2, stream_version = 2 where position = -1',
    );
    const found = await findings();
    expect(found.map(({ position, eventId }) => [position, eventId])).toEqual([
      [1, second],
      [2, first],
    ]);
  }, 60_000);

  it('names an event that was appended without the key', async () => {
    await world.reconcile();
    await world.tamper(
      `insert into events select position + 1, stream_id, stream_version + 1, gen_random_uuid(), gen_random_uuid(), type,
         schema_version, occurred_at, effective_at, recorded_at, metadata, data, chain_hash, null
       from events where position = (select max(position) from events)`,
    );
    const [forged] = await world
      .app('market')
      .dataSource.query<{ position: string; event_id: string }[]>(
        'select position, event_id from events order by position desc limit 1',
      );
    await world.app('market').close();
    world.apps.delete('market');
    const report = await rebuildOf(world);
    expect(report).toEqual([
      {
        service: 'market',
        position: Number(forged?.position),
        eventId: forged?.event_id,
        kind: 'forged',
      },
    ]);
  }, 60_000);

  it('belongs to who asked for it', async () => {
    const requestId = randomUUID();
    const [own, foreign] = [
      await clientOf(world.app('audit'), auditor),
      await clientOf(world.app('audit'), other),
    ];
    expect((await own.post('/reconciliations', { requestId })).status).toBe(202);
    expect(await foreign.post('/reconciliations', { requestId })).toMatchObject({
      status: 409,
      body: { code: 'requested_by_another' },
    });
    expect((await own.get(`/reconciliations/${randomUUID()}`)).status).toBe(404);
  }, 60_000);
});

describe('A log that was restored', () => {
  it('is named with the cut, by the heads that were verified before', async () => {
    world = await World.open({ attesting: true, deadlineMs: 10_000 });
    await world.deposit('100.000000');
    await world.reconcile();
    const head = (await world.app('market').store.head()).position;
    await world.deposit('1.000000');
    expect((await world.reconcile())['report']).toMatchObject({ findings: [] });
    // Back to before the second reconciliation; then it goes on as if nothing had happened.
    await world.tamper(
      `delete from events where position > ${head}`,
      `update log_head set position = ${head}, chain_hash = (select chain_hash from events where position = ${head})`,
    );
    await world.deposit('2.000000');
    await world.deposit('2.000000');
    const [cut] = await findings();
    expect(cut).toMatchObject({ service: 'market', kind: 'cut', eventId: null });
    expect(cut?.position).toBeGreaterThan(head);
  }, 120_000);
});

describe('Without answers of the services', () => {
  it('reports at the deadline who did not attest', async () => {
    world = await World.open({ attesting: false });
    const { ok, report } = await world.reconcile();
    expect(ok).toBe(false);
    expect(report).toMatchObject({
      findings: [],
      unattested: ['compliance', 'issuance', 'deals', 'market', 'metering'],
    });
  }, 120_000);

  it('keeps no report whose event could not be stored', async () => {
    world = await World.open({ attesting: false });
    const { dataSource } = world.app('audit');
    await dataSource.query(`
      create sequence attempts;
      create function refuse_update() returns trigger language plpgsql as
        $$ begin perform nextval('attempts'); raise exception 'the disk is full'; end $$;
      create trigger refuse_update before update on reconciliations
        for each row execute function refuse_update()`);
    const requestId = randomUUID();
    const asAuditor = await clientOf(world.app('audit'), auditor);
    expect((await asAuditor.post('/reconciliations', { requestId })).status).toBe(202);
    // A sequence keeps its value when the transaction that raised it is rolled back.
    await eventually(
      'an attempt to publish',
      async () => {
        const rows = await dataSource.query<{ called: boolean }[]>(
          'select is_called as called from attempts',
        );
        return rows[0]?.called === true;
      },
      30_000,
    );
    expect(await dataSource.query('select * from reports')).toEqual([]);
    await dataSource.query('drop trigger refuse_update on reconciliations');
    await eventually(
      'the report',
      async () =>
        (await asAuditor.get(`/reconciliations/${requestId}`)).body['status'] === 'published',
      30_000,
    );
    expect(await dataSource.query('select request_id from reports')).toEqual([
      { request_id: requestId },
    ]);
  }, 120_000);
});

let conformance: World;
describeApiConformance(auditService, {
  partyId: auditor.partyId,
  start: async () => {
    // No report is published meanwhile: requests are to leave the state as it is.
    conformance = await World.open({ attesting: false, deadlineMs: 3_600_000 });
    world = await World.open({ attesting: false });
    return conformance.app('audit');
  },
  cleanUp: async () => {
    for (const database of conformance.databases.values()) {
      await database.drop();
    }
  },
});

async function findings(): Promise<
  readonly { service: string; position: number; eventId: string | null; kind: string }[]
> {
  const { ok, report } = await world.reconcile();
  expect(ok).toBe(false);
  return shortened(report);
}

async function rebuildOf({ databases }: World): Promise<ReturnType<typeof shortened>> {
  const urls = Object.fromEntries([...databases].map(([name, { url }]) => [name, url]));
  const keys = Object.fromEntries(
    serviceNames.map((service) => [service, [developmentLogPublicKey(service)]]),
  );
  const report = await rebuildAndVerify({ source: postgresSource(urls), keys: keys as never });
  return shortened(report);
}

function shortened(
  report: unknown,
): readonly { service: string; position: number; eventId: string | null; kind: string }[] {
  const { findings: found } = report as {
    readonly findings: readonly {
      service: string;
      position: number;
      eventId: string | null;
      kind: string;
    }[];
  };
  return found.map(({ service, position, eventId, kind }) => ({
    service,
    position,
    eventId,
    kind,
  }));
}
