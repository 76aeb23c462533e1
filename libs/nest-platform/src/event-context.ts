import type { CommandContext, RecordedEvent } from '@specie/event-sourcing';
import type { EntityManager } from 'typeorm';

/** `@Ctx()` of an `@EventPattern` handler. */
export interface EventContext {
  readonly recorded: RecordedEvent;
  /**
   * The context of the command that answers the event. Its id derives from (consumer, event id, step), and the inbox
   * row commits with what the command appends, so a second delivery has no second effect.
   */
  command(step?: string): CommandContext;
  /** Runs `work` and the inbox row in one transaction; skipped when the event was already effective. */
  effect(work: (manager: EntityManager) => Promise<void>): Promise<void>;
}
