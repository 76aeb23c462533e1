/**
 * The stored-answer protocol: what a command was answered is stored with its events under its idempotency key, and a
 * repeat is answered with it. Everything that appends the events of a command goes through this file.
 *
 * Stored forms: `{ accepted: answer }`, `{ rejected: violations }`, and null where a repeat is recognised by its consumed
 * event or its id alone. Answers from before refusals were lists are `{ rejected: code, details? }`; several codes are
 * joined by `+`.
 */
import { metadataOf, type CommandContext } from './command-context.js';
import {
  rejectAll,
  type Decision,
  type Rejected,
  type ViolationDetails,
  type Violations,
} from './decision.js';
import type {
  AppendOutcome,
  AppendRequest,
  EventStore,
  Idempotency,
  SideRows,
  StoredAnswer,
  StreamAppend,
} from './event-store.js';
import type { JsonValue } from './json.js';

/** What the caller of a command gets. `repeated` is true when the stored answer of an earlier run is returned. */
export type Handled<R extends string = string> =
  | {
      readonly outcome: 'accepted';
      readonly answer: JsonValue;
      readonly repeated: boolean;
      /** New version by stream id; empty for a repeat. */
      readonly versions: ReadonlyMap<string, number>;
    }
  | (Rejected<R> & { readonly repeated: boolean })
  | { readonly outcome: 'conflicting_repeat' }
  | { readonly outcome: 'fenced' }
  | { readonly outcome: 'constraint_violated'; readonly constraint: string }
  /** Lost the race too often; safe to send again. */
  | { readonly outcome: 'contended' };

/** An answer that is known: that of this run, or that of an earlier one. */
export type Answered<R extends string = string> = Extract<
  Handled<R>,
  { readonly repeated: boolean }
>;

/** What an earlier run of the command was answered; null if there was none that its idempotency key tells of. */
export async function earlierAnswer<R extends string>(
  store: Pick<EventStore, 'findAnswer'>,
  { idempotency, earlierAnswer: known }: CommandContext,
): Promise<Extract<
  Handled<R>,
  { outcome: 'accepted' | 'rejected' | 'conflicting_repeat' }
> | null> {
  if (!idempotency) {
    return null;
  }
  // Should an answer be stored after an earlier look-up, the append finds it.
  const stored =
    known === undefined ? await store.findAnswer(idempotency.scope, idempotency.key) : known;
  return stored && repeatOf<R>(stored, idempotency);
}

/** What a repeat of the request is answered; another body under the same key is no repeat. */
export function repeatOf<R extends string>(
  stored: StoredAnswer,
  { bodyHash }: Idempotency,
): Answered<R> | { readonly outcome: 'conflicting_repeat' } {
  return stored.bodyHash === bodyHash
    ? repeatedAnswer<R>(stored.answer)
    : { outcome: 'conflicting_repeat' };
}

/** What was decided, as the answer to it: `answer` for the accepted, the violations for the refused. */
export function answerTo<R extends string>(
  decision: Decision<unknown, R>,
  { answer, versions }: { answer: JsonValue; versions: ReadonlyMap<string, number> },
): Answered<R> {
  return decision.outcome === 'accepted'
    ? { outcome: 'accepted', answer, repeated: false, versions }
    : { outcome: 'rejected', violations: decision.violations, repeated: false };
}

/** The append of what was decided, refusals and commands that found their work done included. */
export function appendRequestOf(
  context: CommandContext,
  {
    decision,
    answer,
    streams,
    sideRows,
  }: {
    readonly decision: Decision<unknown, string>;
    readonly answer: JsonValue;
    readonly streams: readonly StreamAppend[];
    readonly sideRows?: readonly SideRows[] | undefined;
  },
): AppendRequest {
  const { commandId, now, idempotency, inbox } = context;
  const hasEvents = streams.some(({ events }) => events.length > 0);
  // A consumed event whose command was refused without a record was not answered: it is still to be dealt with.
  const isAnswer = decision.outcome === 'accepted' || hasEvents;
  const stored: JsonValue =
    decision.outcome === 'accepted'
      ? { accepted: answer }
      : { rejected: decision.violations as unknown as JsonValue };
  return {
    commandId,
    streams,
    metadata: metadataOf(context),
    occurredAt: now,
    ...(idempotency ? { idempotency: { ...idempotency, answer: stored } } : {}),
    ...(inbox && isAnswer ? { inbox } : {}),
    ...(sideRows && decision.outcome === 'accepted' && hasEvents ? { sideRows } : {}),
  };
}

/** The end of a command by that of its append; `answered` is what it is answered if the log took it. */
export function handledOf<R extends string>(
  outcome: AppendOutcome,
  answered: Answered<R>,
): Handled<R> {
  switch (outcome.outcome) {
    case 'appended':
      return answered;
    case 'already_done':
      return repeatedAnswer<R>(outcome.answer);
    case 'wrong_expected_version':
      return { outcome: 'contended' };
    case 'conflicting_repeat':
    case 'fenced':
    case 'constraint_violated':
      return outcome;
  }
}

/** Reads a stored answer in any of its forms. */
export function repeatedAnswer<R extends string>(stored: JsonValue): Answered<R> {
  const { accepted, rejected, details } = (stored ?? {}) as {
    readonly accepted?: JsonValue;
    readonly rejected?: R | Violations<R>;
    readonly details?: ViolationDetails;
  };
  if (rejected === undefined) {
    return { outcome: 'accepted', answer: accepted ?? null, repeated: true, versions: new Map() };
  }
  if (typeof rejected !== 'string') {
    return { outcome: 'rejected', violations: rejected, repeated: true };
  }
  const codes = rejected.split('+').filter((code) => code !== '') as R[];
  const refusal = rejectAll(codes.map((code) => ({ code, ...(details ? { details } : {}) })));
  return { ...refusal, repeated: true };
}
