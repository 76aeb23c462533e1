/** A whole number from 0 to `below` - 1. */
export type RandomBelow = (below: number) => number;

/** The seed of a simulation: `SEED` of the environment repeats a run. */
export function seedOr(fallback: number): number {
  return Number(process.env['SEED'] ?? fallback);
}

/** mulberry32: small, good enough to vary a story, and the same seed gives the same story everywhere. */
export function randomFrom(seed: number): RandomBelow {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** One of the items, which there must be. */
export function pick<T>(items: readonly T[], random: RandomBelow): T {
  const picked = items[random(items.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}
