import type { ServiceName } from '@specie/contracts';
import type { Collection } from '../digest.js';
import type { EventFacts } from '../wire-events.js';

/** Rebuilds the state of one service from its events, in position order. */
export interface Fold<Event extends EventFacts> {
  readonly service: ServiceName;
  apply(event: Event): void;
  /**
   * The last command is complete: its events were appended as one, so what must hold is judged here. Between
   * two of its events it need not hold (`deal-completed` stands before the shares of the last tranche).
   */
  closeCommand(): void;
  /** The attested collections of docs/architecture.md, as of the last event applied. */
  collections(): readonly Collection[];
}

/** The value of a key, made when it is not there. */
export function valueOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) {
    return known;
  }
  const made = make();
  map.set(key, made);
  return made;
}

/** Ids of movements are chosen by clients: they name something only together with their kind, owner and series. */
export function movementKey(
  owner: { readonly partyId: string; readonly seriesId: string },
  movementId: string,
): string {
  return `${owner.partyId} ${owner.seriesId} ${movementId}`;
}
