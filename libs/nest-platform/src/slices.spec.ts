import { expect, it } from 'vitest';
import { inSlices } from './slices.js';

it('lets others have their turn between the steps of long work', async () => {
  const seen: (number | 'another')[] = [];
  function* work(): Generator<number> {
    for (let step = 1; step <= 3; step += 1) {
      const endsAtMs = performance.now() + 10;
      while (performance.now() < endsAtMs);
      seen.push(step);
      setImmediate(() => seen.push('another'));
      yield step;
    }
  }
  expect(await inSlices(work())).toEqual([1, 2, 3]);
  expect(seen.slice(0, 5)).toEqual([1, 'another', 2, 'another', 3]);
});
