import type { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { partitionOf } from '../src/index.js';
import { endChild, settingsOf, startChild, type ChildSettings } from './child.js';
import {
  eventually,
  kafkaSkipReason,
  streamsOf,
  World,
  type EffectRow,
  type TransportName,
} from './world.js';

const streamCount = 40;
const failingStream = 'deal-3';
/** In the same partition, so that both come in one batch. */
const holdingStream =
  streamsOf(streamCount).find(
    (streamId) =>
      streamId !== failingStream && partitionOf(streamId, 6) === partitionOf(failingStream, 6),
  ) ?? '';

describe.each<TransportName>(['postgres', 'kafka'])('A paused instance over %s', (transport) => {
  const isSkipped = transport === 'kafka' && kafkaSkipReason !== null;
  const title = isSkipped ? ` (skipped: ${kafkaSkipReason})` : '';
  describe.skipIf(isSkipped)(`with a second one${title}`, { timeout: 240_000 }, () => {
    const children: ChildProcess[] = [];
    let world: World;

    afterEach(async () => {
      await Promise.all(children.splice(0).map(endChild));
      await world.close();
    });

    function start(role: ChildSettings['role'], extra: Partial<ChildSettings> = {}): ChildProcess {
      const child = startChild({ ...settingsOf(world, role), ...extra });
      children.push(child);
      return child;
    }

    /** How many partitions each living consumer owns, as the leases say. */
    async function shares(): Promise<readonly number[]> {
      const rows = await world.consumer.dataSource.query<{ readonly count: string }[]>(
        `select count(*) from lease where scope = 'partition/issuance' and expires_at > clock_timestamp()
          group by holder`,
      );
      return rows.map(({ count }) => Number(count));
    }

    async function isGateReached(streamId: string): Promise<boolean> {
      const rows = await world.consumer.dataSource.query<unknown[]>(
        'select 1 from gate where stream_id = $1',
        [streamId],
      );
      return rows.length > 0;
    }

    function effectCountReaches(count: number): Promise<unknown> {
      return eventually(
        `${count} effects`,
        async () => (await world.effectCount('issuance')) >= count,
        90_000,
      );
    }

    async function expectEveryEventOnceInOrder(count: number): Promise<void> {
      const effects = await world.effectsOf('issuance');
      expect(effects.map(({ position }) => position).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: count }, (_, index) => index + 1),
      );
      const versions = new Map<string, number>();
      for (const { stream_id: streamId, stream_version: version } of effects as EffectRow[]) {
        expect(version, streamId).toBe((versions.get(streamId) ?? 0) + 1);
        versions.set(streamId, version);
      }
      expect(await world.consumer.dataSource.query('select * from parked_event')).toEqual([]);
    }

    const bothConsume = () =>
      eventually(
        'both own partitions',
        async () => {
          const counts = await shares();
          return counts.length === 2 && counts.every((count) => count === 3);
        },
        60_000,
      );

    it('loses its partitions to the other, and nothing is lost or doubled', async () => {
      world = await World.create(transport);
      const one = start('consumer');
      start('consumer');
      await bothConsume();
      const publishing = world.publishMany(streamCount, 10);
      await effectCountReaches(50);
      one.kill('SIGSTOP');
      await publishing;
      await world.publishMany(streamCount, 5);
      await effectCountReaches(streamCount * 15);
      await eventually('one owner', async () => (await shares()).join() === '6');

      one.kill('SIGCONT');
      await world.publishMany(streamCount, 5);
      await bothConsume();
      await effectCountReaches(streamCount * 20);
      await expectEveryEventOnceInOrder(streamCount * 20);
    });

    it('changes nothing when it goes on: neither the transaction it holds nor a stream it would park', async () => {
      world = await World.create(transport);
      await world.publishTogether([failingStream, holdingStream]);
      const one = start('consumer', { failingStream, holdingStream });
      await eventually(
        'it handles both',
        async () => (await isGateReached(failingStream)) && (await isGateReached(holdingStream)),
        60_000,
      );
      one.kill('SIGSTOP');
      start('consumer');
      await effectCountReaches(2);
      await world.publishMany(streamCount, 2);
      await effectCountReaches(2 + streamCount * 2);

      await world.consumer.dataSource.query('update gate set is_open = true');
      one.kill('SIGCONT');
      await bothConsume();
      await world.publish('deal-0', 1);
      await effectCountReaches(3 + streamCount * 2);
      await expectEveryEventOnceInOrder(3 + streamCount * 2);
    });
  });
});

describe.skipIf(kafkaSkipReason !== null)(
  `A paused relay${kafkaSkipReason ? ` (skipped: ${kafkaSkipReason})` : ''}`,
  () => {
    const children: ChildProcess[] = [];
    let world: World;

    afterEach(async () => {
      await Promise.all(children.splice(0).map(endChild));
      await world.close();
    });

    it('is replaced by the other, and only repeats when it goes on', async () => {
      world = await World.create('kafka');
      await world.stopRelays();
      await world.consume('issuance');
      const start = (): ChildProcess => {
        const child = startChild(settingsOf(world, 'relay'));
        children.push(child);
        return child;
      };
      const reaches = (count: number) =>
        eventually(
          `${count} effects`,
          async () => (await world.effectCount('issuance')) >= count,
          90_000,
        );
      const one = start();
      await world.publishMany(streamCount, 5);
      await reaches(10);
      const two = start();
      const publishing = world.publishMany(streamCount, 10);
      await reaches(streamCount * 5 + 10);
      one.kill('SIGSTOP');
      await publishing;
      await reaches(streamCount * 15);

      one.kill('SIGCONT');
      await world.publishMany(streamCount, 5);
      await reaches(streamCount * 20);
      // Only a relay that lives can take over here, so the first one is back and has done its worst.
      two.kill('SIGSTOP');
      await world.publishMany(streamCount, 5);
      await reaches(streamCount * 25);
      const effects = await world.effectsOf('issuance');
      expect(effects.length).toBe(streamCount * 25);
      for (const streamId of streamsOf(streamCount)) {
        expect(
          effects
            .filter((effect) => effect.stream_id === streamId)
            .map((effect) => effect.stream_version),
        ).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
      }
    });
  },
);
