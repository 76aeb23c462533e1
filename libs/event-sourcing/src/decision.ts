import type { CommandContext } from './command-context.js';
import type { DomainEvent } from './events.js';

/** What a violated rule rests on, by name, as it is shown: quantities are decimal strings. Never what only others may know. */
export type ViolationDetails = Readonly<Record<string, string | number>>;

/** One violated rule: its code, and the numbers that caused it. */
export interface Violation<R extends string = string> {
  readonly code: R;
  readonly details?: ViolationDetails;
}

/** The violated rules in the order in which they are checked; the first one is what the refusal is called. */
export type Violations<R extends string = string> = readonly [Violation<R>, ...Violation<R>[]];

export interface Accepted<E> {
  readonly outcome: 'accepted';
  readonly events: readonly E[];
}

export interface Rejected<R extends string, E = never> {
  readonly outcome: 'rejected';
  readonly violations: Violations<R>;
  /** What is recorded of the refusal, such as a refused order, so that it can be proven later. */
  readonly events?: readonly E[];
}

/** What a command leads to: events, or a refusal. An empty list of events means "already done". */
export type Decision<E, R extends string> = Accepted<E> | Rejected<R, E>;

/** The decision to record `events`, in order; none means the command is already done and safe to repeat. */
export function accept<E>(...events: readonly E[]): Accepted<E> {
  return { outcome: 'accepted', events };
}

/** The decision to refuse because of one rule, and what it rests on; nothing is recorded. */
export function reject<R extends string>(code: R, details?: ViolationDetails): Rejected<R> {
  return { outcome: 'rejected', violations: [{ code, ...(details ? { details } : {}) }] };
}

/**
 * The decision to refuse because of every rule in `violations`, in check order.
 *
 * @throws Error if there is none: a refusal without a reason is a bug
 */
export function rejectAll<R extends string>(violations: readonly Violation<R>[]): Rejected<R> {
  const [first, ...others] = violations;
  if (first === undefined) {
    throw new Error('a refusal without a violated rule');
  }
  return { outcome: 'rejected', violations: [first, ...others] };
}

/** The code that a refusal is called by: that of the first violated rule. */
export function codeOf<R extends string>({ violations }: Pick<Rejected<R>, 'violations'>): R {
  return violations[0].code;
}

/** How a stream's state is rebuilt: a start and a total fold over its events. */
export interface Aggregate<S, E> {
  readonly initialState: () => S;
  readonly evolve: (state: S, event: E) => S;
}

/** A stream and how to fold it. */
export interface StreamRef<S, E extends DomainEvent> {
  readonly streamId: string;
  readonly aggregate: Aggregate<S, E>;
}

/** An event and the stream that records it. */
export interface Placed<E extends DomainEvent = DomainEvent> {
  readonly streamId: string;
  readonly event: E;
  /** The first event of its stream, which the command need not have read: an append that finds the stream there decides again. */
  readonly isFirst?: true;
  /** What it answers, where that is not what the whole command answers. */
  readonly cause?: CommandContext;
}

/** Places an event on a stream that the command has read. */
export function place<S, E extends DomainEvent>(
  { streamId }: StreamRef<S, E>,
  event: NoInfer<E>,
): Placed<E> {
  return { streamId, event };
}

/** Places the first event of a stream that was found out while deciding. */
export function placeFirst<E extends DomainEvent>(streamId: string, event: E): Placed<E> {
  return { streamId, event, isFirst: true };
}

/** What every command carries besides its data; the clock and new ids come from here, never from the domain. */
export interface CommandMetadata {
  /** UTC instant, ISO 8601 with milliseconds. */
  readonly now: string;
  /** A party id or `service:<name>`. */
  readonly actor: string;
}

/** Fails to compile where a union is not exhausted; throws at run time on impossible history. */
export function assertNever(value: never, message = 'unexpected value'): never {
  throw new Error(`${message}: ${JSON.stringify(value)}`);
}

/** Asserts that the history folded by `evolve` is possible; a violation is corrupt history, not a refusal. */
export function assertPossible(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new Error(`impossible history: ${message}`);
  }
}
