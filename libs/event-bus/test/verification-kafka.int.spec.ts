import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import {
  partitionOf,
  type BusLogger,
  type Consumption,
  type HaltReason,
  type LogRecord,
} from '../src/index.js';
import {
  eventAfter,
  logOf,
  partitionCount,
  produce,
  restoreTo,
  sendsOf,
  tamper,
  type RawMessage,
} from './forger.js';
import {
  effectsOf,
  elsewhere,
  firstOf,
  goesOn,
  haltOf,
  threeConsumed,
} from './verification-story.js';
import { eventually, kafkaSkipReason, type World } from './world.js';

const stranger = generateKeyPairSync('ed25519').privateKey;
const partition = partitionOf('deal-1', partitionCount);

let world: World;

afterEach(async () => {
  await world.close();
});

async function threeBy(transport: 'kafka', logger?: BusLogger): Promise<Consumption> {
  const three = await threeConsumed(transport, logger ? { logger } : {});
  ({ world } = three);
  return three.consumption;
}

const title = kafkaSkipReason ? ` (skipped: ${kafkaSkipReason})` : '';

describe.skipIf(kafkaSkipReason !== null)(`Verification over kafka${title}`, () => {
  /** What somebody with the right to write to the topic sends behind the three events. */
  type Attack = (log: readonly LogRecord[]) => RawMessage | undefined;
  const last = (messages: readonly RawMessage[]): RawMessage | undefined => messages.at(-1);
  const without = (message: RawMessage | undefined, ...names: readonly string[]) =>
    message && {
      ...message,
      headers: Object.fromEntries(
        Object.entries(message.headers).filter(([name]) => !names.includes(name)),
      ),
    };

  const attacks: readonly [string, HaltReason, Attack][] = [
    [
      'what is no event at all',
      'unreadable',
      () => ({ partition, key: 'deal-1', value: Buffer.from('{}'), headers: {} }),
    ],
    [
      'forged: an event that nobody appended, without proof',
      'unsigned',
      (log) => without(last(sendsOf(world, [...log, eventAfter(log)], null)), 'ce_partitionhash'),
    ],
    [
      'unsigned: an event in its place in the chain',
      'unsigned',
      (log) => last(sendsOf(world, [...log, eventAfter(log)], null)),
    ],
    [
      'unsigned: an event at an old position',
      'unsigned',
      (log) => last(sendsOf(world, [...log.slice(0, 1), eventAfter(log.slice(0, 1))], null)),
    ],
    [
      'wrong key: an event in its place in the chain, signed by somebody',
      'bad_signature',
      (log) => last(sendsOf(world, [...log, eventAfter(log)], stranger)),
    ],
    [
      'altered: a genuine event with other data',
      'altered',
      (log) => {
        const genuine = last(sendsOf(world, log));
        return genuine && { ...genuine, value: Buffer.from('{"tokens":"1000000.000000"}') };
      },
    ],
    [
      'foreign: an event of another log',
      'foreign_log',
      (log) => {
        const message = last(sendsOf(world, [...log, eventAfter(log)]));
        return (
          message && {
            ...message,
            headers: { ...message.headers, ce_source: '/specie/market' },
          }
        );
      },
    ],
    [
      'misplaced: a genuine event in another partition',
      'wrong_partition',
      (log) => {
        const genuine = last(sendsOf(world, log));
        return genuine && { ...genuine, partition: partitionOf(elsewhere, partitionCount) };
      },
    ],
  ];

  it.each(attacks)(
    '%s, changes nothing, is named and can be passed over',
    async (_, reason, attack) => {
      const consumption = await threeBy('kafka');
      const message = attack(await logOf(world));
      const [kafkaOffset = -1n] = await produce(world, message ? [message] : []);
      const halt = await haltOf(consumption, reason);
      expect(halt).toMatchObject({ source: 'deals', partition: message?.partition, kafkaOffset });
      expect(consumption.status()[0]?.state).toBe('halted');
      expect(await effectsOf(world)).toEqual(await firstOf(world, 3));

      // Genuine events behind it wait, those of other partitions do not.
      const standing = message?.partition === partition ? 'deal-1' : elsewhere;
      const flowing = standing === 'deal-1' ? elsewhere : 'deal-1';
      await world.publish(standing, 1);
      await world.publish(flowing, 1);
      await eventually('the others flow', async () => (await effectsOf(world)).length === 4);
      expect((await world.effectsOf('issuance'))[3]?.stream_id).toBe(flowing);
      const { source } = halt;
      const place = { source, partition: halt.partition, reason: 'two operators' };
      expect(
        await world.haltsOf('issuance').passOver({ ...place, kafkaOffset: kafkaOffset - 1n }),
      ).toBe('not_halted_there');
      expect(await world.haltsOf('issuance').passOver({ ...place, kafkaOffset })).toBe(
        'passed_over',
      );
      await eventually('it goes on', async () => (await effectsOf(world)).length === 5);
      await goesOn(consumption);
      const log = await logOf(world);
      expect(new Set(await effectsOf(world))).toEqual(new Set(log.map(({ eventId }) => eventId)));
    },
  );

  it('replayed: genuine events once more change nothing and are named', async () => {
    const warnings: Readonly<Record<string, unknown>>[] = [];
    const nothing = (): void => undefined;
    const consumption = await threeBy('kafka', {
      info: nothing,
      error: nothing,
      warn: (message, fields) => {
        if (message.includes('repeated')) {
          warnings.push(fields ?? {});
        }
      },
    });
    const [offset] = await produce(world, sendsOf(world, (await logOf(world)).slice(0, 2)));
    await eventually('it is named', () => warnings.length > 0);
    expect(warnings[0]).toMatchObject({ source: 'deals', partition, offset: String(offset) });
    await world.publish('deal-1', 1);
    await eventually('it goes on', async () => (await effectsOf(world)).length === 4);
    expect(await effectsOf(world)).toEqual(await firstOf(world, 4));
    expect(await consumption.halts()).toEqual([]);
  });

  it('reordered: a genuine event before the one it follows is a gap', async () => {
    const consumption = await threeBy('kafka');
    await world.stopRelays();
    await world.publish('deal-1', 1);
    await world.publish('deal-1', 1);
    const sends = sendsOf(world, await logOf(world));
    const [offset] = await produce(
      world,
      [sends[4], sends[3]].flatMap((send) => send ?? []),
    );
    expect(await haltOf(consumption, 'gap')).toMatchObject({ position: 5, kafkaOffset: offset });
    expect(await effectsOf(world)).toEqual(await firstOf(world, 3));
  });

  it('stays halted over a restart, on another instance, until it is resolved', async () => {
    const first = await threeBy('kafka');
    const log = await logOf(world);
    const forged = last(sendsOf(world, [...log, eventAfter(log)], stranger));
    const [kafkaOffset = -1n] = await produce(world, forged ? [forged] : []);
    const { haltedAt } = await haltOf(first, 'bad_signature');
    await first.stop();
    await world.publish('deal-1', 1);
    const second = await world.consume('issuance');
    await eventually('it is seen again', () => second.status()[0]?.state === 'halted');
    expect(await second.halts()).toMatchObject([{ partition, kafkaOffset, haltedAt }]);
    expect(await effectsOf(world)).toEqual(await firstOf(world, 3));
  });

  it('believes every key of a rotation', async () => {
    const consumption = await threeBy('kafka');
    await world.stopRelays();
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    await world.publish('deal-1', 1);
    await produce(world, sendsOf(world, await logOf(world), privateKey).slice(3));
    await haltOf(consumption, 'bad_signature');
    world.publicKeys.push(publicKey);
    await eventually('it goes on', async () => (await effectsOf(world)).length === 4);
    await goesOn(consumption);
  });

  it('publishes nothing of a log that was restored from an older backup', async () => {
    const consumption = await threeBy('kafka');
    await world.stopRelays();
    await restoreTo(world, 2);
    const relay = world.startRelay();
    await eventually('the relay refuses', () => relay.status().state === 'diverged');
    expect(relay.status().error).toMatch(/position 3: diverged/);
    for (let count = 0; count < 3; count += 1) {
      await world.publish('deal-1', 1);
    }
    await eventually('it sees the new branch', () =>
      relay.status().error?.includes('another event'),
    );
    expect(await world.effectCount('issuance')).toBe(3);
    expect(await consumption.halts()).toEqual([]);
  });

  it('stops at the first event of another branch, should it be published all the same', async () => {
    const consumption = await threeBy('kafka');
    await world.stopRelays();
    await restoreTo(world, 2);
    await world.publish('deal-1', 1);
    const [offset] = await produce(world, sendsOf(world, await logOf(world)).slice(2));
    expect(await haltOf(consumption, 'diverged')).toMatchObject({
      position: 3,
      kafkaOffset: offset,
    });
    expect(await world.effectCount('issuance')).toBe(3);
    const message = {
      source: 'deals',
      partition,
      kafkaOffset: offset ?? 0n,
      reason: 'no',
    } as const;
    expect(await world.haltsOf('issuance').passOver(message)).toBe('not_foreign');
  });

  it('publishes nothing of a log that was altered', async () => {
    await threeBy('kafka');
    await world.stopRelays();
    await world.publish('deal-1', 1);
    await tamper(world, `update events set data = '{}' where position = 4`);
    const relay = world.startRelay();
    await eventually('the relay refuses', () => relay.status().state === 'diverged');
    expect(relay.status().error).toMatch(/position 4: altered/);
  });

  it('looks behind what strangers wrote at the end of a topic', async () => {
    await threeBy('kafka');
    await world.stopRelays();
    const junk = { partition, key: 'deal-1', value: Buffer.from('{}'), headers: {} };
    await produce(
      world,
      Array.from({ length: 20 }, () => junk),
    );
    await restoreTo(world, 2);
    const relay = world.startRelay();
    await eventually('the relay refuses', () => relay.status().state === 'diverged');
  });
});
