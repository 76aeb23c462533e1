/** What a command leads to: events, or a refusal with a code. An empty list of events means "already done". */
export type Decision<E, R extends string> = Accepted<E> | Rejected<R>;
export interface Accepted<E> {
  readonly outcome: 'accepted';
  readonly events: readonly E[];
}
export interface Rejected<R extends string> {
  readonly outcome: 'rejected';
  readonly code: R;
  readonly details?: RejectionDetails;
}

/** What a refusal rests on, by name, as it is shown: quantities are decimal strings. Never what only others may know. */
export type RejectionDetails = Readonly<Record<string, string | number>>;

/** The decision to record `events`, in order; none means the command is already done and safe to repeat. */
export function accept<E>(...events: readonly E[]): Accepted<E> {
  return { outcome: 'accepted', events };
}

/** The decision to refuse with `code`, and what it rests on; nothing is recorded. */
export function reject<R extends string>(code: R, details?: RejectionDetails): Rejected<R> {
  return { outcome: 'rejected', code, ...(details ? { details } : {}) };
}

/** How a stream's state is rebuilt: a start and a total fold over its events. */
export interface Aggregate<S, E> {
  readonly initialState: () => S;
  readonly evolve: (state: S, event: E) => S;
}

/** A stream type with one entry point for its commands. Folders may also export one function per command. */
export interface Decider<S, C, E, R extends string> extends Aggregate<S, E> {
  readonly decide: (command: C, state: S) => Decision<E, R>;
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
