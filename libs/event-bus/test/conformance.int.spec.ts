import { afterEach, describe, expect, it } from 'vitest';
import { TransientEventError } from '../src/index.js';
import {
  eventually,
  kafkaSkipReason as skipReason,
  streamsOf,
  trancheOpened,
  World,
  type EffectRow,
  type TransportName,
} from './world.js';

/** Every event once, and each stream in order. */
function expectComplete(
  effects: readonly EffectRow[],
  streamCount: number,
  perStream: number,
): void {
  const byStream = new Map<string, number[]>();
  for (const effect of effects) {
    byStream.set(effect.stream_id, [
      ...(byStream.get(effect.stream_id) ?? []),
      effect.stream_version,
    ]);
  }
  const inOrder = Array.from({ length: perStream }, (_, index) => index + 1);
  for (const streamId of streamsOf(streamCount)) {
    expect(byStream.get(streamId), streamId).toEqual(inOrder);
  }
  expect(effects.length).toBe(streamCount * perStream);
}

describe.each<TransportName>(['postgres', 'kafka'])('EventBus over %s', (transport) => {
  const title = transport === 'kafka' && skipReason ? ` (skipped: ${skipReason})` : '';
  describe.skipIf(transport === 'kafka' && skipReason !== null)(`conformance${title}`, () => {
    let world: World;

    afterEach(async () => {
      await world.close();
    });

    async function allEffects(consumer: string, count: number): Promise<readonly EffectRow[]> {
      await eventually(
        `${count} effects of ${consumer}`,
        async () => (await world.effectCount(consumer)) >= count,
      );
      return world.effectsOf(consumer);
    }

    it('delivers every event once per effect and each stream in order', async () => {
      world = await World.create(transport);
      await world.consume('issuance');
      await world.publishMany(40, 20);
      expectComplete(await allEffects('issuance', 800), 40, 20);
    });

    it('delivers events that were published before the consumer existed', async () => {
      world = await World.create(transport);
      await world.publishMany(10, 10);
      await world.consume('issuance');
      expectComplete(await allEffects('issuance', 100), 10, 10);
    });

    it('replays from zero under a new consumer name', async () => {
      world = await World.create(transport);
      await world.publishMany(10, 5);
      const first = await world.consume('issuance');
      await allEffects('issuance', 50);
      await first.stop();
      await world.consume('issuance-v2');
      expectComplete(await allEffects('issuance-v2', 50), 10, 5);
      expect(await world.effectCount('issuance')).toBe(50);
    });

    it('goes on where it stopped after a restart in the middle of a batch', async () => {
      world = await World.create(transport);
      await world.publishMany(20, 20);
      let handled = 0;
      const first = await world.consume(
        'issuance',
        async (_, record) => {
          handled += 1;
          await record();
        },
        { concurrency: 2 },
      );
      await eventually('some events are handled', () => handled >= 30);
      await first.stop();
      const before = await world.effectCount('issuance');
      expect(before).toBeLessThan(400);
      await world.consume('issuance');
      expectComplete(await allEffects('issuance', 400), 20, 20);
    });

    it('makes no effect twice when its progress was lost', async () => {
      world = await World.create(transport);
      await world.publishMany(10, 10);
      const first = await world.consume('issuance');
      await allEffects('issuance', 100);
      await first.stop();
      await world.consumer.dataSource.query('delete from consumed');
      let repeats = 0;
      await world.consume('issuance', async (_, record) => {
        repeats += 1;
        await record();
      });
      await world.publish('deal-0', 1);
      await allEffects('issuance', 101);
      const repeatCount = transport === 'postgres' ? 101 : 1;
      await eventually('what was handled is handled again', () => repeats >= repeatCount);
      expect(await world.effectCount('issuance')).toBe(101);
    });

    it('shares partitions between two instances and loses nothing when one leaves', async () => {
      world = await World.create(transport);
      const seen = [0, 0];
      const instance = (index: 0 | 1) =>
        world.consume('issuance', async (_, record) => {
          seen[index] = (seen[index] ?? 0) + 1;
          await record();
        });
      const one = await instance(0);
      const two = await instance(1);
      const owned = (): readonly number[] =>
        [one, two].map((consumption) => consumption.status()[0]?.partitions.length ?? 0);
      await eventually('three partitions each', () => owned().every((count) => count === 3));
      await world.publishMany(40, 10);
      await allEffects('issuance', 400);
      expect(seen[0]).toBeGreaterThan(50);
      expect(seen[1]).toBeGreaterThan(50);
      const publishing = world.publishMany(40, 10);
      await one.stop();
      await publishing;
      const effects = await allEffects('issuance', 800);
      expectComplete(effects, 40, 20);
      await eventually('the other owns all', () => two.status()[0]?.partitions.length === 6);
    });

    it('parks a stream whose event fails, lets others flow and resumes in order', async () => {
      world = await World.create(transport);
      let isBroken = true;
      const consumption = await world.consume(
        'issuance',
        async ({ recorded }, record) => {
          if (isBroken && recorded.streamId === 'deal-3' && recorded.streamVersion >= 4) {
            throw new Error('no such series');
          }
          await record();
        },
        { retry: { attemptCountMax: 3 } },
      );
      await world.publishMany(10, 8);
      const before = await allEffects('issuance', 75);
      expect(before.filter((effect) => effect.stream_id === 'deal-3').length).toBe(3);
      const [parked] = await eventually('five events are parked', async () => {
        const streams = await consumption.parked();
        return streams[0]?.eventCount === 5 ? streams : null;
      });
      expect(parked).toMatchObject({
        source: 'deals',
        streamId: 'deal-3',
        error: 'Error: no such series',
      });

      expect(await consumption.resume('deals', 'deal-3')).toMatchObject({
        resumed: 0,
        unparked: false,
      });
      isBroken = false;
      expect(await consumption.resume('deals', 'deal-3')).toEqual({
        resumed: 5,
        unparked: true,
        error: null,
      });
      expect(await consumption.parked()).toEqual([]);
      await world.publish('deal-3', 2);
      const after = await allEffects('issuance', 82);
      expect(
        after
          .filter((effect) => effect.stream_id === 'deal-3')
          .map((effect) => effect.stream_version),
      ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    it('keeps a stream parked over a restart of the consumer', async () => {
      world = await World.create(transport);
      const failing = async (): Promise<void> => Promise.reject(new Error('still broken'));
      const first = await world.consume('issuance', failing, { retry: { attemptCountMax: 1 } });
      await world.publish('deal-7', 1);
      await eventually('parked', async () => (await first.parked()).length === 1);
      await first.stop();
      const second = await world.consume('issuance');
      await world.publish('deal-7', 2);
      await eventually(
        'the later ones joined',
        async () => (await second.parked())[0]?.eventCount === 3,
      );
      expect(await world.effectCount('issuance')).toBe(0);
      expect(await second.resume('deals', 'deal-7')).toMatchObject({ resumed: 3, unparked: true });
      expect((await world.effectsOf('issuance')).map((effect) => effect.stream_version)).toEqual([
        1, 2, 3,
      ]);
    });

    it('retries a transient failure for as long as it lasts and never parks for it', async () => {
      world = await World.create(transport);
      let failures = 0;
      const consumption = await world.consume(
        'issuance',
        async (_, record) => {
          if (failures < 12) {
            failures += 1;
            throw new TransientEventError('the database is away');
          }
          await record();
        },
        { retry: { transientCountMax: 3, attemptCountMax: 2 } },
      );
      await world.publish('deal-1', 3);
      // Fetching the batch again after three tries does not restart the count.
      const shown = await eventually('more tries than one batch makes', () =>
        consumption.status().find(({ tryCount }) => tryCount > 3),
      );
      expect(shown).toMatchObject({
        source: 'deals',
        state: 'failing',
        error: 'TransientEventError: the database is away',
        since: expect.stringMatching(/Z$/) as string,
      });
      await allEffects('issuance', 3);
      expect((await world.effectsOf('issuance')).map((effect) => effect.stream_version)).toEqual([
        1, 2, 3,
      ]);
      expect(await consumption.parked()).toEqual([]);
      await eventually('healthy again', () => consumption.status()[0]?.state === 'running');
      expect(consumption.status()[0]).toMatchObject({ since: null, tryCount: 0 });
    });

    it.each([
      ['type', { ...trancheOpened(), type: 'deals.moon-landed' }],
      ['schema version', { ...trancheOpened(), schemaVersion: 99 }],
      ['shape', { ...trancheOpened(), data: { tokens: 'many' } }],
    ])('parks an event of unknown %s and never skips it', async (_, event) => {
      world = await World.create(transport);
      const consumption = await world.consume('issuance');
      await world.publish('deal-1', 1);
      await world.publish('deal-1', 1, event);
      await world.publish('deal-1', 1);
      await world.publish('deal-2', 1);
      await eventually('two parked', async () => (await consumption.parked())[0]?.eventCount === 2);
      const effects = await allEffects('issuance', 2);
      expect(effects.map((effect) => effect.stream_id).toSorted()).toEqual(['deal-1', 'deal-2']);
    });

    it('passes over known types it does not subscribe to, and its high water moves', async () => {
      world = await World.create(transport);
      const consumption = await world.consume('issuance');
      const other = {
        type: 'deals.deal-completed',
        schemaVersion: 1,
        data: { anything: 'not decoded' },
      };
      await world.publish('deal-1', 5, other);
      await world.publish('deal-1', 1);
      const [effect] = await allEffects('issuance', 1);
      expect(effect).toMatchObject({ stream_id: 'deal-1', stream_version: 6 });
      expect(await consumption.parked()).toEqual([]);
      await eventually('progress is stored', async () => {
        const rows = await world.consumer.dataSource.query<unknown[]>(
          'select 1 from consumed where position = 6',
        );
        return rows.length > 0;
      });
    });

    it('bounds what is in flight while handlers are slow', async () => {
      world = await World.create(transport);
      await world.publishMany(60, 10);
      let running = 0;
      let runningMax = 0;
      let isOpen = false;
      await world.consume(
        'issuance',
        async (_, record) => {
          running += 1;
          runningMax = Math.max(runningMax, running);
          await eventually('the gate opens', () => isOpen);
          await record();
          running -= 1;
        },
        { concurrency: 8 },
      );
      await eventually('eight are in flight', () => running === 8);
      isOpen = true;
      expectComplete(await allEffects('issuance', 600), 60, 10);
      expect(runningMax).toBe(8);
    });

    it('tells how much waits and for how long nothing of it moved', async () => {
      world = await World.create(transport);
      let isOpen = false;
      const consumption = await world.consume('issuance', async (_, record) => {
        await eventually('the gate opens', () => isOpen);
        await record();
      });
      const status = () => consumption.status()[0];
      await eventually('all are owned', () => status()?.partitions.length === 6);
      await world.publish('shard-main', 50);
      await eventually('a backlog that does not move', () => {
        const { backlog = 0, stalledMs = 0 } = status() ?? {};
        return backlog >= 50 && stalledMs > 500;
      });
      isOpen = true;
      await allEffects('issuance', 50);
      await eventually('nothing waits', () => status()?.backlog === 0);
      expect(status()).toMatchObject({ stalledMs: 0, unowned: [] });
    });

    it('works when all events fall into one partition and the others stay empty', async () => {
      world = await World.create(transport);
      const consumption = await world.consume('issuance');
      await eventually('running', () => consumption.status()[0]?.partitions.length === 6);
      await world.publish('shard-main', 50);
      const effects = await allEffects('issuance', 50);
      expect(effects.map((effect) => effect.stream_version)).toEqual(
        Array.from({ length: 50 }, (_, i) => i + 1),
      );
      const second = await world.consume('issuance-late');
      await allEffects('issuance-late', 50);
      await eventually('running', () => second.status()[0]?.state === 'running');
    });
  });
});
