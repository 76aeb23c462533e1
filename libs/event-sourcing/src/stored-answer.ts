import type { Handled } from './command-handler.js';
import type { Rejected, RejectionDetails } from './decider.js';
import type { JsonValue } from './json.js';

/** The form in which a refusal is kept as the answer of its request. */
export function storedRefusal({ code, details }: Rejected<string>): JsonValue {
  return { rejected: code, ...(details ? { details } : {}) };
}

/** Reads what `storedRefusal` wrote; null for any other answer. */
export function refusalIn<R extends string>(answer: JsonValue): Rejected<R> | null {
  const { rejected, details } = (answer ?? {}) as {
    readonly rejected?: R;
    readonly details?: RejectionDetails;
  };
  return rejected === undefined
    ? null
    : { outcome: 'rejected', code: rejected, ...(details ? { details } : {}) };
}

/** What a repeat is answered; null is kept where the repeat is known by its event or its id, without an answer. */
export function repeatedAnswer<R extends string>(
  stored: JsonValue,
): Extract<Handled<R>, { readonly repeated: boolean }> {
  const refusal = refusalIn<R>(stored);
  if (refusal) {
    return { ...refusal, repeated: true };
  }
  const answer = (stored as { readonly accepted?: JsonValue } | null)?.accepted ?? null;
  return { outcome: 'accepted', answer, repeated: true, versions: new Map() };
}
