import { serviceNames, type ServiceName } from '@specie/contracts';
import { postgresSource, rebuildAndVerify, type AuditReport } from '@specie/ledger-audit';
import { developmentLogPublicKey, FixedClock, type ServiceApp } from '@specie/nest-platform';
import { ServiceWorld } from '@specie/service-testing';
import { createTestDatabase, digestOfTable, type TableDigest } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { attestedDigest, definitionOf, recordedEvents, recordedStates } from './old-log.js';

type World = ServiceWorld<'audit'>;

const worlds = new Map<ServiceName, World>();

function worldOf(name: ServiceName): World {
  const world = worlds.get(name);
  if (world === undefined) throw new Error(`${name} was not replayed`);
  return world;
}

function byService<T>(value: (name: ServiceName) => T): Readonly<Record<ServiceName, T>> {
  return Object.fromEntries(serviceNames.map((name) => [name, value(name)])) as Record<
    ServiceName,
    T
  >;
}

/** Starts a service on its world's database; `logOf` says where it reads the logs of the others. */
async function start(name: ServiceName, logOf: (peer: ServiceName) => string): Promise<ServiceApp> {
  const env = { PEER_DATABASE_URLS: JSON.stringify(byService(logOf)) };
  return worldOf(name).start(await definitionOf(name), { env });
}

/** Imports the log as `restore-log` does: the events as they were stored, with the service's own projections. */
async function replay(name: ServiceName): Promise<void> {
  const events = recordedEvents(name);
  // Nothing is due that was not due then.
  const clock = new FixedClock(events.at(-1)?.recordedAt ?? '');
  const world = await ServiceWorld.open({
    peers: ['audit'],
    createDatabase: createTestDatabase,
    clock,
  });
  worlds.set(name, world);
  const emptyLog = world.peerUrls['audit'] ?? '';
  const { store, dataSource } = await start(name, () => emptyLog);
  await store.importTail(events);
  for (const [table, view] of Object.entries(formerTables[name] ?? {})) {
    await dataSource.query(`create view former_${table} as ${view}`);
  }
}

/** Tables of which columns were replaced since, with the columns that were recorded made of those that are there. */
const formerTables: Partial<Record<ServiceName, Readonly<Record<string, string>>>> = {
  market: {
    books: `select *, maker_fee_ppm / 100 as maker_fee_bps, taker_fee_ppm / 100 as taker_fee_bps
              from books where maker_fee_ppm % 100 = 0 and taker_fee_ppm % 100 = 0`,
  },
};

function digestOf(
  name: ServiceName,
  table: string,
  { columns }: TableDigest,
): Promise<TableDigest> {
  const read = formerTables[name]?.[table] === undefined ? table : `former_${table}`;
  return digestOfTable(worldOf(name).databaseUrl, read, columns);
}

beforeAll(async () => {
  for (const name of serviceNames) {
    await replay(name);
  }
});
afterAll(async () => {
  for (const world of worlds.values()) {
    await world.close();
  }
});

describe.each(serviceNames)('The old log of %s', (name) => {
  const { eventCount, attested, tables } = recordedStates[name];

  it('is whole: positions, chain and signatures', async () => {
    expect(await worldOf(name).service.store.verifyLog()).toMatchObject({ eventCount });
  });

  it('gives the state that was attested', async () => {
    const definition = await definitionOf(name);
    expect(await attestedDigest(definition, worldOf(name).service)).toEqual(attested);
  });

  it.each(Object.entries(tables.projected))('gives every row of %s', async (table, recorded) => {
    expect(await digestOf(name, table, recorded)).toEqual(recorded);
  });
});

describe('The rebuild of the old logs', () => {
  let report: AuditReport;

  beforeAll(async () => {
    report = await rebuildAndVerify({
      source: postgresSource(byService((name) => worldOf(name).databaseUrl)),
      keys: byService((name) => [developmentLogPublicKey(name)]),
    });
  });

  it('finds nothing', () => {
    expect(report).toMatchObject({ ok: true, findings: [], discrepancies: [] });
  });

  it.each(serviceNames)('gives the state that %s attested', (name) => {
    const { eventCount, attested } = recordedStates[name];
    const rebuilt = report.services.find(({ service }) => service === name);
    expect(rebuilt).toMatchObject({ eventCount, ...attested });
  });
});

describe('Services that consume the old logs once more', () => {
  beforeAll(async () => {
    for (const name of serviceNames) {
      await worldOf(name).service.close();
      await start(name, (peer) => worldOf(peer).databaseUrl);
    }
  });

  it.each(serviceNames)('leave %s as it was', async (name) => {
    const { service } = worldOf(name);
    const { eventCount, tables } = recordedStates[name];
    await vi.waitFor(
      async () => {
        for (const [table, recorded] of Object.entries(tables.consumed)) {
          expect(await digestOf(name, table, recorded)).toEqual(recorded);
        }
      },
      { timeout: 20_000, interval: 100 },
    );
    expect((await service.store.head()).position).toBe(eventCount);
    for (const [table, recorded] of Object.entries(tables.projected)) {
      expect(await digestOf(name, table, recorded)).toEqual(recorded);
    }
  });
});
