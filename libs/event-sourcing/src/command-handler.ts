import { metadataOf, type CommandContext } from './command-context.js';
import { place, type Aggregate, type Decision, type Placed, type StreamRef } from './decision.js';
import type { DomainEvent, EventCodec } from './events.js';
import type { EventStore, SideRows } from './event-store.js';
import type { JsonValue } from './json.js';
import { KeyedQueue } from './keyed-queue.js';
import {
  answerTo,
  appendRequestOf,
  earlierAnswer,
  handledOf,
  type Handled,
} from './stored-answer.js';

type AnyStreams = Readonly<Record<string, StreamRef<never, never>>>;
type StateOf<T> = T extends { readonly aggregate: { readonly initialState: () => infer S } }
  ? S
  : never;

interface HandleCommon<Facts> {
  readonly context: CommandContext;
  /**
   * Reads what the decision must know besides its streams; for every attempt again. `constraint` is the one that the
   * attempt before met, among `retriedConstraints`.
   */
  readonly facts?: (constraint: string | null) => Promise<Facts>;
  /** Constraints of the tables that show that the facts were behind the log: the command is decided again. */
  readonly retriedConstraints?: readonly string[] | 'all';
  /** Written with the events; a refusal and a repeat write none of them. */
  readonly sideRows?: readonly SideRows[];
}

export interface HandleMany<
  Streams,
  R extends string,
  E extends DomainEvent,
  Facts,
> extends HandleCommon<Facts> {
  /** What is read, by name. The decision names the streams of its events itself. */
  readonly streams: Streams;
  readonly decide: (
    states: { readonly [Name in keyof Streams]: StateOf<Streams[Name]> },
    facts: Facts,
  ) => Decision<Placed<E>, R>;
  /** Builds what the client is answered, from the new versions by stream id and what was decided. Stored with the events. */
  readonly answer?: (
    versions: ReadonlyMap<string, number>,
    events: readonly Placed<E>[],
  ) => JsonValue;
}

export interface HandleOne<S, E extends DomainEvent, R extends string, Facts>
  extends HandleCommon<Facts>, StreamRef<S, E> {
  readonly decide: (state: S, facts: Facts) => Decision<E, R>;
  readonly answer?: (streamVersion: number, events: readonly E[]) => JsonValue;
}

interface LoadedStream {
  readonly version: number;
  readonly state: unknown;
}

type AnyDecision = Decision<Placed, string>;

const attemptCountMax = 16;
const cachedStreamCountMax = 20_000;

/**
 * Loads streams, lets a pure function decide, appends what it decided with optimistic concurrency, and
 * retries when another writer was faster. Commands on the same stream run one after another within a
 * process. The cache of folded states is only a cache: any doubt drops it and reads the log again.
 */
export class CommandHandler {
  private readonly cache = new Map<string, LoadedStream>();
  private readonly queue = new KeyedQueue();

  constructor(
    private readonly store: EventStore,
    private readonly codec: EventCodec,
  ) {}

  /** Handles a command whose events all stand on the one stream that it reads. */
  async handle<S, E extends DomainEvent, R extends string, Facts = undefined>(
    command: HandleOne<S, E, R, Facts>,
  ): Promise<Handled<R>> {
    const { streamId, aggregate, decide, answer, ...common } = command;
    const only = { streamId, aggregate };
    return this.handleMany<{ only: StreamRef<S, E> }, R, E, Facts>({
      ...common,
      streams: { only },
      decide: (states, facts) => placedOn(only, decide(states.only, facts)),
      ...(answer
        ? {
            answer: (versions, placed) =>
              answer(
                versions.get(streamId) ?? 0,
                placed.map(({ event }) => event),
              ),
          }
        : {}),
    });
  }

  /** Handles a command that reads several streams; all of its events commit in one transaction. */
  async handleMany<Streams, R extends string, E extends DomainEvent, Facts = undefined>(
    command: HandleMany<Streams, R, E, Facts>,
  ): Promise<Handled<R>> {
    const earlier = await earlierAnswer<R>(this.store, command.context);
    if (earlier) {
      return earlier;
    }
    const streams = command.streams as unknown as AnyStreams;
    const streamIds = Object.values(streams).map((stream) => stream.streamId);
    return this.queue.run(streamIds, () => this.attempts(command, streams));
  }

  /** Forgets every cached state; the next command reads the log. */
  clearCache(): void {
    this.cache.clear();
  }

  /** The current state of one stream, folded from the log. */
  async load<S, E extends DomainEvent>(
    streamId: string,
    aggregate: Aggregate<S, E>,
  ): Promise<{ readonly version: number; readonly state: S }> {
    const loaded = await this.refresh(
      streamId,
      aggregate as unknown as Aggregate<unknown, DomainEvent>,
    );
    return loaded as { readonly version: number; readonly state: S };
  }

  private async attempts<Streams, R extends string, E extends DomainEvent, Facts>(
    command: HandleMany<Streams, R, E, Facts>,
    streams: AnyStreams,
  ): Promise<Handled<R>> {
    let last = { outcome: 'contended' } as Handled<R>;
    for (let attempt = 1; attempt <= attemptCountMax; attempt += 1) {
      const handled: Handled<R> | 'stale' = await this.attempt(command, streams, {
        attempt,
        constraint: last.outcome === 'constraint_violated' ? last.constraint : null,
      });
      if (handled !== 'stale') {
        last = handled;
        if (!isRetried(command, handled)) {
          return handled;
        }
      }
    }
    return last;
  }

  private async attempt<Streams, R extends string, E extends DomainEvent, Facts>(
    command: HandleMany<Streams, R, E, Facts>,
    streams: AnyStreams,
    { attempt, constraint }: { readonly attempt: number; readonly constraint: string | null },
  ): Promise<Handled<R> | 'stale'> {
    const facts = (await command.facts?.(constraint)) as Facts;
    const loaded = new Map<string, LoadedStream>();
    const states: Record<string, unknown> = {};
    for (const [name, { streamId, aggregate }] of Object.entries(streams)) {
      const fold = aggregate as unknown as Aggregate<unknown, DomainEvent>;
      // Without an append nothing would show that memory is behind.
      const cached = command.context.dryRun ? undefined : this.cache.get(streamId);
      const stream = cached ?? (await this.refresh(streamId, fold));
      loaded.set(streamId, stream);
      states[name] = stream.state;
    }
    let decision: Decision<Placed<E>, R>;
    try {
      decision = command.decide(states as never, facts);
    } catch (error) {
      // A state that is behind can look like an impossible history; the log itself cannot.
      if (attempt === 1 && (await this.isStale(streams, loaded))) {
        return 'stale';
      }
      throw error;
    }
    return this.append(command, streams, { loaded, decision });
  }

  /**
   * Appends what was decided, a refusal or nothing to do included: memory may be behind another instance, or
   * belong to a writer that was replaced, and only the log can tell.
   */
  private async append<Streams, R extends string, E extends DomainEvent, Facts>(
    command: HandleMany<Streams, R, E, Facts>,
    streams: AnyStreams,
    decided: {
      readonly loaded: ReadonlyMap<string, LoadedStream>;
      readonly decision: Decision<Placed<E>, R>;
    },
  ): Promise<Handled<R>> {
    const { loaded, decision } = decided;
    const { context, sideRows } = command;
    const byStream = eventsByStream(loaded, decision);
    const versions = new Map<string, number>();
    // In the order in which the decision placed its events; streams that were only read come last.
    for (const streamId of new Set([...byStream.keys(), ...loaded.keys()])) {
      const before = loaded.get(streamId)?.version ?? 0;
      versions.set(streamId, before + (byStream.get(streamId)?.length ?? 0));
    }
    const answer =
      decision.outcome === 'accepted'
        ? (command.answer?.(versions, decision.events) ?? null)
        : null;
    const answered = answerTo(decision, { answer, versions });
    if (context.dryRun) {
      return answered;
    }
    const request = appendRequestOf(context, {
      decision,
      answer,
      streams: [...versions.keys()].map((streamId) => ({
        streamId,
        expectedVersion: loaded.get(streamId)?.version || 'no_stream',
        events: (byStream.get(streamId) ?? []).map(({ event, cause }) => ({
          ...this.codec.encode(event),
          ...(cause ? { metadata: metadataOf(cause) } : {}),
        })),
      })),
      sideRows,
    });
    const outcome = await this.store.append(request);
    if (outcome.outcome === 'appended') {
      this.advance(streams, loaded, byStream);
    } else {
      this.forget(streams);
    }
    return handledOf(outcome, answered);
  }

  private async isStale(
    streams: AnyStreams,
    loaded: ReadonlyMap<string, LoadedStream>,
  ): Promise<boolean> {
    let stale = false;
    for (const { streamId, aggregate } of Object.values(streams)) {
      const fresh = await this.refresh(
        streamId,
        aggregate as unknown as Aggregate<unknown, DomainEvent>,
      );
      stale ||= fresh.version !== loaded.get(streamId)?.version;
    }
    return stale;
  }

  private async refresh(
    streamId: string,
    aggregate: Aggregate<unknown, DomainEvent>,
  ): Promise<LoadedStream> {
    const cached = this.cache.get(streamId);
    const events = await this.store.readStream(streamId, cached?.version ?? 0);
    let state = cached ? cached.state : aggregate.initialState();
    let version = cached?.version ?? 0;
    for (const event of events) {
      state = aggregate.evolve(state, this.codec.decode(event));
      version = event.streamVersion;
    }
    const stream = { version, state };
    this.remember(streamId, stream);
    return stream;
  }

  private advance(
    streams: AnyStreams,
    loaded: ReadonlyMap<string, LoadedStream>,
    byStream: ReadonlyMap<string, readonly Placed[]>,
  ): void {
    for (const { streamId, aggregate } of Object.values(streams)) {
      const before = loaded.get(streamId);
      if (!before) {
        continue;
      }
      const fold = aggregate as unknown as Aggregate<unknown, DomainEvent>;
      const events = byStream.get(streamId) ?? [];
      const state = events.reduce(
        (current, { event }) => fold.evolve(current, event),
        before.state,
      );
      this.remember(streamId, { version: before.version + events.length, state });
    }
  }

  private remember(streamId: string, stream: LoadedStream): void {
    this.cache.delete(streamId);
    this.cache.set(streamId, stream);
    if (this.cache.size > cachedStreamCountMax) {
      const oldest = this.cache.keys().next();
      if (!oldest.done) {
        this.cache.delete(oldest.value);
      }
    }
  }

  private forget(streams: AnyStreams): void {
    for (const { streamId } of Object.values(streams)) {
      this.cache.delete(streamId);
    }
  }
}

/** The same decision with its events on the stream. */
function placedOn<S, E extends DomainEvent, R extends string>(
  stream: StreamRef<S, E>,
  decision: Decision<E, R>,
): Decision<Placed<E>, R> {
  const events = (decision.events ?? []).map((event) => place(stream, event));
  return { ...decision, events };
}

/** The events of a decision by the stream that records them. @throws Error if it was neither read nor is new */
function eventsByStream(
  loaded: ReadonlyMap<string, LoadedStream>,
  { events = [] }: AnyDecision,
): ReadonlyMap<string, readonly Placed[]> {
  const byStream = new Map<string, Placed[]>();
  for (const placed of events) {
    const { streamId } = placed;
    const before = byStream.get(streamId);
    if (before) {
      before.push(placed);
    } else if (loaded.has(streamId) || placed.isFirst) {
      byStream.set(streamId, [placed]);
    } else {
      throw new Error(`the decision records on the stream "${streamId}", which it has not read`);
    }
  }
  return byStream;
}

/** Whether another attempt may end otherwise: somebody was faster, or the facts were behind the log. */
function isRetried(
  { retriedConstraints }: Pick<HandleCommon<never>, 'retriedConstraints'>,
  handled: Handled,
): boolean {
  return (
    handled.outcome === 'contended' ||
    (handled.outcome === 'constraint_violated' &&
      (retriedConstraints === 'all' || (retriedConstraints?.includes(handled.constraint) ?? false)))
  );
}
