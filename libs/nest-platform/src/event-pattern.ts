import { EventPattern as nestEventPattern } from '@nestjs/microservices';
import { eventDefinitions } from '@specie/contracts';

export interface EventPatternOptions<Event> {
  /**
   * Which events of one stream must keep their order among each other, where the stream holds independent things. Others
   * are handled side by side, and one that fails for good parks its lane alone. Default: the order of the whole stream.
   */
  readonly lane?: (event: Event) => string;
}

/**
 * Nest's `@EventPattern` for one event type. Import this one: it refuses a type nobody publishes, and the types of
 * Nest's own reject a handler with a second parameter other than `unknown`.
 */
export function EventPattern<Event = never>(
  eventType: string,
  options: EventPatternOptions<Event> = {},
): MethodDecorator {
  if (!eventDefinitions.has(eventType)) {
    throw new Error(`@EventPattern('${eventType}'): no such event in libs/contracts`);
  }
  return nestEventPattern<string>(eventType, { ...options });
}
