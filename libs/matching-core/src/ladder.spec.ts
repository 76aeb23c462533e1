import { describe, expect, it } from 'vitest';
import { Ladder } from './ladder.js';
import { RECORD } from './orders.js';

const { LEVEL, NEXT, VISIBLE, WORDS } = RECORD;

/** A multiplicative generator is random enough to reach every tier of the bitmap. */
function* pseudoRandom(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state;
  }
}

describe.each([32, 1_024, 4_096, 2 ** 20])('Ladder of %i ticks', (ticks) => {
  it.each([true, false])('agrees with a sorted list of levels (low is best: %s)', (lowIsBest) => {
    const orders = 300;
    const words = new Int32Array((orders + 1) * WORDS);
    const ladder = new Ladder(ticks, lowIsBest);
    const queues = new Map<number, number[]>();
    const standing = new Set<number>();
    const random = pseudoRandom(ticks + 7);
    for (let step = 0; step < 3_000; step++) {
      const order = WORDS * (1 + (random.next().value % orders));
      if (standing.delete(order)) {
        const level = words[order | LEVEL] ?? 0;
        ladder.remove(words, order);
        const rest = (queues.get(level) ?? []).filter((other) => other !== order);
        if (rest.length === 0) queues.delete(level);
        else queues.set(level, rest);
      } else {
        const level = step % 5 === 0 ? [0, ticks - 1][step % 2] : random.next().value % ticks;
        words[order | LEVEL] = level ?? 0;
        words[order | VISIBLE] = order;
        ladder.append(words, order);
        standing.add(order);
        queues.set(level ?? 0, [...(queues.get(level ?? 0) ?? []), order]);
      }
      const levels = [...queues.keys()].sort((a, b) => a - b);
      expect(ladder.best).toBe((lowIsBest ? levels[0] : levels.at(-1)) ?? -1);
      expect(ladder.lowest()).toBe(levels[0] ?? -1);
      const probe = random.next().value % ticks;
      expect(ladder.above(probe)).toBe(levels.find((level) => level > probe) ?? -1);
      expect(ladder.below(probe)).toBe(levels.findLast((level) => level < probe) ?? -1);
      const level = levels[step % Math.max(1, levels.length)];
      if (level === undefined) continue;
      const queue: number[] = [];
      for (let at = ladder.head(level); at !== 0; at = words[at | NEXT] ?? 0) queue.push(at);
      expect(queue).toEqual(queues.get(level));
      expect(ladder.count(level)).toBe(queue.length);
      expect(ladder.volume(level)).toBe(queue.reduce((sum, at) => sum + at, 0));
    }
  });
});
