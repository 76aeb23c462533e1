import type { DomainEvent, EventCodec, NewEvent } from '@specie/event-sourcing';
import * as audit from './audit/index.js';
import * as compliance from './compliance/index.js';
import * as deals from './deals/index.js';
import {
  decodeEvent,
  encodeEvent,
  type EventDefinition,
  type ServiceName,
} from './define-event.js';
import * as issuance from './issuance/index.js';
import * as market from './market/index.js';
import * as metering from './metering/index.js';

/** Every event of every service, by its wire type. */
export const eventDefinitions: ReadonlyMap<string, EventDefinition> = new Map(
  [compliance, issuance, deals, market, metering, audit]
    .flatMap((service) => Object.values(service) as readonly EventDefinition[])
    .map((definition) => [definition.type, definition]),
);

/** The service whose log an event type belongs to. */
export function serviceOf(eventType: string): ServiceName {
  return eventType.slice(0, eventType.indexOf('.')) as ServiceName;
}

/** The Kafka topic that carries all events of a service, keyed by stream id. */
export function topicOf(service: ServiceName): string {
  return `specie.${service}.v1`;
}

/** Encodes and decodes every event Specie knows. */
export const eventCodec: EventCodec = {
  encode: (event: DomainEvent): NewEvent => encodeEvent(definitionOf(event.type), event),
  decode: (event: NewEvent): DomainEvent => decodeEvent(definitionOf(event.type), event),
};

function definitionOf(type: string): EventDefinition {
  const definition = eventDefinitions.get(type);
  if (!definition) {
    throw new Error(`unknown event type "${type}"`);
  }
  return definition;
}
