import { EventPattern as nestEventPattern } from '@nestjs/microservices';
import { eventDefinitions } from '@specie/contracts';

/**
 * Nest's `@EventPattern` for one event type. Import this one: it refuses a type nobody publishes, and the types of
 * Nest's own reject a handler with a second parameter other than `unknown`.
 */
export function EventPattern(eventType: string): MethodDecorator {
  if (!eventDefinitions.has(eventType)) {
    throw new Error(`@EventPattern('${eventType}'): no such event in libs/contracts`);
  }
  return nestEventPattern<string>(eventType);
}
