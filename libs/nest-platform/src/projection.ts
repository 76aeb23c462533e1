import type { RecordedEvent } from '@specie/event-sourcing';
import type { EntityManager } from 'typeorm';

/** Folds events into read-model rows, inside the transaction of the append and in position order. */
export interface Projection {
  readonly name: string;
  apply(manager: EntityManager, events: readonly RecordedEvent[]): Promise<void>;
}
