import { LeaseTable, queryOf, type Lease } from '@specie/postgres-event-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchProcessor } from '../src/batch-processor.js';
import { defaultRetryPolicy } from '../src/retry-policy.js';
import { ConsumptionStore } from '../src/consumption-store.js';
import { ParkedEvents, type ParkedRecord } from '../src/parked-events.js';
import { PartitionLostError } from '../src/errors.js';
import { PartitionLeases } from '../src/partition-leases.js';
import { eventually, World } from './world.js';
import { eventCodec } from '@specie/contracts';
import { silentLogger, type Received } from '../src/index.js';

const parked: ParkedRecord = {
  source: 'deals',
  streamId: 'deal-3',
  lane: '',
  position: 7,
  type: 'deals.tranche-opened',
  eventId: '3f0c8c1e-0000-4000-8000-000000000007',
  partition: 2,
  kafkaOffset: null,
  record: Buffer.from('{}'),
};

describe('A partition that another instance has taken over', () => {
  let world: World;
  let store: ConsumptionStore;
  let parkedEvents: ParkedEvents;
  let former: Lease;
  let current: Lease;

  beforeEach(async () => {
    world = await World.create('postgres');
    store = new ConsumptionStore(world.consumer.dataSource, 'issuance');
    parkedEvents = new ParkedEvents(world.consumer.dataSource, 'issuance');
    const table = new LeaseTable();
    const take = async (holder: string): Promise<Lease> => {
      const [lease] = await table.take(queryOf(world.consumer.dataSource), {
        scope: 'partition/issuance',
        names: ['deals/2'],
        holder,
        ttlMs: 60_000,
        isAssigned: true,
      });
      if (!lease) {
        throw new Error('not taken');
      }
      return lease;
    };
    former = await take('one');
    current = await take('two');
  });
  afterEach(() => world.close());

  const failure = { code: 'handler_failed', error: 'Error: not here', attemptCount: 5 } as const;

  it('is parked by its owner only', async () => {
    await expect(parkedEvents.park(parked, failure, former)).rejects.toThrow(PartitionLostError);
    expect(await parkedEvents.streams()).toEqual([]);
    await parkedEvents.park(parked, failure, current);
    await expect(parkedEvents.join({ ...parked, position: 8 }, former)).rejects.toThrow(
      PartitionLostError,
    );
    expect(await parkedEvents.join({ ...parked, position: 9 }, current)).toBe(true);
    expect(await parkedEvents.streams()).toMatchObject([{ eventCount: 2, firstPosition: 7 }]);
  });

  it('is moved on by its owner only', async () => {
    const progress = { partition: 2, position: 90, chainHash: null, nextOffset: null };
    await store.advance('deals', [{ ...progress, lease: former }]);
    expect(await store.progress('deals', [2])).toMatchObject([{ position: 0 }]);
    await store.advance('deals', [{ ...progress, lease: current }]);
    await store.advance('deals', [{ ...progress, position: 95, lease: former }]);
    expect(await store.progress('deals', [2])).toMatchObject([{ position: 90 }]);
  });

  it('is left as it is by a former owner whose handler fails, which is no failure of the source', async () => {
    await world.publish('deal-3', 2);
    const [record] = (await world.publisher.store.readLog({ afterPosition: 0, limit: 1 })).map(
      (event) => ({ ...event, data: event.dataBytes, metadata: event.metadataBytes }),
    );
    if (!record) {
      throw new Error('nothing was published');
    }
    const processor = new BatchProcessor({
      subscription: {
        consumer: 'issuance',
        types: ['deals.tranche-opened'],
        handle: (_: Received) => Promise.reject(new Error('not here')),
      },
      parked: parkedEvents,
      codec: eventCodec,
      concurrency: 1,
      retry: { ...defaultRetryPolicy, attemptCountMax: 1 },
      metrics: {},
      logger: silentLogger,
    });
    const delivery = {
      source: 'deals',
      partition: 2,
      record,
      previousPosition: null,
      kafkaOffset: null,
    } as const;
    const run = (lease: Lease) =>
      processor.run({
        source: 'deals',
        partition: 2,
        deliveries: [delivery],
        highWater: 0,
        lease,
        signal: new AbortController().signal,
        onSettled: () => undefined,
      });
    expect(await run(former)).toEqual({ settledCount: 0, highWater: 0, error: null });
    expect(await parkedEvents.streams()).toEqual([]);
    expect(await run(current)).toEqual({ settledCount: 1, highWater: 1, error: null });
    expect((await parkedEvents.streams()).length).toBe(1);
  });

  it('is given up by an owner that hears nothing from the database', async () => {
    let isAway = false;
    const query = queryOf(world.consumer.dataSource);
    const leases = new PartitionLeases({
      consumer: 'deals',
      leaseMs: 500,
      logger: silentLogger,
      endsWithSession: false,
      query: (text, values) => (isAway ? new Promise(() => undefined) : query(text, values)),
    });
    const owned = await leases.take('deals', 1);
    isAway = true;
    await eventually('it stops by itself', () => owned?.signal.aborted);
    expect(leases.owned('deals')).toEqual([]);
    isAway = false;
    await leases.close();
  });

  it.each([
    ['giving back', 'with given as'],
    ['taking', 'with session as'],
  ])('is free for others although the database failed while it was %s it', async (_, statement) => {
    let isFailing = false;
    const query = queryOf(world.consumer.dataSource);
    const leasesBy = (ask: typeof query) =>
      new PartitionLeases({
        consumer: 'deals',
        leaseMs: 500,
        logger: silentLogger,
        endsWithSession: false,
        query: ask,
      });
    const first = leasesBy(async (text, values) => {
      const isCut = isFailing && text.trimStart().startsWith(statement);
      if (isCut && statement === 'with given as') {
        throw new Error('Connection terminated');
      }
      const rows = await query<never>(text, values);
      if (isCut) {
        throw new Error('Connection terminated');
      }
      return rows;
    });
    const second = leasesBy(query);
    isFailing = statement === 'with session as';
    const owned = await first.take('deals', 1).catch(() => null);
    isFailing = true;
    await first.release(owned ? [owned] : []).catch(() => undefined);
    expect(await second.take('deals', 1)).toBeNull();
    isFailing = false;
    await eventually('another instance has it', () => second.take('deals', 1));
    await first.close();
    await second.close();
  });
});
