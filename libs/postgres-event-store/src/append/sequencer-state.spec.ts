import { describe, expect, it } from 'vitest';
import { nextBatchSize, nextTask, stateOf, type Situation } from './sequencer-state.js';

const idle: Situation = {
  ...{ isExclusive: false, inFlightCount: 0, inFlightMax: 2, hasFailed: false, jobCount: 0 },
  ...{ doubtfulCount: 0, queuedCount: 0, lockedBatchesLeft: 0 },
  ...{ isHeadKnown: true, isSessionOpen: true, isFenced: false },
};
const busy = { ...idle, queuedCount: 3 };

describe('The sequencer', () => {
  it.each([
    ['idle', idle],
    ['idle', { ...idle, isHeadKnown: false, isSessionOpen: false, lockedBatchesLeft: 5 }],
    ['sending', busy],
    ['sending', { ...busy, inFlightCount: 1 }],
    ['full', { ...busy, inFlightCount: 2 }],
    ['full', { ...busy, inFlightCount: 2, isFenced: true }],
    ['fenced', { ...busy, isFenced: true }],
    ['committing', { ...idle, inFlightCount: 1 }],
    ['draining', { ...idle, inFlightCount: 1, jobCount: 1 }],
    ['quiet', { ...idle, jobCount: 1 }],
    ['exclusive', { ...busy, isExclusive: true, jobCount: 1 }],
  ] as const)('is %s', (state, situation) => {
    expect(stateOf(situation)).toBe(state);
  });

  it('does the most urgent task first', () => {
    const everything = {
      ...{ ...busy, hasFailed: true, jobCount: 1, doubtfulCount: 1 },
      ...{ isHeadKnown: false, isSessionOpen: false },
    };
    const steps = [
      ['recover', everything],
      ['run_job', { ...everything, hasFailed: false }],
      ['judge_on_tables', { ...everything, hasFailed: false, jobCount: 0 }],
      ['judge_on_tables', { ...busy, lockedBatchesLeft: 1 }],
      ['read_head', { ...busy, isHeadKnown: false, isSessionOpen: false }],
      ['open', { ...busy, isSessionOpen: false }],
      [null, busy],
    ] as const;
    expect(steps.map(([, situation]) => nextTask(situation))).toEqual(steps.map(([task]) => task));
  });

  it('gives an idle pipeline half of what waits', () => {
    const sizes = [
      nextBatchSize({ ...busy, queuedCount: 15 }, 256),
      nextBatchSize({ ...busy, queuedCount: 17 }, 256),
      nextBatchSize({ ...busy, queuedCount: 17, inFlightCount: 1 }, 256),
      nextBatchSize({ ...busy, queuedCount: 17, inFlightMax: 1 }, 256),
      nextBatchSize({ ...busy, queuedCount: 900 }, 256),
    ];
    expect(sizes).toEqual([15, 9, 17, 17, 256]);
  });
});
