import type { CommandContext } from './command-context.js';
import type { Decision } from './decision.js';
import { DurableOrder, type Appending } from './durable-order.js';
import type { DomainEvent } from './events.js';
import { openMemory } from './open-memory.js';
import { SnapshotTaker, type CountCommand } from './snapshot-taker.js';
import {
  answerTo,
  appendRequestOf,
  earlierAnswer,
  handledOf,
  type Handled,
} from './stored-answer.js';
import { ReplayDiverged, type Memory } from './writer-memory.js';
import type { BatchFacts, PipelinedWriterOptions, WriterRequest } from './writer-options.js';

interface Waiting<Command, E extends DomainEvent, R extends string> {
  readonly request: WriterRequest<Command, E>;
  readonly resolve: (handled: Handled<R>) => void;
  readonly reject: (error: unknown) => void;
}

/** Memory and the appends that it ran ahead of. Once one of them fails the whole generation is thrown away. */
interface Generation<M, Batch> {
  readonly memory: M;
  readonly newBatch: () => Batch;
  version: number;
  failed: boolean;
  /** Those under way; each resolves to whether memory still agrees with the log. */
  readonly appends: Set<Promise<boolean>>;
  readonly order: DurableOrder;
  readonly countCommand: CountCommand;
}

const batchSizeMax = 256;
const appendsInFlightMax = 512;
const queueLengthMax = 20_000;
const precedingRoundsMax = 1_000;

/**
 * The single writer of a stream. Commands are applied to memory one after another and their appends are queued in the
 * same order without waiting for each other, so throughput is not one commit per command; each caller is answered only
 * after its own append is durable. A refusal and a command that changes nothing are appended as well, without events:
 * memory may be that of a writer that was replaced while it slept, and only the log knows. An append that fails takes
 * every later one with it (each expects the version before it): then memory is rebuilt from the log and the affected
 * callers are asked to send again. Where the log says something else than memory, the writer writes nothing any more.
 */
export class PipelinedWriter<
  Command,
  Facts,
  E extends DomainEvent,
  R extends string,
  M extends Memory<Command, Facts, E, R> = Memory<Command, Facts, E, R>,
> {
  private readonly options: PipelinedWriterOptions<Command, Facts, E, R, M>;
  private generation: Generation<
    M,
    BatchFacts<WriterRequest<Command, E>, Facts, Decision<E, R>>
  > | null = null;
  private readonly queue: Waiting<Command, E, R>[] = [];
  private draining = false;
  private readonly taker: SnapshotTaker | null;

  constructor(options: PipelinedWriterOptions<Command, Facts, E, R, M>) {
    this.options = options;
    const { snapshots, streamId, onError } = options;
    this.taker = snapshots
      ? new SnapshotTaker({ ...snapshots, streamId }, (error) => onError?.(error))
      : null;
  }

  /**
   * Takes the state from the log; called when this instance becomes the writer.
   *
   * @throws ReplayDiverged when memory and log disagree; this instance then does not write
   */
  async open(): Promise<void> {
    this.close();
    this.generation = await this.rebuild(null);
  }

  /** Stops deciding; callers still waiting for a turn are answered that this instance does not write. */
  close(): void {
    this.generation = null;
    this.queue.splice(0).forEach(({ resolve }) => resolve({ outcome: 'fenced' }));
  }

  /** Queues a command; resolves once what was decided is durable. */
  async submit(request: WriterRequest<Command, E>): Promise<Handled<R>> {
    const earlier =
      request.context.idempotency && (await earlierAnswer<R>(this.options.store, request.context));
    if (earlier) {
      return earlier;
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
      if (error instanceof ReplayDiverged) {
        this.options.onError?.(error);
        this.close();
      }
      // The log could not be read: nobody can be answered, and the next command tries again.
      this.queue.splice(0).forEach(({ reject }) => reject(error));
    } finally {
      this.draining = false;
    }
  }

  /** The memory to decide on: rebuilt if an append failed, and only when few enough appends are under way. */
  private async current(): Promise<typeof this.generation> {
    const generation = this.generation;
    if (!generation) {
      this.close();
      return null;
    }
    if (generation.failed) {
      await Promise.all(generation.appends);
      const rebuilt = await this.rebuild(generation);
      // `close` may have run meanwhile; a step down is not undone here.
      this.generation = this.generation === generation ? rebuilt : this.generation;
      return this.current();
    }
    await roomIn(generation);
    return generation.failed ? this.current() : generation;
  }

  private async runBatch(
    generation: NonNullable<typeof this.generation>,
    batch: Waiting<Command, E, R>[],
  ): Promise<void> {
    const facts = generation.newBatch();
    await facts.learn(batch.map(({ request }) => request));
    for (let next = batch.shift(); next; next = batch.shift()) {
      const { request, resolve, reject } = next;
      let isPrepared = true;
      try {
        // What the commands before it did can make a command meet what was not asked about.
        const missing = facts.learn([request]);
        if (missing) {
          await missing;
        }
        if (precedingOf(facts, request).length > 0) {
          isPrepared = await this.precede(generation, request, facts);
        }
      } catch (error) {
        reject(error);
        throw error;
      }
      if (!isPrepared) {
        resolve({ outcome: 'contended' });
      } else if (!generation.failed) {
        this.run(generation, next, facts);
        continue;
      } else {
        batch.unshift(next);
      }
      this.queue.unshift(...batch.splice(0));
      return;
    }
  }

  /** Decides what has to come before the request, until nothing has. False if one of those commands threw. */
  private async precede(
    generation: NonNullable<typeof this.generation>,
    request: WriterRequest<Command, E>,
    facts: BatchFacts<WriterRequest<Command, E>, Facts, Decision<E, R>>,
  ): Promise<boolean> {
    let isPrepared = true;
    const reject = (error: unknown): void => {
      isPrepared = false;
      this.options.onAppendLost?.(error);
    };
    for (let round = 1; !generation.failed; round += 1) {
      const preceding = precedingOf(facts, request);
      if (preceding.length === 0) {
        break;
      }
      if (round > precedingRoundsMax) {
        throw new Error(`what precedes the command ${request.context.commandId} has no end`);
      }
      await facts.learn(preceding);
      await roomIn(generation);
      for (const one of preceding) {
        if (!generation.failed) {
          this.run(generation, { request: one, resolve: () => undefined, reject }, facts);
        }
      }
      await facts.learn([request]);
    }
    return isPrepared;
  }

  /** Decides one command in memory and starts its append; nothing here waits. */
  private run(
    generation: NonNullable<typeof this.generation>,
    { request, resolve, reject }: Waiting<Command, E, R>,
    facts: BatchFacts<WriterRequest<Command, E>, Facts, Decision<E, R>>,
  ): void {
    const { memory, version } = generation;
    const { command, context } = request;
    let appended: Promise<{ readonly handled: Handled<R>; readonly isInStep: boolean }>;
    let ended: (() => void) | undefined;
    try {
      if (context.dryRun) {
        const decision = memory.preview(command, facts.factsOf(request));
        resolve(this.answered(request, decision, version + (decision.events?.length ?? 0)));
        return;
      }
      const decision = memory.execute(command, facts.factsOf(request));
      ended = facts.decided(request, decision);
      appended = this.append(generation, request, decision);
    } catch (error) {
      generation.failed = true;
      reject(error);
      return;
    }
    const inStep = appended.then(
      ({ isInStep }) => isInStep,
      () => false,
    );
    generation.appends.add(inStep);
    void inStep.then((ok) => {
      generation.failed ||= !ok;
      generation.appends.delete(inStep);
      ended?.();
    });
    appended.then(
      ({ handled }) => resolve(handled),
      (error: unknown) => {
        this.options.onAppendLost?.(error);
        resolve({ outcome: 'contended' });
      },
    );
  }

  private append(
    generation: NonNullable<typeof this.generation>,
    request: WriterRequest<Command, E>,
    decision: Decision<E, R>,
  ): Promise<{ readonly handled: Handled<R>; readonly isInStep: boolean }> {
    const { store, codec, streamId } = this.options;
    const events = (decision.events ?? []).map((event) => codec.encode(event));
    const expectedVersion = generation.version || 'no_stream';
    generation.version += events.length;
    const answered = this.answered(request, decision, generation.version);
    const ended =
      events.length > 0
        ? generation.order.add(this.appending(generation, request, decision))
        : null;
    const appending = store.append(
      appendRequestOf(request.context, {
        decision,
        answer: answered.outcome === 'accepted' ? answered.answer : null,
        streams: [{ streamId, expectedVersion, events }],
      }),
    );
    return appending.then((outcome) => {
      ended?.(outcome.outcome === 'appended' ? (outcome.events.at(-1)?.position ?? null) : null);
      if (outcome.outcome === 'fenced' && this.generation === generation) {
        this.close();
      }
      // Otherwise only events that the log did not take leave memory ahead of it.
      const isBehind = outcome.outcome === 'wrong_expected_version' || outcome.outcome === 'fenced';
      const isInStep = outcome.outcome === 'appended' || (!isBehind && events.length === 0);
      return { handled: handledOf(outcome, answered), isInStep };
    });
  }

  private answered(
    { answer }: WriterRequest<Command, E>,
    decision: Decision<E, R>,
    streamVersion: number,
  ): ReturnType<typeof answerTo<R>> {
    return answerTo(decision, {
      answer:
        decision.outcome === 'accepted' ? (answer?.(decision.events, streamVersion) ?? null) : null,
      versions: new Map([[this.options.streamId, streamVersion]]),
    });
  }

  private appending(
    { version, countCommand }: NonNullable<typeof this.generation>,
    request: WriterRequest<Command, E>,
    decision: Decision<E, R>,
  ): Appending {
    const { onAppended, onError } = this.options;
    return {
      commandId: request.context.commandId,
      streamVersion: version,
      tell: (streamVersion) => {
        try {
          onAppended?.(request, decision, streamVersion);
        } catch (error) {
          onError?.(error);
        }
      },
      heard: countCommand(version),
    };
  }

  /** A memory of what the log holds. What the appends of `before` did without being heard is told meanwhile. */
  private async rebuild(
    before: typeof this.generation,
  ): Promise<NonNullable<typeof this.generation>> {
    const { memory, version, commandCount } = await openMemory<E, M>({
      ...this.options,
      onReplayed: ({ commandId, streamVersion }) =>
        before?.order.recorded(commandId, streamVersion),
    });
    return {
      memory,
      newBatch: this.options.factsOn(memory),
      version,
      failed: false,
      appends: new Set(),
      order: new DurableOrder(),
      countCommand: this.taker?.of(memory, commandCount) ?? (() => undefined),
    };
  }
}

/** What has to be decided before the request can be. */
function precedingOf<Request extends { readonly context: CommandContext }>(
  facts: Pick<BatchFacts<Request, never, never>, 'preceding'>,
  request: Request,
): readonly Request[] {
  return request.context.dryRun ? [] : (facts.preceding?.(request) ?? []);
}

/** Waits until few enough appends are under way. */
async function roomIn({ appends }: { readonly appends: Set<Promise<boolean>> }): Promise<void> {
  while (appends.size >= appendsInFlightMax) {
    await Promise.race(appends);
  }
}
