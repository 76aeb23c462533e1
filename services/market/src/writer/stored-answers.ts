import {
  repeatedAnswer,
  storedRefusal,
  type Idempotency,
  type JsonValue,
  type Rejected,
  type StoredAnswer,
} from '@specie/event-sourcing';
import type { ExchangeDecision, ExchangeRejection } from '../domain/exchange/index.js';
import type { ShardHandled } from './shard-writer.js';

/** How an answer is kept beside the events: the same form the command handler keeps. */
export function storedAnswerOf(decision: ExchangeDecision, answer: JsonValue): JsonValue {
  return decision.outcome === 'rejected' ? storedRefusal(decision) : { accepted: answer };
}

/** What a repeated request is answered. Without `idempotency` the store itself recognised the repeat. */
export function repeatOf(stored: StoredAnswer, idempotency: Idempotency | null): ShardHandled {
  return idempotency && stored.bodyHash !== idempotency.bodyHash
    ? { outcome: 'conflicting_repeat' }
    : repeatedAnswer<ExchangeRejection>(stored.answer);
}

/** The refusal without the record that it leaves. */
export function refusalOf({
  events: _events,
  ...refusal
}: Extract<ExchangeDecision, { readonly outcome: 'rejected' }>): Rejected<ExchangeRejection> {
  return refusal;
}
