import { describe, expect, it } from 'vitest';
import { singleFlight } from './single-flight.js';

describe('singleFlight', () => {
  it('shares a run among those who come while it runs, and starts again after it', async () => {
    let runCount = 0;
    const run = singleFlight(() => Promise.resolve((runCount += 1)));
    expect(await Promise.all([run(), run(), run()])).toEqual([1, 1, 1]);
    expect(await run()).toBe(2);
  });

  it('starts again after a failure too', async () => {
    let runCount = 0;
    const run = singleFlight(() => {
      runCount += 1;
      return runCount === 1 ? Promise.reject(new Error('no answer')) : Promise.resolve(runCount);
    });
    await expect(Promise.all([run(), run()])).rejects.toThrow('no answer');
    expect(await run()).toBe(2);
  });
});
