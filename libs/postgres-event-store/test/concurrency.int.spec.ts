import { randomUUID } from 'node:crypto';
import type { AppendRequest } from '@specie/event-sourcing';
import { toStream, trialCommand } from '@specie/testing';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineProjection, type Projection } from '../src/index.js';
import { createTrial, touch, type Counted, type Trial } from './open-test-store.js';

/** A read model with a unique and a check constraint, as services write them. */
const balances = defineProjection<
  Counted<{ readonly owner?: string; readonly amount?: number }>,
  (readonly [owner: string, position: number, amount: number])[]
>({
  name: 'balances',
  events: {
    'trial.counted': (rows, { data: { owner, amount = 0 }, position }) => {
      if (owner !== undefined) {
        rows.push([owner, position, amount]);
      }
    },
  },
  changes: () => [],
  write: async (manager, rows) => {
    for (const row of rows) {
      await manager.query(`insert into balances (owner, position, amount) values ($1, $2, $3)`, [
        ...row,
      ]);
    }
  },
});

const createBalances = `create table balances (
  owner text constraint balances_owner unique, position bigint, amount int constraint balances_not_negative check (amount >= 0))`;

describe('PostgresEventStore under concurrency', () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await createTrial();
  });
  afterEach(() => trial.close());

  it('refuses only the guilty commands of a batch with constraint_violated', async () => {
    const { store, dataSource } = await trial.open({ projections: [balances] });
    await dataSource.query(createBalances);
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, n) => {
        const data =
          n === 17
            ? { owner: 'o3' }
            : n === 31
              ? { owner: `o${n}`, amount: -1 }
              : { owner: `o${n}` };
        return store.append(trialCommand([toStream(`s${n}`, 'no_stream', data)]));
      }),
    );
    expect(outcomes[17]).toEqual({ outcome: 'constraint_violated', constraint: 'balances_owner' });
    expect(outcomes[31]).toEqual({
      outcome: 'constraint_violated',
      constraint: 'balances_not_negative',
    });
    expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(38);
    const rows = await dataSource.query<{ position: string }[]>(
      'select position from balances order by position',
    );
    expect(rows.map((row) => Number(row.position))).toEqual(
      Array.from({ length: 38 }, (_, n) => n + 1),
    );
    expect(await store.verifyLog()).toMatchObject({ eventCount: 38, problem: null });
  });

  it('rejects a command whose projection throws, and only that one', async () => {
    const failing = defineProjection<Counted, string[]>({
      name: 'failing',
      events: { 'trial.counted': (streamIds, { streamId }) => streamIds.push(streamId) },
      changes: () => [],
      write: (_manager, streamIds) =>
        streamIds.includes('bad')
          ? Promise.reject(new Error('broken projection'))
          : Promise.resolve(),
    });
    const { store } = await trial.open({ projections: [failing] });
    const settled = await Promise.allSettled(
      ['a', 'bad', 'c'].map((streamId) =>
        store.append(trialCommand([toStream(streamId, 'any', {})])),
      ),
    );
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await store.readAll(0, 10)).toHaveLength(2);
  });

  it('keeps one dense log for instances that append at the same time', async () => {
    const instances = await Promise.all([trial.open(), trial.open()]);
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, (_, n) =>
        (instances[n % 2] ?? instances[0]).store.append(
          trialCommand([toStream(`s${n % 11}`, 'any', { n })]),
        ),
      ),
    );
    expect(outcomes.every(({ outcome }) => outcome === 'appended')).toBe(true);
    const { store } = instances[0];
    const log = await store.readAll(0, 1_000);
    expect(log.map(({ position }) => position)).toEqual(
      Array.from({ length: 400 }, (_, n) => n + 1),
    );
    expect(await store.verifyLog()).toMatchObject({ eventCount: 400, problem: null });
  });

  it('decides races between instances exactly', async () => {
    const [first, second] = await Promise.all([trial.open(), trial.open()]);
    const key = { scope: 's', key: 'k', bodyHash: 'aa', answer: 'done' };
    const inbox = { consumer: 'c', eventId: randomUUID() };
    const command = trialCommand([toStream('same', 'any', {})]);
    const makes = [
      () => command,
      () => trialCommand([toStream('key', 'any', {})], { idempotency: key }),
      () => trialCommand([toStream('inbox', 'any', {})], { inbox }),
      () => trialCommand([toStream('version', 'no_stream', {})]),
    ];
    for (const make of makes) {
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, n) => (n % 2 ? first : second).store.append(make())),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
    }
    expect(await first.store.readAll(0, 100)).toHaveLength(4);
  });

  it('sees what the other instance appended before it refuses a version', async () => {
    const [first, second] = await Promise.all([trial.open(), trial.open()]);
    await first.store.append(trialCommand([toStream('a', 'no_stream', {})]));
    await second.store.append(trialCommand([toStream('a', 1, {})]));
    expect((await first.store.append(trialCommand([toStream('a', 2, {})]))).outcome).toBe(
      'appended',
    );
    expect(
      (await second.store.append(trialCommand([toStream('a', 'no_stream', {})]))).outcome,
    ).toBe('wrong_expected_version');
  });

  for (const [name, projections] of [
    ['without projections', []],
    ['with a projection', [touch]],
  ] satisfies [string, Projection[]][]) {
    it(`records no refusal on a version that is behind after it judged on the tables, ${name}`, async () => {
      const [first, second] = await Promise.all([
        trial.open({ projections }),
        trial.open({ projections }),
      ]);
      await first.store.append(trialCommand([toStream('a', 'no_stream', {})]));
      await first.store.append(trialCommand([toStream('b', 'no_stream', {})]));
      await second.store.append(trialCommand([toStream('a', 1, {})]));
      await second.store.append(trialCommand([toStream('b', 1, {})]));
      // Memory says that b has one event: only the tables can accept this, and they show where the log ends.
      await first.store.append(trialCommand([toStream('b', 2, {})]));
      expect((await first.store.append(refusalOn('a', 1))).outcome).toBe('wrong_expected_version');
    });

    it(`records no refusal on a version that is behind after a lost connection, ${name}`, async () => {
      const [first, second] = await Promise.all([
        trial.open({ projections }),
        trial.open({ projections }),
      ]);
      await first.store.append(trialCommand([toStream('a', 'no_stream', {})]));
      await second.store.append(trialCommand([toStream('a', 1, {})]));
      await second.store.append(trialCommand([toStream('b', 'no_stream', {})]));
      const locks = second.dataSource.createQueryRunner();
      await locks.startTransaction();
      await locks.query('lock table events in access exclusive mode');
      // Waits for the table to read the version of b, and loses its connection there.
      const appending = first.store.append(trialCommand([toStream('b', 1, {})]));
      await vi.waitUntil(() => endWaiting(second.dataSource), 10_000);
      await locks.rollbackTransaction();
      await locks.release();
      expect((await appending).outcome).toBe('appended');
      expect((await first.store.append(refusalOn('a', 1))).outcome).toBe('wrong_expected_version');
    });
  }

  it('shows appendWhileLocked the read models exactly as of its position', async () => {
    const { store, dataSource } = await trial.open({ projections: [balances] });
    const other = await trial.open({ projections: [balances], migrate: false });
    await dataSource.query(createBalances);
    const writes = Array.from({ length: 120 }, (_, n) =>
      (n % 2 ? store : other.store).append(
        trialCommand([toStream(`s${n}`, 'any', { owner: `o${n}` })]),
      ),
    );
    const digests = Array.from({ length: 5 }, () =>
      store.appendWhileLocked(async ({ manager, position }) => {
        const rows = await manager.query<{ count: string }[]>('select count(*) from balances');
        return trialCommand([
          toStream('digest', 'any', { position, count: Number(rows[0]?.count) }),
        ]);
      }),
    );
    await Promise.all([...writes, ...digests]);
    let digestsBefore = 0;
    for (const event of await store.readAll(0, 1_000)) {
      if (event.streamId === 'digest') {
        const { position, count } = event.data as {
          readonly position: number;
          readonly count: number;
        };
        expect(position).toBe(event.position - 1);
        expect(count).toBe(position - digestsBefore);
        digestsBefore += 1;
      }
    }
    expect(digestsBefore).toBe(5);
  });

  it('refuses requests that could not be stored faithfully', async () => {
    const { store } = await trial.open();
    const good = trialCommand([toStream('a', 'any', {})]);
    const foreign = {
      ...good,
      streams: [
        { ...toStream('a', 'any'), events: [{ type: 'other.thing', schemaVersion: 1, data: {} }] },
      ],
    };
    await expect(store.append(foreign)).rejects.toThrow(/foreign/);
    await expect(store.append({ ...good, occurredAt: '2026-03-01T12:00:00Z' })).rejects.toThrow(
      /UTC instant/,
    );
    await expect(store.append({ ...good, commandId: 'x' })).rejects.toThrow(/UUID/);
    await expect(
      store.append({ ...good, streams: [toStream('a', 'any', { n: 0.5 })] }),
    ).rejects.toThrow(/safe integer/);
    expect(await store.readAll(0, 1)).toEqual([]);
  });
});

/** What a refused command appends: no event, and the version of the stream on which it was decided. */
function refusalOn(streamId: string, version: number): AppendRequest {
  const idempotency = { scope: 's', key: randomUUID(), bodyHash: 'aa', answer: 'refused' };
  return trialCommand([{ streamId, expectedVersion: version, events: [] }], { idempotency });
}

/** Ends the sessions that wait for a lock; false if there is none yet. */
async function endWaiting(dataSource: DataSource): Promise<boolean> {
  const ended = await dataSource.query<unknown[]>(
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return ended.length > 0;
}
