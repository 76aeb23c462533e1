import type { Type } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { EventPattern as nestEventPattern } from '@nestjs/microservices';
import { PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import { eventDefinitions } from '@specie/contracts';

export interface EventPatternOptions<Event> {
  /**
   * Which events of one stream must keep their order among each other, where the stream holds independent things. Others
   * are handled side by side, and one that fails for good parks its lane alone. Default: the order of the whole stream.
   */
  readonly lane?: (event: Event) => string;
}

/**
 * Nest's `@EventPattern` for one event type or several. Import this one: it refuses a type nobody publishes, and the
 * types of Nest's own reject a handler with a second parameter other than `unknown`.
 */
export function EventPattern<Event = never>(
  eventTypes: string | readonly string[],
  options: EventPatternOptions<Event> = {},
): MethodDecorator {
  for (const eventType of [eventTypes].flat()) {
    if (!eventDefinitions.has(eventType)) {
      throw new Error(`@EventPattern('${eventType}'): no such event in libs/contracts`);
    }
  }
  return nestEventPattern<string | readonly string[]>(eventTypes, { ...options });
}

/** The event types that the `@EventPattern` methods of a consumer handle. @throws where it has none */
export function eventTypesOf(consumer: Type): readonly string[] {
  const prototype = consumer.prototype as Readonly<Record<string, object>>;
  const types = new MetadataScanner()
    .getAllMethodNames(prototype)
    .flatMap(
      (method) =>
        (Reflect.getMetadata(PATTERN_METADATA, prototype[method] ?? {}) ?? []) as readonly string[],
    );
  if (types.length === 0) {
    throw new Error(`${consumer.name} is listed as a consumer and has no @EventPattern method`);
  }
  return types;
}
