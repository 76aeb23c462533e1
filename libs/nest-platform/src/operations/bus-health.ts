import type { EventServerStatus } from '@specie/event-bus';

/** Nothing of a backlog settled for longer than this: whoever consumes it is stuck or too slow. */
export const stalledMsMax = 30_000;

/** What health shows of the consumption; no ids and no error texts, since the page is public. */
export function busHealth({ state, sources }: EventServerStatus) {
  return {
    /** A degraded consumer loses nothing; taking the instance out of service would not help it. */
    isDegraded:
      state === 'failing' ||
      sources.some(({ stalledMs, unowned }) => stalledMs > stalledMsMax || unowned.length > 0),
    shown: {
      state,
      sources: sources.map((source) => ({
        source: source.source,
        state: source.state,
        ...(source.since === null ? {} : { since: source.since, tryCount: source.tryCount }),
        backlogEvents: source.backlog,
        stalledMs: source.stalledMs,
        partitions: source.partitions.length,
        unownedPartitions: [...source.unowned],
      })),
    },
  };
}
