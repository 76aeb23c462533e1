import {
  InMemoryEventStore,
  type AppendOutcome,
  type AppendRequest,
  type EventStore,
} from '@specie/event-sourcing';
import type { RandomBelow } from './random.js';

/** A log whose connection breaks: an append may be lost, or committed without anybody hearing of it. */
export class BreakingStore implements EventStore {
  readonly inner = new InMemoryEventStore();
  private readonly random: RandomBelow;
  private readonly percent: number;

  /** `percent` of the appends are lost, and as many again commit unheard. */
  constructor(random: RandomBelow, percent: number) {
    this.random = random;
    this.percent = percent;
  }

  async append(request: AppendRequest): Promise<AppendOutcome> {
    const luck = this.random(100);
    if (luck < this.percent) {
      throw new Error('connection lost before the commit');
    }
    const outcome = await this.inner.append(request);
    if (luck < 2 * this.percent) {
      throw new Error('connection lost after the commit');
    }
    return outcome;
  }

  readStream: EventStore['readStream'] = (streamId, after) =>
    this.inner.readStream(streamId, after);
  replayStream: EventStore['replayStream'] = (streamId, after, onEvent) =>
    this.inner.replayStream(streamId, after, onEvent);
  readAll: EventStore['readAll'] = (after, limit) => this.inner.readAll(after, limit);
  findAnswer: EventStore['findAnswer'] = (scope, key) => this.inner.findAnswer(scope, key);
}
