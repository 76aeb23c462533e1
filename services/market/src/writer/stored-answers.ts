import type { Idempotency, JsonValue, StoredAnswer } from '@specie/event-sourcing';
import type { ExchangeDecision, ExchangeRejection } from '../domain/exchange/index.js';
import type { ShardHandled } from './shard-writer.js';

/** How an answer is kept beside the events: the same form the command handler keeps. */
export function storedAnswerOf(decision: ExchangeDecision, answer: JsonValue): JsonValue {
  return decision.outcome === 'rejected' ? { rejected: decision.code } : { accepted: answer };
}

/** What a repeated request is answered. Without `idempotency` the store itself recognised the repeat. */
export function repeatOf(stored: StoredAnswer, idempotency: Idempotency | null): ShardHandled {
  if (idempotency && stored.bodyHash !== idempotency.bodyHash) {
    return { outcome: 'conflicting_repeat' };
  }
  const answer = stored.answer as {
    readonly rejected?: ExchangeRejection;
    readonly accepted?: JsonValue;
  } | null;
  return answer?.rejected === undefined
    ? { outcome: 'accepted', answer: answer?.accepted ?? null, repeated: true, versions: new Map() }
    : { outcome: 'rejected', code: answer.rejected, repeated: true };
}
