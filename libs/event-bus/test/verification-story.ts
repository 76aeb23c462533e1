import type { Consumption, Halt, HaltReason } from '../src/index.js';
import { logOf } from './forger.js';
import { eventually, type BusTuning, World, type TransportName } from './world.js';

/** A stream of another partition than that of `deal-1`. */
export const elsewhere = 'deal-0';

/** Three events of `deal-1` took effect, and nothing else happened. */
export async function threeConsumed(
  transport: TransportName,
  tuning: BusTuning = {},
): Promise<{ readonly world: World; readonly consumption: Consumption }> {
  const world = await World.create(transport);
  const consumption = await world.consume('issuance', undefined, tuning);
  for (let count = 0; count < 3; count += 1) {
    await world.publish('deal-1', 1);
  }
  await eventually('three took effect', async () => (await world.effectCount('issuance')) === 3);
  return { world, consumption };
}

export function haltOf(consumption: Consumption, reason: HaltReason): Promise<Halt> {
  return eventually(`halted: ${reason}`, async () =>
    (await consumption.halts()).find((halt) => halt.reason === reason),
  );
}

/** Waits until nothing stands still any more. */
export async function goesOn(consumption: Consumption): Promise<void> {
  await eventually('it goes on', async () => (await consumption.halts()).length === 0);
}

/** The ids of the events that took effect, in the order in which they did. */
export async function effectsOf(world: World): Promise<readonly string[]> {
  return (await world.effectsOf('issuance')).map((effect) => effect.event_id);
}

/** The ids of the first events of the publisher's log. */
export async function firstOf(world: World, count: number): Promise<readonly string[]> {
  return (await logOf(world)).slice(0, count).map(({ eventId }) => eventId);
}
