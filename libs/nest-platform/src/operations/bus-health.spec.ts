import type { EventServerStatus, SourceStatus } from '@specie/event-bus';
import { describe, expect, it } from 'vitest';
import { busHealth, stalledMsMax } from './bus-health.js';

const running: SourceStatus = {
  source: 'deals',
  state: 'running',
  error: 'host and port, for the log only',
  since: null,
  tryCount: 0,
  partitions: [{ partition: 0, highWater: 7 }],
  backlog: 12,
  stalledMs: 40,
  unowned: [],
};

function statusOf(
  source: Partial<SourceStatus>,
  state: EventServerStatus['state'] = 'consuming',
): EventServerStatus {
  return { state, sources: [running, { ...running, ...source }] };
}

describe('The health of the bus', () => {
  it.each([
    ['a backlog that is being worked off', statusOf({ backlog: 5_000 }), false],
    ['an instance that does not consume', { state: 'idle', sources: [] } as const, false],
    ['a backlog of which nothing moves', statusOf({ stalledMs: stalledMsMax + 1 }), true],
    ['a partition that nobody owns', statusOf({ unowned: [3] }), true],
    ['a source that cannot be read', statusOf({ state: 'failing' }, 'failing'), true],
  ])('judges %s', (_, status, isDegraded) => {
    expect(busHealth(status).isDegraded).toBe(isDegraded);
  });

  it('shows what waits, for how long, and what nobody owns', () => {
    expect(busHealth(statusOf({ unowned: [3] })).shown.sources[1]).toEqual({
      source: 'deals',
      state: 'running',
      backlogEvents: 12,
      stalledMs: 40,
      partitions: 1,
      unownedPartitions: [3],
    });
  });
});
