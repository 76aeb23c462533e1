import type { DomainEvent, JsonValue, NewEvent } from '@specie/event-sourcing';
import { z } from 'zod';

/** The services; the first part of every event type and the name of their log and topic. */
export const serviceNames = [
  'compliance',
  'issuance',
  'deals',
  'market',
  'metering',
  'audit',
] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Wire data of an older schema version to the next one. Pure. */
export type Upcaster = (
  data: Readonly<Record<string, JsonValue>>,
) => Readonly<Record<string, JsonValue>>;

/** One event: its wire type, its current schema version, its data and how older versions are read. */
export interface EventDefinition<Type extends string = string, Data extends z.ZodType = z.ZodType> {
  /** What happened, in a sentence, for the documents. */
  readonly description: string;
  readonly type: Type;
  readonly schemaVersion: number;
  readonly data: Data;
  readonly upcasters: Readonly<Record<number, Upcaster>>;
}

/** The domain event of a definition, with quantities as branded bigints. */
export type EventOf<D extends EventDefinition> =
  D extends EventDefinition<infer Type, infer Data> ? DomainEvent<Type, z.output<Data>> : never;

/**
 * Defines an event. `type` is `<service>.<subject-past-participle>` and never changes; a change of `data`
 * beyond a new optional field needs a new `schemaVersion`, an upcaster and a golden file.
 */
export function defineEvent<
  const Type extends `${ServiceName}.${string}`,
  Data extends z.ZodType,
>(definition: {
  readonly description: string;
  readonly type: Type;
  readonly schemaVersion: number;
  readonly data: Data;
  readonly upcasters?: Readonly<Record<number, Upcaster>>;
}): EventDefinition<Type, Data> {
  return { upcasters: {}, ...definition };
}

/** Domain event to wire form. @throws ZodError if the data does not fit its schema. */
export function encodeEvent(definition: EventDefinition, event: DomainEvent): NewEvent {
  return {
    type: definition.type,
    schemaVersion: definition.schemaVersion,
    data: z.encode(definition.data, event.data) as JsonValue,
  };
}

/** Wire form of any known version to the domain event. @throws if the version has no upcaster or the data does not fit. */
export function decodeEvent(definition: EventDefinition, event: NewEvent): DomainEvent {
  let data = event.data as Readonly<Record<string, JsonValue>>;
  for (let version = event.schemaVersion; version < definition.schemaVersion; version += 1) {
    const upcast = definition.upcasters[version];
    if (!upcast) {
      throw new Error(`${event.type} has no upcaster from schema version ${version}`);
    }
    data = upcast(data);
  }
  if (event.schemaVersion > definition.schemaVersion) {
    throw new Error(
      `${event.type} has schema version ${event.schemaVersion}; this build knows up to ${definition.schemaVersion}`,
    );
  }
  return { type: definition.type, data: z.decode(definition.data, data) };
}
