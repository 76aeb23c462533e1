import { setImmediate } from 'node:timers/promises';

const sliceMsMax = 5;

/**
 * Runs work that comes in steps, and lets whatever else waits for the event loop have its turn whenever a few
 * milliseconds have gone by. A single step is not interrupted.
 */
export async function inSlices<T>(steps: Iterable<T>): Promise<readonly T[]> {
  const done: T[] = [];
  let sliceEndsAtMs = performance.now() + sliceMsMax;
  for (const step of steps) {
    done.push(step);
    if (performance.now() >= sliceEndsAtMs) {
      await setImmediate();
      sliceEndsAtMs = performance.now() + sliceMsMax;
    }
  }
  return done;
}
