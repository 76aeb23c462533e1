import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Consumption, HaltReason, LogRecord } from '../src/index.js';
import { eventAfter, insertRow, logOf, restoreTo, tamper } from './forger.js';
import {
  effectsOf,
  elsewhere,
  firstOf,
  goesOn,
  haltOf,
  threeConsumed,
} from './verification-story.js';
import { eventually, World } from './world.js';

const stranger = generateKeyPairSync('ed25519').privateKey;

let world: World;

afterEach(async () => {
  await world.close();
});

async function threeBy(transport: 'postgres'): Promise<Consumption> {
  const three = await threeConsumed(transport);
  ({ world } = three);
  return three.consumption;
}

describe('Verification over postgres', () => {
  const next = async (options = {}): Promise<LogRecord> => eventAfter(await logOf(world), options);

  const attacks: readonly [string, HaltReason, number, () => Promise<void>][] = [
    [
      'forged: a row that nobody appended',
      'altered',
      4,
      async () => insertRow(world, { ...(await next()), chainHash: Buffer.alloc(32, 1) }),
    ],
    [
      'unsigned: a row with the right chain hash',
      'unsigned',
      4,
      async () => insertRow(world, await next()),
    ],
    [
      'wrong key: a row with the right chain hash, signed by somebody',
      'bad_signature',
      4,
      async () => insertRow(world, await next({ key: stranger })),
    ],
    [
      'foreign: a signed row of another log',
      'altered',
      4,
      async () => insertRow(world, await next({ logName: 'market', key: world.signingKey })),
    ],
    [
      'replayed: an old event once more',
      'altered',
      4,
      async () => {
        const [first] = await logOf(world);
        const copy = { position: 4, streamVersion: 4, eventId: randomUUID() };
        await insertRow(world, { ...(first ?? (await next())), ...copy });
      },
    ],
  ];

  it.each(attacks)('%s, changes nothing and is named', async (_, reason, position, attack) => {
    const consumption = await threeBy('postgres');
    await attack();
    expect(await haltOf(consumption, reason)).toMatchObject({ source: 'deals', position });
    expect(consumption.status()[0]?.state).toBe('halted');
    expect(await effectsOf(world)).toEqual(await firstOf(world, 3));
    // Whoever takes it out again need not restart anything.
    await tamper(world, 'delete from events where position = 4');
    await goesOn(consumption);
    expect(await effectsOf(world)).toEqual(await firstOf(world, 3));
  });

  const damages: readonly [string, HaltReason, number, string][] = [
    ['altered', 'altered', 4, `update events set data = '{}' where position = 4`],
    [
      'reordered',
      'altered',
      4,
      `update events set position = case position when 4 then -5 else -4 end where position in (4, 5)`,
    ],
    ['gap', 'gap', 4, `delete from events where position = 4`],
  ];

  it.each(damages)('%s rows are named at once', async (name, reason, position, sql) => {
    const first = await threeBy('postgres');
    await first.stop();
    await world.publish('deal-1', 1);
    await world.publish(elsewhere, 1);
    await tamper(world, sql);
    if (name === 'reordered') {
      await tamper(world, 'update events set position = -position where position < 0');
    }
    const consumption = await world.consume('issuance');
    expect(await haltOf(consumption, reason)).toMatchObject({ source: 'deals', position });
    expect(await effectsOf(world)).toEqual(await firstOf(world, 3));
  });

  it('hands on the events before a fault', async () => {
    const first = await threeBy('postgres');
    await first.stop();
    for (let count = 0; count < 3; count += 1) {
      await world.publish('deal-1', 1);
    }
    await tamper(world, `update events set data = '{}' where position = 6`);
    const consumption = await world.consume('issuance');
    expect(await haltOf(consumption, 'altered')).toMatchObject({ position: 6 });
    expect(await effectsOf(world)).toEqual(await firstOf(world, 5));
  });

  it('hands on an append that is longer than a page', async () => {
    world = await World.create('postgres');
    await world.consume('issuance');
    await world.publish('deal-1', 450);
    await eventually('all took effect', async () => (await world.effectCount('issuance')) === 450);
  });

  it('verifies progress that has no hash from the first event on', async () => {
    const first = await threeBy('postgres');
    await first.stop();
    await world.consumer.dataSource.query('update consumed set chain_hash = null');
    await tamper(world, `update events set data = '{}' where position = 2`);
    const consumption = await world.consume('issuance');
    expect(await haltOf(consumption, 'altered')).toMatchObject({ position: 2 });
    expect(await world.effectCount('issuance')).toBe(3);
  });

  it.each([0, 4])(
    'stops at a log that was restored from an older backup and grew by %i since, and rejoins after the cut was accepted',
    async (grownBy) => {
      const consumption = await threeBy('postgres');
      const [, second] = await logOf(world);
      await restoreTo(world, 2);
      for (let count = 0; count < grownBy; count += 1) {
        await world.publish(elsewhere, 1);
      }
      expect(await haltOf(consumption, 'diverged')).toMatchObject({ source: 'deals', position: 3 });
      expect(await world.effectCount('issuance')).toBe(3);
      const chainHash = second?.chainHash ?? Buffer.alloc(0);
      const cut = { source: 'deals', position: 2, reason: 'restored, 3 compensated' } as const;
      await world.haltsOf('issuance').rejoin({ ...cut, chainHash: Buffer.alloc(32, 9) });
      await haltOf(consumption, 'diverged');
      await world.haltsOf('issuance').rejoin({ ...cut, chainHash });
      await goesOn(consumption);
      await world.publish(elsewhere, 1);
      await eventually(
        'the new branch took effect',
        async () => (await world.effectCount('issuance')) === 4 + grownBy,
      );
    },
  );

  it('stops when it was down during the restore', async () => {
    const first = await threeBy('postgres');
    await first.stop();
    await restoreTo(world, 2);
    await world.publish(elsewhere, 3);
    const consumption = await world.consume('issuance');
    await haltOf(consumption, 'diverged');
    expect(await world.effectCount('issuance')).toBe(3);
  });
});
