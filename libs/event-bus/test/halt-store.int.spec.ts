import { migrateEventStore } from '@specie/postgres-event-store';
import { createTestDatabase, type TestDatabase } from '@specie/testing';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HaltStore, haltReasons, isPassable } from '../src/index.js';

describe('HaltStore', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: HaltStore;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    await migrateEventStore(dataSource);
    store = new HaltStore(dataSource, 'market');
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const fault = { reason: 'unsigned', position: 12, kafkaOffset: 40n, detail: 'text' } as const;

  it('lists what stands still and keeps the time of the first sight', async () => {
    await store.record('issuance', { partitions: [2], partitionCount: 6 }, fault);
    const [first] = await store.halts();
    expect(first).toMatchObject({ ...fault, source: 'issuance', partition: 2 });
    await store.record(
      'issuance',
      { partitions: [2, 3], partitionCount: 6 },
      { ...fault, detail: 'seen again' },
    );
    const halts = await store.halts('issuance');
    expect(halts.map(({ partition }) => partition)).toEqual([2, 3]);
    expect(halts[0]?.haltedAt).toBe(first?.haltedAt);
    expect(await store.halts('compliance')).toEqual([]);
    expect(await new HaltStore(dataSource, 'deals').halts()).toEqual([]);
    await store.clear('issuance', [2]);
    expect((await store.halts()).map(({ partition }) => partition)).toEqual([3]);
  });

  it.each(haltReasons.map((reason) => [reason] as const))(
    'passes over the one message it stands still at, if %s allows it',
    async (reason) => {
      await store.record('issuance', { partitions: [2], partitionCount: 6 }, { ...fault, reason });
      const message = { source: 'issuance', partition: 2, reason: 'two operators' } as const;
      expect(await store.passOver({ ...message, kafkaOffset: 41n })).toBe('not_halted_there');
      expect(await store.passOver({ ...message, partition: 3, kafkaOffset: 40n })).toBe(
        'not_halted_there',
      );
      expect(await store.passedOver('issuance', 2, 0n)).toEqual(new Set());
      const allowed = reason !== 'gap' && reason !== 'diverged';
      expect(isPassable(reason)).toBe(allowed);
      for (let repeat = 0; repeat < 2; repeat += 1) {
        expect(await store.passOver({ ...message, kafkaOffset: 40n })).toBe(
          allowed ? 'passed_over' : 'not_foreign',
        );
      }
      expect(await store.passedOver('issuance', 2, 40n)).toEqual(new Set(allowed ? [40n] : []));
      expect(await store.passedOver('issuance', 2, 41n)).toEqual(new Set());
    },
  );

  it('rejoins at the cut: progress behind it is taken back and the decision is kept', async () => {
    await dataSource.query(
      `insert into consumed (consumer, source, partition, position, chain_hash)
       values ('market', 'issuance', 0, 300, '\\x01'), ('market', 'issuance', 1, 200, '\\x02'), ('market', 'deals', 0, 300, '\\x03')`,
    );
    await dataSource.query(
      `insert into consumed_head (consumer, source, partition, position, chain_hash)
       values ('market', 'issuance', 0, 250, '\\x01'), ('market', 'issuance', 0, 300, '\\x01')`,
    );
    const chainHash = Buffer.alloc(32, 7);
    await store.rejoin({ source: 'issuance', position: 250, chainHash, reason: 'backup' });
    const rows = await dataSource.query<unknown[]>(
      'select source, partition, position::int, chain_hash from consumed order by source, partition',
    );
    expect(rows).toEqual([
      { source: 'deals', partition: 0, position: 300, chain_hash: Buffer.from([3]) },
      { source: 'issuance', partition: 0, position: 250, chain_hash: chainHash },
      { source: 'issuance', partition: 1, position: 200, chain_hash: Buffer.from([2]) },
    ]);
    expect(await dataSource.query('select position::int from consumed_head')).toEqual([
      { position: 250 },
    ]);
    expect(
      await dataSource.query(
        'select position::int, consumed_position::int, reason from accepted_cut',
      ),
    ).toEqual([{ position: 250, consumed_position: 300, reason: 'backup' }]);
  });
});
