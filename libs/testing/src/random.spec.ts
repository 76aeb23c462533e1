import { describe, expect, it } from 'vitest';
import { randomFrom } from './random.js';

const draw = (seed: number, count: number, below = 6): number[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => random(below));
};

describe('A seeded generator', () => {
  it('tells the same story for the same seed only', () => {
    expect(draw(7, 50)).toEqual(draw(7, 50));
    expect(draw(7, 50)).not.toEqual(draw(8, 50));
  });

  it('reaches every number below the limit, about as often as each other', () => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (const number of draw(20_260_301, 6_000)) {
      counts[number] = (counts[number] ?? 0) + 1;
    }
    expect(counts).toHaveLength(6);
    expect(counts.every((count) => count > 850 && count < 1_150)).toBe(true);
  });
});
