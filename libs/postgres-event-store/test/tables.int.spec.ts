import { randomUUID } from 'node:crypto';
import { toStream, trialCommand } from '@specie/testing';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  eventStoreHistory,
  grantRights,
  logChannel,
  type PostgresEventStore,
} from '../src/index.js';
import { createTrial, newDataSource, type TestStore, type Trial } from './open-test-store.js';

describe('The event tables', () => {
  let trial: Trial;
  let opened: TestStore;
  let store: PostgresEventStore;
  beforeEach(async () => {
    trial = await createTrial();
    opened = await trial.open();
    store = opened.store;
    await store.append(trialCommand([toStream('a', 'no_stream', {})]));
  });
  afterEach(() => trial.close());

  for (const change of ['update events set type = type', 'delete from events', 'truncate events']) {
    it(`refuse "${change}" from everyone, the owner and superusers included`, async () => {
      await expect(opened.dataSource.query(change)).rejects.toThrow(
        /append-only|permission denied/,
      );
      await opened.dataSource
        .query('set session_replication_role = replica')
        .catch(() => undefined);
      await expect(opened.dataSource.query(change)).rejects.toThrow(
        /append-only|permission denied/,
      );
    });

    it(`give the service's role no right to "${change}"`, async () => {
      const login = `service_${randomUUID().slice(0, 8)}`;
      await opened.dataSource.query(`create role ${login} login password 'secret'`);
      await grantRights(opened.dataSource, { service: login, readers: [] }, [eventStoreHistory]);
      const url = new URL(trial.database.url);
      url.username = login;
      url.password = 'secret';
      const service = await newDataSource(url.toString(), 4).initialize();
      try {
        await expect(service.query(change)).rejects.toThrow(/permission denied/);
        const own = await trial.open({ dataSource: service, migrate: false });
        expect((await own.store.append(trialCommand([toStream('b', 'any', {})]))).outcome).toBe(
          'appended',
        );
        await own.close();
      } finally {
        await opened.dataSource.query(`drop owned by ${login}`);
        await opened.dataSource.query(`drop role ${login}`);
      }
    });
  }

  it('refuse the same stream version and the same event id twice', async () => {
    const copy = (columns: string) => `insert into events select ${columns} from events`;
    await expect(
      opened.dataSource.query(
        copy(`position + 1, stream_id, stream_version, gen_random_uuid(), command_id, type,
        schema_version, occurred_at, effective_at, recorded_at, metadata, data, chain_hash, null`),
      ),
    ).rejects.toThrow(/events_stream_version/);
    await expect(
      opened.dataSource.query(
        copy(`position + 1, stream_id, stream_version + 1, event_id, command_id, type,
        schema_version, occurred_at, effective_at, recorded_at, metadata, data, chain_hash, null`),
      ),
    ).rejects.toThrow(/events_event_id/);
  });

  it('are created once however many instances start together', async () => {
    const instances = await Promise.all(
      Array.from({ length: 4 }, () => trial.open({ schema: 'ledger' })),
    );
    const outcomes = await Promise.all(
      instances.map((instance) => instance.store.append(trialCommand([toStream('x', 'any', {})]))),
    );
    expect(outcomes.every(({ outcome }) => outcome === 'appended')).toBe(true);
    expect(await instances[0]?.store.readAll(0, 10)).toHaveLength(4);
    expect(await store.readAll(0, 10)).toHaveLength(1);
  });

  it('tell listeners of new events outside the transaction', async () => {
    const client = new pg.Client({ connectionString: trial.database.url });
    await client.connect();
    const heard = vi.fn();
    client.on('notification', ({ channel, payload }) => void heard(channel, payload));
    await client.query(`listen ${logChannel}`);
    await store.append(trialCommand([toStream('a', 'any', {})]));
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith('specie_log', 'trial'));
    await client.end();
  });

  it('move a relay checkpoint only from where it stands', async () => {
    const { sideTables } = store;
    expect(await sideTables.relayCheckpoint('kafka')).toBe(0);
    expect(await sideTables.advanceRelayCheckpoint('kafka', 3, 5)).toBe('mismatch');
    expect(await sideTables.advanceRelayCheckpoint('kafka', 0, 5)).toBe('stored');
    expect(await sideTables.advanceRelayCheckpoint('kafka', 0, 4)).toBe('already_ahead');
    expect(await sideTables.advanceRelayCheckpoint('kafka', 5, 9)).toBe('stored');
    expect(await sideTables.relayCheckpoint('kafka')).toBe(9);
  });

  it('raise a consumer high water, never lower it, and roll it back with the effect', async () => {
    const { sideTables } = store;
    const partition = { consumer: 'billing', source: 'market', partition: 3 };
    const at = (position: number) => ({
      position,
      chainHash: Buffer.alloc(32, position),
      kafkaOffset: position + 100,
    });
    expect(await sideTables.consumedPosition(partition)).toBeNull();
    expect(await sideTables.advanceConsumed(partition, at(7))).toBe(true);
    expect(await sideTables.advanceConsumed(partition, at(7))).toBe(false);
    await opened.dataSource
      .transaction(async (manager) => {
        expect(await sideTables.advanceConsumed(partition, at(8), manager)).toBe(true);
        throw new Error('the effect failed');
      })
      .catch(() => undefined);
    expect(await sideTables.consumedPosition(partition)).toEqual(at(7));
  });

  it('forget answers after their retention', async () => {
    const refuse = (key: string, answer: number) =>
      store.append(trialCommand([], { idempotency: { scope: 's', key, bodyHash: 'aa', answer } }));
    await refuse('old', 1);
    await opened.dataSource.query(
      `update command_seen set recorded_at = now() - interval '40 days'`,
    );
    await refuse('new', 2);
    expect(await store.purgeAnswers(30)).toBe(1);
    expect(await store.findAnswer('s', 'old')).toBeNull();
    expect(await store.findAnswer('s', 'new')).toMatchObject({ answer: 2 });
  });
});
