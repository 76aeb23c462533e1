import type { ServiceName } from '@specie/contracts';
import { describeError } from './errors.js';
import type { PartitionStatus, SourceStatus } from './ports.js';

/** Events of a source that wait for something else to come back, such as a database or the writer's lease. */
interface WaitingEvents {
  /** UTC instant of the first failure of the one that has waited longest. */
  readonly since: string;
  /** Tries of the event that was tried most often. */
  readonly tryCount: number;
  readonly error: string;
}

interface Waiting {
  readonly place: EventPlace;
  readonly since: string;
  tryCount: number;
  error: string;
}

/**
 * Which events are being retried, since when and how often. It outlives a batch: what fails over and over is fetched
 * again each time, and still must back off further and be shown with its full count.
 */
export class WaitingList {
  private readonly waiting = new Map<string, Waiting>();

  /** Notes a failed try and returns how many there were. */
  failed(place: EventPlace, error: unknown): number {
    const key = keyOf(place);
    const entry = this.waiting.get(key) ?? {
      place,
      since: new Date().toISOString(),
      tryCount: 0,
      error: '',
    };
    entry.tryCount += 1;
    entry.error = describeError(error);
    this.waiting.set(key, entry);
    return entry.tryCount;
  }

  settled(place: EventPlace): void {
    if (this.waiting.size > 0) {
      this.waiting.delete(keyOf(place));
    }
  }

  /** The status of a source together with what waits in the partitions that this instance owns. */
  shownIn(status: SourceStatus): SourceStatus {
    const waiting = this.of(status.source, status.partitions);
    return waiting === null
      ? status
      : {
          ...status,
          state: ['starting', 'running'].includes(status.state) ? 'failing' : status.state,
          error: status.error ?? waiting.error,
          since:
            status.since !== null && status.since < waiting.since ? status.since : waiting.since,
          tryCount: Math.max(status.tryCount, waiting.tryCount),
        };
  }

  /** What waits in these partitions of a source; forgets what took effect meanwhile, here or on another instance. */
  private of(source: ServiceName, partitions: readonly PartitionStatus[]): WaitingEvents | null {
    const found: Waiting[] = [];
    for (const [key, entry] of this.waiting) {
      const { place } = entry;
      const owned = partitions.find(({ partition }) => partition === place.partition);
      if (place.source !== source || !owned) {
        continue;
      }
      if (place.position <= owned.highWater) {
        this.waiting.delete(key);
      } else {
        found.push(entry);
      }
    }
    // A map keeps the order of insertion: the first one has waited longest.
    const [oldest] = found;
    return oldest
      ? {
          since: oldest.since,
          tryCount: Math.max(...found.map(({ tryCount }) => tryCount)),
          error: oldest.error,
        }
      : null;
  }
}

export interface EventPlace {
  readonly source: ServiceName;
  readonly partition: number;
  readonly position: number;
}

function keyOf({ source, partition, position }: EventPlace): string {
  return `${source}/${partition}/${position}`;
}
