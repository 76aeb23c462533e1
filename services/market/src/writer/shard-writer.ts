import { streamIds } from '@specie/contracts';
import type {
  AppendOutcome,
  CommandContext,
  EventCodec,
  EventStore,
  Handled,
  JsonValue,
  NewEvent,
} from '@specie/event-sourcing';
import type { PartyStanding } from '@specie/eligibility';
import {
  contentOf,
  keyOf,
  namesSomething,
  type EarlierUse,
  type ExchangeCommand,
  type ExchangeDecision,
  type ExchangeEvent,
  type ExchangeRejection,
  type RejectionsByCommand,
} from '../domain/exchange/index.js';
import type { MatchingPort, NewMatching } from '../domain/matching-port.js';
import { withReason } from './own-standing.js';
import { refusalOf, repeatOf, storedAnswerOf } from './stored-answers.js';

export const shardStreamId = streamIds.shard('main');

/** What the log already holds under the ids of these commands, by `keyOf`. */
export type EarlierUses = (
  commands: readonly ExchangeCommand[],
) => Promise<ReadonlyMap<string, EarlierUse>>;
/** How each of these parties stands at the instant `at`. */
export type PartyStandings = (
  partyIds: readonly string[],
  at: string,
) => Promise<ReadonlyMap<string, PartyStanding>>;

export interface ShardWriterOptions {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly newMatching: NewMatching;
  readonly earlierUses: EarlierUses;
  readonly partyStandings: PartyStandings;
  readonly tradeIdOf: (tradeNumber: number) => string;
  /** Told when an append ended without an answer (the database went away); its caller is asked to send again. */
  readonly onAppendLost?: (error: unknown) => void;
}

export interface ShardRequest<C extends ExchangeCommand = ExchangeCommand> {
  readonly command: C;
  readonly context: CommandContext;
  /** What the client is answered; stored with the events. */
  readonly answer?: (events: readonly ExchangeEvent[], streamVersion: number) => JsonValue;
}

export type ShardHandled = Handled<ExchangeRejection>;

interface Waiting {
  readonly request: ShardRequest;
  readonly resolve: (handled: ShardHandled) => void;
  readonly reject: (error: unknown) => void;
}

/** Memory and the appends that it ran ahead of. Once one of them fails the whole generation is thrown away. */
interface Generation {
  readonly engine: MatchingPort;
  version: number;
  failed: boolean;
  /** Ids whose appends are under way, by `keyOf`. */
  readonly namesInFlight: Map<string, EarlierUse>;
  /** Those under way; each resolves to whether memory still agrees with the log. */
  readonly appends: Set<Promise<boolean>>;
}

const batchSizeMax = 256;
const appendsInFlightMax = 512;
const queueLengthMax = 20_000;
const replayPageSize = 5_000;

/**
 * The single writer of a shard. Commands are applied to memory one after another and their appends are queued in the
 * same order without waiting for each other, so throughput is not one commit per order; each caller is answered only
 * after its own append is durable. A refusal and a command that changes nothing are appended as well, without events:
 * memory may be that of a writer that was replaced while it slept, and only the log knows. An append that fails takes
 * every later one with it (each expects the version before it): then memory is rebuilt from the log and the affected
 * callers are told to send again.
 */
export class ShardWriter {
  private generation: Generation | null = null;
  private readonly queue: Waiting[] = [];
  private draining = false;

  constructor(private readonly options: ShardWriterOptions) {}

  /** Takes the state from the log; called when this instance becomes the writer. */
  async open(): Promise<void> {
    this.generation = await this.rebuild();
  }

  /** Stops deciding; callers still waiting for a turn are told that this instance does not write. */
  close(): void {
    this.generation = null;
    this.queue.splice(0).forEach(({ resolve }) => resolve({ outcome: 'fenced' }));
  }

  async submit<C extends ExchangeCommand>(
    request: ShardRequest<C>,
  ): Promise<Handled<RejectionsByCommand[C['kind']]>> {
    // The engine refuses a command with the codes of its kind only.
    return (await this.enqueue(request)) as Handled<RejectionsByCommand[C['kind']]>;
  }

  private async enqueue(request: ShardRequest): Promise<ShardHandled> {
    const { idempotency } = request.context;
    if (idempotency) {
      const stored = await this.options.store.findAnswer(idempotency.scope, idempotency.key);
      if (stored) {
        return repeatOf(stored, idempotency);
      }
    }
    if (!this.generation) {
      return { outcome: 'fenced' };
    }
    if (this.queue.length >= queueLengthMax) {
      return { outcome: 'contended' };
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject });
      void this.drain();
    });
  }

  private async drain(): Promise<void> {
    if (this.draining) {
      return;
    }
    this.draining = true;
    try {
      for (
        let generation = await this.current();
        this.queue.length > 0 && generation;
        generation = await this.current()
      ) {
        const batch = this.queue.splice(0, batchSizeMax);
        await this.runBatch(generation, batch).catch((error: unknown) => {
          generation.failed = true;
          batch.forEach(({ reject }) => reject(error));
        });
      }
    } catch (error) {
      // The log could not be read: nobody can be answered, and the next command tries again.
      this.queue.splice(0).forEach(({ reject }) => reject(error));
    } finally {
      this.draining = false;
    }
  }

  /** The memory to decide on: rebuilt if an append failed, and only when few enough appends are under way. */
  private async current(): Promise<Generation | null> {
    const generation = this.generation;
    if (!generation) {
      this.close();
      return null;
    }
    if (generation.failed) {
      await Promise.all(generation.appends);
      const rebuilt = await this.rebuild();
      // `close` may have run meanwhile; a step down is not undone here.
      this.generation = this.generation === generation ? rebuilt : this.generation;
      return this.current();
    }
    while (generation.appends.size >= appendsInFlightMax) {
      await Promise.race(generation.appends);
    }
    return generation.failed ? this.current() : generation;
  }

  private async runBatch(generation: Generation, batch: Waiting[]): Promise<void> {
    const earlier = new Map(generation.namesInFlight);
    const requests = batch.map(({ request }) => request);
    const standings = new Map<string, PartyStanding>();
    const [stored] = await Promise.all([
      this.options.earlierUses(requests.map(({ command }) => command)),
      this.learnStandings(generation, requests, standings),
    ]);
    stored.forEach((use, key) => earlier.set(key, use));
    for (let next = batch.shift(); next; next = batch.shift()) {
      await this.learnStandings(generation, [next.request], standings);
      if (generation.failed) {
        this.queue.unshift(next, ...batch.splice(0));
        return;
      }
      this.run(generation, next, { earlier, standings });
    }
  }

  /** Asks about parties until the commands meet nobody unknown; one query for a whole batch, rarely a second one. */
  private async learnStandings(
    generation: Generation,
    requests: readonly ShardRequest[],
    standings: Map<string, PartyStanding>,
  ): Promise<void> {
    const isEligible = (partyId: string): boolean =>
      (standings.get(partyId) ?? 'eligible') === 'eligible';
    for (;;) {
      const concerned = requests.flatMap(({ command }) =>
        generation.engine.partiesConcerned(command, isEligible),
      );
      const unknown = [...new Set(concerned)].filter((partyId) => !standings.has(partyId));
      if (unknown.length === 0) {
        return;
      }
      const at = requests.reduce(
        (latest, { context }) => (context.now > latest ? context.now : latest),
        '',
      );
      const found = await this.options.partyStandings(unknown, at);
      unknown.forEach((partyId) => standings.set(partyId, found.get(partyId) ?? 'unknown'));
    }
  }

  /** Decides one command in memory and starts its append; nothing here waits. */
  private run(
    generation: Generation,
    waiting: Waiting,
    known: {
      readonly earlier: Map<string, EarlierUse>;
      readonly standings: ReadonlyMap<string, PartyStanding>;
    },
  ): void {
    const { request, resolve, reject } = waiting;
    const { command } = request;
    const key = keyOf(command);
    let decision: ExchangeDecision;
    let events: readonly NewEvent[];
    try {
      const decided = generation.engine.execute(command, {
        isKnownParty: (partyId) => (known.standings.get(partyId) ?? 'unknown') !== 'unknown',
        isEligible: (partyId) => known.standings.get(partyId) === 'eligible',
        earlier: key === null ? null : (known.earlier.get(key) ?? null),
        tradeIdOf: this.options.tradeIdOf,
      });
      decision = withReason(decided, request, known.standings);
      events = decision.events.map((event) => this.options.codec.encode(event));
    } catch (error) {
      generation.failed = true;
      reject(error);
      return;
    }
    const named = key !== null && decision.events.length > 0 && namesSomething(command);
    if (named) {
      const refusal = decision.outcome === 'rejected' ? decision.code : null;
      const use = { content: contentOf(command), refusal: refusal as EarlierUse['refusal'] };
      known.earlier.set(key, use);
      generation.namesInFlight.set(key, use);
    }
    const appended = this.append(generation, request, { decision, events });
    const inStep = appended.then(
      ({ isInStep }) => isInStep,
      () => false,
    );
    generation.appends.add(inStep);
    void inStep.then((ok) => {
      generation.failed ||= !ok;
      generation.appends.delete(inStep);
      if (named) {
        generation.namesInFlight.delete(key);
      }
    });
    appended.then(
      ({ handled }) => resolve(handled),
      (error: unknown) => {
        this.options.onAppendLost?.(error);
        resolve({ outcome: 'contended' });
      },
    );
  }

  private async append(
    generation: Generation,
    { context, answer: build }: ShardRequest,
    {
      decision,
      events,
    }: { readonly decision: ExchangeDecision; readonly events: readonly NewEvent[] },
  ): Promise<{ readonly handled: ShardHandled; readonly isInStep: boolean }> {
    const expectedVersion = generation.version;
    generation.version += decision.events.length;
    const streamVersion = generation.version;
    const answer =
      decision.outcome === 'accepted' ? (build?.(decision.events, streamVersion) ?? null) : null;
    const stored = storedAnswerOf(decision, answer);
    // A consumed event whose command was refused without a trace is still to be dealt with.
    const isTraceless = decision.outcome === 'rejected' && events.length === 0;
    const outcome: AppendOutcome = await this.options.store.append({
      commandId: context.commandId,
      streams: [
        {
          streamId: shardStreamId,
          expectedVersion: expectedVersion || 'no_stream',
          events,
        },
      ],
      metadata: metadataOf(context),
      occurredAt: context.now,
      ...(context.idempotency ? { idempotency: { ...context.idempotency, answer: stored } } : {}),
      ...(context.inbox && !isTraceless ? { inbox: context.inbox } : {}),
    });
    // Only events that the log did not take leave memory ahead of it.
    const isInStep = events.length === 0;
    switch (outcome.outcome) {
      case 'appended':
        return { handled: handledOf(decision, answer, streamVersion), isInStep: true };
      case 'already_done':
        return { handled: repeatOf({ bodyHash: '', answer: outcome.answer }, null), isInStep };
      case 'wrong_expected_version':
        return { handled: { outcome: 'contended' }, isInStep: false };
      case 'fenced':
        if (this.generation === generation) this.close();
        return { handled: { outcome: 'fenced' }, isInStep: false };
      case 'conflicting_repeat':
      case 'constraint_violated':
        return { handled: outcome, isInStep };
    }
  }

  private async rebuild(): Promise<Generation> {
    const { store, codec, newMatching } = this.options;
    const engine = newMatching();
    let version = 0;
    for (let position = 0; ;) {
      const page = await store.readAll(position, replayPageSize);
      for (const recorded of page) {
        position = recorded.position;
        if (recorded.streamId === shardStreamId) {
          version = recorded.streamVersion;
          engine.replay(codec.decode(recorded) as ExchangeEvent);
        }
      }
      if (page.length === 0) {
        break;
      }
    }
    return {
      engine,
      version,
      failed: false,
      namesInFlight: new Map(),
      appends: new Set(),
    };
  }
}

function handledOf(
  decision: ExchangeDecision,
  answer: JsonValue,
  streamVersion: number,
): ShardHandled {
  return decision.outcome === 'rejected'
    ? { ...refusalOf(decision), repeated: false }
    : {
        outcome: 'accepted',
        answer,
        repeated: false,
        versions: new Map([[shardStreamId, streamVersion]]),
      };
}

function metadataOf(context: CommandContext): {
  correlationId: string;
  causationId: string;
  actor: string;
  idempotencyKey: string | null;
} {
  return {
    correlationId: context.correlationId,
    causationId: context.causationId,
    actor: context.actor,
    idempotencyKey: context.idempotency?.key ?? null,
  };
}
