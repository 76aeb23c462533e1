import type { JsonValue } from './json.js';

/** A fact in domain terms: its wire type (a literal such as `issuance.tokens-minted`) and its data. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** Who caused an event and what it answers. Carries ids only, never personal data (S10). */
export interface EventMetadata {
  /** The same for everything that one outside request set in motion. */
  readonly correlationId: string;
  /** The command or event that this event answers. */
  readonly causationId: string;
  /** A party id or `service:<name>`. */
  readonly actor: string;
  readonly idempotencyKey: string | null;
}

/** An event in wire form, before the store gave it a place. */
export interface NewEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: JsonValue;
}

/** An event as it stands in the log. */
export interface RecordedEvent extends NewEvent {
  /** Place in the log of its service: 1, 2, 3, … without gaps, in commit order. */
  readonly position: number;
  readonly eventId: string;
  readonly streamId: string;
  /** Place in its stream: 1, 2, 3, … */
  readonly streamVersion: number;
  /** UTC instants in ISO 8601 with milliseconds: when it happened in the domain, from when it counts, when it was stored. */
  readonly occurredAt: string;
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly commandId: string;
  readonly metadata: EventMetadata;
}

/** Translates between domain events and the wire form; `@specie/contracts` implements it for every event. */
export interface EventCodec {
  /** @throws if the type is unknown or the data does not fit its schema: a bug, never a business refusal. */
  encode(event: DomainEvent): NewEvent;
  /** Upcasts older schema versions first. @throws on an unknown type or version. */
  decode(event: NewEvent): DomainEvent;
}

/**
 * The id of the `ordinal`-th event (from 0) of a command: the command's UUID with the ordinal added to
 * its last 48 bits. A repeated command therefore collides with its first run instead of adding events.
 */
export function deriveEventId(commandId: string, ordinal: number): string {
  if (ordinal === 0) {
    return commandId;
  }
  const tail = (Number.parseInt(commandId.slice(24), 16) + ordinal) % 2 ** 48;
  return commandId.slice(0, 24) + tail.toString(16).padStart(12, '0');
}
