import type { Idempotency, InboxPair, StoredAnswer } from './event-store.js';
import type { EventMetadata } from './events.js';

/** Where a command comes from, and what makes a repeat of it recognisable. */
export interface CommandContext {
  /** UUID; the same on every retry of the same command. */
  readonly commandId: string;
  /** UTC instant, ISO 8601 with milliseconds. */
  readonly now: string;
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly idempotency?: Idempotency;
  /** What an earlier look-up found for the idempotency key; absent where nobody has looked yet. */
  readonly earlierAnswer?: StoredAnswer | null;
  readonly inbox?: InboxPair | readonly InboxPair[];
  /** Decides and answers what would happen, and does nothing. */
  readonly dryRun?: boolean;
}

/** What the events of a command say of where they come from. */
export function metadataOf(context: CommandContext): EventMetadata {
  return {
    correlationId: context.correlationId,
    causationId: context.causationId,
    actor: context.actor,
    idempotencyKey: context.idempotency?.key ?? null,
  };
}
