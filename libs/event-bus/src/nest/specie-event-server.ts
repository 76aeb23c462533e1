import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { lastValueFrom, isObservable } from 'rxjs';
import type { DataSource } from 'typeorm';
import { EffectQueue } from '../effect-queue.js';
import { describeError } from '../errors.js';
import type {
  Consumption,
  EventBus,
  LaneOf,
  ParkedStream,
  Received,
  ResumeResult,
  SourceStatus,
} from '../ports.js';
import type { Halt } from '../halt.js';
import { InputDiscards } from '../input-discards.js';
import { ParkedEvents, type ParkedLane } from '../parked-events.js';
import { HaltStore } from '../verify/halt-store.js';
import { EventContext } from './event-context.js';

export interface SpecieEventServerOptions {
  readonly bus: EventBus;
  /** Names the consumer's progress and inbox; normally the service's name. */
  readonly consumer: string;
  readonly dataSource: DataSource;
  /** When given, it must equal the set of `@EventPattern`s: a forgotten handler fails the start. */
  readonly eventsConsumed?: readonly string[];
  /** False: `listen` only registers handlers; call `startConsuming` (single writers do when they become the writer). */
  readonly autoStart?: boolean;
  readonly now?: () => string;
}

export interface EventServerStatus {
  readonly state: 'idle' | 'consuming' | 'failing' | 'stopped';
  readonly sources: readonly SourceStatus[];
}

/**
 * A Nest transport: `@EventPattern('<service>.<event>')` methods of controllers get the decoded domain
 * event by `@Payload()` and an `EventContext` by `@Ctx()`. Add `EventErrorFilter` to the microservice's
 * global filters, so that errors reach the retry rules as they are.
 */
export class SpecieEventServer extends Server implements CustomTransportStrategy {
  private readonly effects: EffectQueue;
  private readonly haltStore: HaltStore;
  /** Works on every instance, also where nothing is consumed. */
  readonly parkedEvents: ParkedEvents;
  readonly discards: InputDiscards;
  private readonly handlersByType = new Map<string, MessageHandler[]>();
  private consumption: Consumption | null = null;
  /** Start and stop take turns, so that a lease lost while starting does not leave a consumer behind. */
  private change: Promise<void> = Promise.resolve();
  private isClosed = false;

  private readonly options: SpecieEventServerOptions;

  constructor(options: SpecieEventServerOptions) {
    super();
    this.options = options;
    this.effects = new EffectQueue(options.dataSource);
    this.haltStore = new HaltStore(options.dataSource, options.consumer);
    this.parkedEvents = new ParkedEvents(options.dataSource, options.consumer);
    this.discards = new InputDiscards(options.dataSource, this.parkedEvents);
  }

  /** Keeps every handler: Nest's own map would chain those of one pattern and hide how many there are. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Readonly<Record<string, unknown>> = {},
  ): void {
    if (typeof pattern !== 'string' || !isEventHandler) {
      throw new Error(
        `consumers are @EventPattern methods named by an event type, not ${JSON.stringify(pattern)}`,
      );
    }
    const handlers = this.handlersByType.get(pattern) ?? [];
    if (handlers.length > 0 && [extras, handlers[0]?.extras].some((each) => each?.['lane'])) {
      throw new Error(`the lanes of ${pattern} are named by one of several handlers; name none`);
    }
    callback.extras = { ...extras };
    handlers.push(callback);
    this.handlersByType.set(pattern, handlers);
    this.messageHandlers.set(pattern, callback);
  }

  listen(callback: (error?: unknown) => void): void {
    const started = this.options.autoStart === false ? Promise.resolve() : this.startConsuming();
    started.then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  /** Starts the consumers; does nothing when they run. */
  startConsuming(): Promise<void> {
    return this.inTurn(async () => {
      if (this.consumption || this.isClosed) {
        return;
      }
      this.assertComplete();
      const types = [...this.handlersByType.keys()];
      const lanes = this.lanes();
      if (types.length > 0) {
        const { bus, consumer } = this.options;
        this.consumption = await bus.subscribe({
          consumer,
          types,
          handle: (received) => this.dispatch(received),
          lanes,
        });
      }
    });
  }

  /** Drains what is in flight and stops; progress is kept. */
  stopConsuming(): Promise<void> {
    return this.inTurn(async () => {
      const { consumption } = this;
      this.consumption = null;
      await consumption?.stop();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.stopConsuming();
  }

  consumptionStatus(): EventServerStatus {
    const sources = this.consumption?.status() ?? [];
    if (this.isClosed) {
      return { state: 'stopped', sources };
    }
    if (!this.consumption) {
      return { state: 'idle', sources };
    }
    const isHealthy = sources.every(({ state }) => state === 'running' || state === 'starting');
    return { state: isHealthy ? 'consuming' : 'failing', sources };
  }

  /** Streams and lanes that wait for an operator, whichever instance consumes them. */
  parked(): Promise<readonly ParkedStream[]> {
    return this.parkedEvents.streams();
  }

  /**
   * Handles a parked lane again while nobody else resumes or discards in it.
   *
   * @throws LaneBusyError; Error when this instance does not consume (a standby of a single writer)
   */
  async resume({ source, streamId, lane }: ParkedLane): Promise<ResumeResult> {
    const { consumption } = this;
    if (!consumption) {
      throw new Error('this instance does not consume events');
    }
    return this.parkedEvents.exclusively({ source, streamId, lane }, () =>
      consumption.resume(source, streamId, lane),
    );
  }

  /** The partitions that stand still, whichever instance consumes them. */
  halts(): Promise<readonly Halt[]> {
    return this.haltStore.halts();
  }

  on(): never {
    throw new Error('SpecieEventServer has no events; ask consumptionStatus()');
  }

  unwrap<T>(): T {
    return this.consumption as T;
  }

  /** From the `lane` beside a handler's pattern; see `Subscription.lanes`. */
  private lanes(): ReadonlyMap<string, LaneOf> {
    const lanes = [...this.handlersByType].flatMap(([type, handlers]) => {
      const lane: unknown = handlers.length === 1 ? handlers[0]?.extras?.['lane'] : undefined;
      return typeof lane === 'function' ? [[type, lane as LaneOf] as const] : [];
    });
    return new Map(lanes);
  }

  private async dispatch({ event, recorded }: Received): Promise<void> {
    const { consumer, now = () => new Date().toISOString() } = this.options;
    const usedSteps = new Set<string>();
    for (const handler of this.handlersByType.get(event.type) ?? []) {
      const context = new EventContext({
        consumer,
        recorded,
        effects: this.effects,
        now,
        usedSteps,
      });
      const result: unknown = await handler(event, context);
      if (isObservable(result)) {
        await lastValueFrom(result, { defaultValue: undefined });
      }
    }
  }

  private assertComplete(): void {
    const { eventsConsumed } = this.options;
    if (!eventsConsumed) {
      return;
    }
    const missing = eventsConsumed.filter((type) => !this.handlersByType.has(type));
    const undeclared = [...this.handlersByType.keys()].filter(
      (type) => !eventsConsumed.includes(type),
    );
    if (missing.length > 0 || undeclared.length > 0) {
      throw new Error(
        `eventsConsumed and @EventPattern differ: without handler [${missing.join(', ')}], not declared [${undeclared.join(', ')}]`,
      );
    }
  }

  private inTurn(task: () => Promise<void>): Promise<void> {
    const result = this.change.then(task);
    this.change = result.catch((error: unknown) => {
      this.logger.error(describeError(error));
    });
    return result;
  }
}
