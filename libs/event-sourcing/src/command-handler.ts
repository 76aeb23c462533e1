import type { Aggregate, Decision, Rejected, RejectionDetails } from './decider.js';
import type { DomainEvent, EventCodec, EventMetadata } from './events.js';
import type { EventStore, Idempotency, InboxPair, SideRows, StoredAnswer } from './event-store.js';
import type { JsonValue } from './json.js';
import { KeyedQueue } from './keyed-queue.js';
import { repeatedAnswer, storedRefusal } from './stored-answer.js';

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
  readonly inbox?: InboxPair | readonly InboxPair[];
}

/** A stream and how to fold it. */
export interface StreamRef<S, E extends DomainEvent> {
  readonly streamId: string;
  readonly aggregate: Aggregate<S, E>;
}

type AnyStreams = Readonly<Record<string, StreamRef<never, never>>>;
type StateOf<T> = T extends { readonly aggregate: { readonly initialState: () => infer S } }
  ? S
  : never;
type EventOfRef<T> = T extends {
  readonly aggregate: { readonly evolve: (s: never, e: infer E) => unknown };
}
  ? E
  : never;

/**
 * An event and the stream (by its name in `streams`) that records it; `cause` is what it answers, where that is not what
 * the whole command answers.
 */
export type PlacedEvent<Streams> = {
  readonly [Name in keyof Streams]: {
    readonly stream: Name;
    readonly event: EventOfRef<Streams[Name]>;
    readonly cause?: CommandContext;
  };
}[keyof Streams];

/** What the caller of a command gets. `repeated` is true when the stored answer of an earlier run is returned. */
export type Handled<R extends string> =
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
  /** Lost the race `attemptCountMax` times; safe to send again. */
  | { readonly outcome: 'contended' };

export interface HandleMany<Streams, R extends string> {
  readonly streams: Streams;
  readonly decide: (states: {
    readonly [Name in keyof Streams]: StateOf<Streams[Name]>;
  }) => Decision<PlacedEvent<Streams>, R>;
  readonly context: CommandContext;
  /** Builds what the client is answered, from the new versions by stream id. Stored with the events. */
  readonly answer?: (versions: ReadonlyMap<string, number>) => JsonValue;
  /** By code: what is known of a refusal before it is decided. Stored with it, as what the decision tells. */
  readonly refusalDetails?: Readonly<Record<string, RejectionDetails>>;
  /** Written with the events; a refusal and a repeat write none of them. */
  readonly sideRows?: readonly SideRows[];
}

export interface HandleOne<S, E extends DomainEvent, R extends string> {
  readonly streamId: string;
  readonly aggregate: Aggregate<S, E>;
  readonly decide: (state: S) => Decision<E, R>;
  readonly context: CommandContext;
  readonly answer?: (streamVersion: number) => JsonValue;
  /** As of a command on several streams. */
  readonly refusalDetails?: Readonly<Record<string, RejectionDetails>>;
  /** Written with the events; a refusal and a repeat write none of them. */
  readonly sideRows?: readonly SideRows[];
}

interface LoadedStream {
  readonly version: number;
  readonly state: unknown;
}

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

  /** Handles a command on one stream. */
  async handle<S, E extends DomainEvent, R extends string>(
    command: HandleOne<S, E, R>,
  ): Promise<Handled<R>> {
    const { streamId, aggregate, decide, context, answer, refusalDetails, sideRows } = command;
    const streams = { only: { streamId, aggregate } };
    return this.handleMany<typeof streams, R>({
      streams,
      decide: (states) => {
        const decision = decide(states.only);
        return decision.outcome === 'rejected'
          ? decision
          : {
              outcome: 'accepted',
              events: decision.events.map((event) => ({ stream: 'only', event })),
            };
      },
      context,
      ...(answer ? { answer: (versions) => answer(versions.get(streamId) ?? 0) } : {}),
      ...(refusalDetails ? { refusalDetails } : {}),
      ...(sideRows ? { sideRows } : {}),
    });
  }

  /** Handles a command on several streams; all of its events commit in one transaction. */
  async handleMany<Streams, R extends string>(
    command: HandleMany<Streams, R>,
  ): Promise<Handled<R>> {
    const { idempotency } = command.context;
    if (idempotency) {
      const stored = await this.store.findAnswer(idempotency.scope, idempotency.key);
      if (stored) {
        return repeatOf<R>(stored, idempotency);
      }
    }
    const streams = command.streams as unknown as AnyStreams;
    const streamIds = Object.values(streams).map((stream) => stream.streamId);
    return this.queue.run(streamIds, () => this.attempt(command, streams));
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

  private async attempt<Streams, R extends string>(
    command: HandleMany<Streams, R>,
    streams: AnyStreams,
  ): Promise<Handled<R>> {
    for (let attempt = 1; attempt <= attemptCountMax; attempt += 1) {
      const loaded = new Map<string, LoadedStream>();
      const states: Record<string, unknown> = {};
      for (const [name, { streamId, aggregate }] of Object.entries(streams)) {
        const fold = aggregate as unknown as Aggregate<unknown, DomainEvent>;
        const stream = this.cache.get(streamId) ?? (await this.refresh(streamId, fold));
        loaded.set(streamId, stream);
        states[name] = stream.state;
      }
      const known = states as Parameters<HandleMany<Streams, R>['decide']>[0];
      let decision: ReturnType<HandleMany<Streams, R>['decide']>;
      try {
        decision = command.decide(known);
      } catch (error) {
        // A state that is behind can look like an impossible history; the log itself cannot.
        if (attempt === 1 && (await this.isStale(streams, loaded))) {
          continue;
        }
        throw error;
      }
      const handled = await this.append(command, streams, loaded, decision);
      if (handled !== 'retry') {
        return handled;
      }
    }
    return { outcome: 'contended' };
  }

  /**
   * Appends what was decided, a refusal or nothing to do included: memory may be behind another instance, or
   * belong to a writer that was replaced, and only the log can tell.
   */
  private async append<Streams, R extends string>(
    command: HandleMany<Streams, R>,
    streams: AnyStreams,
    loaded: ReadonlyMap<string, LoadedStream>,
    decision: ReturnType<HandleMany<Streams, R>['decide']>,
  ): Promise<Handled<R> | 'retry'> {
    const { context } = command;
    const isRefused = decision.outcome === 'rejected';
    const refusal = isRefused ? refusalOf(decision, command.refusalDetails) : null;
    const placed = isRefused ? [] : (decision.events as readonly PlacedAnywhere[]);
    const byStream = eventsByStream(streams, placed);
    const versions = new Map<string, number>();
    for (const [streamId, stream] of loaded) {
      versions.set(streamId, stream.version + (byStream.get(streamId)?.length ?? 0));
    }
    const answer = isRefused ? null : (command.answer?.(versions) ?? null);
    const stored = refusal ? storedRefusal(refusal) : { accepted: answer };
    // In the order in which the decision placed its events; streams that were only read come last.
    const streamIds = new Set([...byStream.keys(), ...loaded.keys()]);
    const outcome = await this.store.append({
      commandId: context.commandId,
      streams: [...streamIds].map((streamId) => ({
        streamId,
        expectedVersion: loaded.get(streamId)?.version || 'no_stream',
        events: (byStream.get(streamId) ?? []).map(({ event, cause }) => ({
          ...this.codec.encode(event),
          ...(cause ? { metadata: metadataOf(cause) } : {}),
        })),
      })),
      metadata: metadataOf(context),
      occurredAt: context.now,
      ...(context.idempotency ? { idempotency: { ...context.idempotency, answer: stored } } : {}),
      // A consumed event whose command was refused was not answered: it is still to be dealt with.
      ...(context.inbox && !isRefused ? { inbox: context.inbox } : {}),
      ...(command.sideRows && placed.length > 0 ? { sideRows: command.sideRows } : {}),
    });
    switch (outcome.outcome) {
      case 'appended':
        if (refusal) {
          return { ...refusal, repeated: false };
        }
        this.advance(streams, loaded, byStream);
        return { outcome: 'accepted', answer, repeated: false, versions };
      case 'wrong_expected_version':
        this.forget(streams);
        return 'retry';
      case 'already_done':
        this.forget(streams);
        return repeatedAnswer<R>(outcome.answer);
      case 'conflicting_repeat':
      case 'fenced':
      case 'constraint_violated':
        this.forget(streams);
        return outcome;
    }
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
    byStream: ReadonlyMap<string, readonly PlacedAnywhere[]>,
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

function metadataOf(context: CommandContext): EventMetadata {
  return {
    correlationId: context.correlationId,
    causationId: context.causationId,
    actor: context.actor,
    idempotencyKey: context.idempotency?.key ?? null,
  };
}

interface PlacedAnywhere {
  readonly stream: string;
  readonly event: DomainEvent;
  readonly cause?: CommandContext;
}

/** The events of a decision by the stream that records them. */
function eventsByStream(
  streams: AnyStreams,
  placed: readonly PlacedAnywhere[],
): ReadonlyMap<string, readonly PlacedAnywhere[]> {
  const byStream = new Map<string, PlacedAnywhere[]>();
  for (const one of placed) {
    const { stream } = one;
    const streamId = streams[stream]?.streamId;
    if (streamId === undefined) {
      throw new Error(`the decision names the unknown stream "${stream}"`);
    }
    const before = byStream.get(streamId);
    if (before) {
      before.push(one);
    } else {
      byStream.set(streamId, [one]);
    }
  }
  return byStream;
}

function repeatOf<R extends string>(stored: StoredAnswer, idempotency: Idempotency): Handled<R> {
  return stored.bodyHash === idempotency.bodyHash
    ? repeatedAnswer(stored.answer)
    : { outcome: 'conflicting_repeat' };
}

/** The refusal with what was known of it before; what the decision tells comes last. */
function refusalOf<R extends string>(
  { outcome, code, details: decided }: Rejected<R>,
  known: Readonly<Record<string, RejectionDetails>> = {},
): Rejected<R> {
  const details = { ...known[code], ...decided };
  return { outcome, code, ...(Object.keys(details).length > 0 ? { details } : {}) };
}
