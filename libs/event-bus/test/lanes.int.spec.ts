import { afterEach, describe, expect, it } from 'vitest';
import { PoisonEventError, type Received } from '../src/index.js';
import {
  eventually,
  kafkaSkipReason as skipReason,
  trancheOpened,
  World,
  type EffectRow,
  type TransportName,
} from './world.js';

describe.each<TransportName>(['postgres', 'kafka'])('Lanes of a stream over %s', (transport) => {
  const title = transport === 'kafka' && skipReason ? ` (skipped: ${skipReason})` : '';
  describe.skipIf(transport === 'kafka' && skipReason !== null)(`each on its own${title}`, () => {
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

    /** The lane is the quantity: 1 and 2 are independent things in one stream. */
    const tokensOf = (event: Received['event']): string =>
      String((event.data as { readonly tokens: bigint }).tokens / 1_000_000n);
    const lanes = new Map([['deals.tranche-opened', tokensOf]]);
    const publishLanes = async (...tokens: readonly string[]): Promise<void> => {
      for (const each of tokens) {
        await world.publish('deal-1', 1, trancheOpened(`${each}.000000`));
      }
    };

    it('handles the lanes of a stream side by side, each in its order', async () => {
      world = await World.create(transport);
      await publishLanes('1', '2', '3', '1', '2', '3', '1');
      const handled = new Map<string, number[]>();
      let running = 0;
      let runningMax = 0;
      await world.consume(
        'issuance',
        async ({ event, recorded }, record) => {
          running += 1;
          runningMax = Math.max(runningMax, running);
          // Each waits for one of another lane, so handling them in turn would never end.
          await eventually('the first of every lane runs', () => runningMax === 3);
          const lane = tokensOf(event);
          handled.set(lane, [...(handled.get(lane) ?? []), recorded.streamVersion]);
          await record();
          running -= 1;
        },
        { lanes },
      );
      await allEffects('issuance', 7);
      expect(Object.fromEntries(handled)).toEqual({ 1: [1, 4, 7], 2: [2, 5], 3: [3, 6] });
    });

    it('parks the lane of an event that fails for good, and no other of its stream', async () => {
      world = await World.create(transport);
      let isBroken = true;
      const consumption = await world.consume(
        'issuance',
        async ({ event }, record) => {
          if (isBroken && tokensOf(event) === '2') throw new PoisonEventError('no such series');
          await record();
        },
        { lanes },
      );
      await publishLanes('1', '2', '1', '2', '3');
      const effects = await allEffects('issuance', 3);
      expect(effects.map((effect) => effect.stream_version).toSorted((a, b) => a - b)).toEqual([
        1, 3, 5,
      ]);
      const [parked] = await eventually('two are parked', async () => {
        const streams = await consumption.parked();
        return streams[0]?.eventCount === 2 && streams;
      });
      expect(parked).toMatchObject({ streamId: 'deal-1', lane: '2', code: 'handler_failed' });
      isBroken = false;
      expect(await consumption.resume('deals', 'deal-1', '2')).toMatchObject({ resumed: 2 });
      await publishLanes('2');
      const all = await allEffects('issuance', 6);
      expect(all.slice(3).map((effect) => effect.stream_version)).toEqual([2, 4, 6]);
    });

    it('holds every lane behind an event of which nobody can say whose it is', async () => {
      world = await World.create(transport);
      let isBroken = true;
      const consumption = await world.consume(
        'issuance',
        async ({ event }, record) => {
          if (isBroken && tokensOf(event) === '1') throw new PoisonEventError('no such series');
          await record();
        },
        { lanes },
      );
      await publishLanes('1', '2');
      await world.publish('deal-1', 1, { ...trancheOpened(), schemaVersion: 99 });
      await publishLanes('1', '2');
      const parkedCounts = await eventually('four are parked', async () => {
        const streams = await consumption.parked();
        const counts = streams.map(({ lane, eventCount }) => [lane, eventCount] as const);
        return counts.reduce((sum, [, count]) => sum + count, 0) === 4 && counts;
      });
      expect(parkedCounts).toEqual([
        ['', 2],
        ['1', 2],
      ]);
      expect((await world.effectsOf('issuance')).map((each) => each.stream_version)).toEqual([2]);
      isBroken = false;
      // The first of lane 1 stood before it, the second stands behind it.
      expect(await consumption.resume('deals', 'deal-1', '1')).toMatchObject({
        resumed: 1,
        unparked: false,
      });
      expect((await world.effectsOf('issuance')).map((each) => each.stream_version)).toEqual([
        2, 1,
      ]);
    });
  });
});
