import type { DomainEvent, NewEvent, RecordedEvent } from '@specie/event-sourcing';
import type { EntityManager } from 'typeorm';

/** Where an event stands in the log, and who caused it. */
export type EventPlace = Omit<RecordedEvent, keyof NewEvent>;

/** A domain event with its place. */
export type PlacedEvent<E extends DomainEvent = DomainEvent> = E & EventPlace;

type EventHandlers<Changes, E extends DomainEvent> = {
  readonly [Type in E['type']]:
    ((changes: Changes, event: PlacedEvent<Extract<E, { type: Type }>>) => void) | 'ignored';
};

export interface ProjectionDefinition<E extends DomainEvent, Changes> {
  readonly name: string;
  /** What each type of event changes; complete, so that a new type is not passed over. */
  readonly events: EventHandlers<Changes, E>;
  /** The empty changes of a batch, with what must be read before its events can be followed. */
  readonly changes: (
    manager: EntityManager,
    events: readonly PlacedEvent<E>[],
  ) => Changes | Promise<Changes>;
  /** Writes them with a few statements. A violated constraint refuses the guilty command. */
  readonly write: (manager: EntityManager, changes: Changes) => Promise<void>;
}

/** A read model that the store keeps up to date; made by `defineProjection`. */
export interface Projection {
  readonly name: string;
  /** The types it handles and those it ignores. */
  readonly types: ReadonlySet<string>;
  readonly handledTypes: ReadonlySet<string>;
  /** Receives the decoded events of its handled types, in position order; at least one. */
  readonly project: (manager: EntityManager, events: readonly PlacedEvent[]) => Promise<void>;
}

/**
 * Defines a read model that is written in the transaction of the events it follows. The events of a batch are folded in
 * position order into `Changes`, which are written once. Events of types that `events` ignores or does not name are not
 * shown to it.
 */
export function defineProjection<E extends DomainEvent, Changes>(
  definition: ProjectionDefinition<E, Changes>,
): Projection {
  const handlers: ReadonlyMap<string, (changes: Changes, event: PlacedEvent) => void> = new Map(
    Object.entries<'ignored' | ((changes: Changes, event: never) => void)>(
      definition.events,
    ).flatMap(([type, handler]) => (handler === 'ignored' ? [] : [[type, handler as never]])),
  );
  return {
    name: definition.name,
    types: new Set(Object.keys(definition.events)),
    handledTypes: new Set(handlers.keys()),
    project: async (manager, events) => {
      const changes = await definition.changes(manager, events as readonly PlacedEvent<E>[]);
      for (const event of events) {
        handlers.get(event.type)?.(changes, event);
      }
      await definition.write(manager, changes);
    },
  };
}

/** @throws if a type is neither handled nor ignored by any of `projections`: its events would be lost on the read models. */
export function assertEveryEventProjected(
  projections: readonly Projection[],
  types: Iterable<string>,
): void {
  const named = new Set(projections.flatMap((projection) => [...projection.types]));
  const forgotten = [...types].filter((type) => !named.has(type));
  if (forgotten.length > 0) {
    throw new Error(`no projection handles or ignores ${forgotten.join(', ')}`);
  }
}
