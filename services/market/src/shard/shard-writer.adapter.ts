import {
  PipelinedWriter,
  type EventCodec,
  type DiscardedSnapshot,
  type EventStore,
  type Handled,
  type SnapshotStore,
  type WriterRequest,
} from '@specie/event-sourcing';
import type { EngineLimits } from '@specie/matching-core';
import { epochMsOf } from './core-commands.js';
import { PartyStandings } from './party-standings.js';
import type { ShardFeed } from './shard-feed.js';
import type { FactSources } from './fact-sources.js';
import { shardFactsOn } from './shard-facts.adapter.js';
import { ShardEngine, snapshotFormat } from './shard-engine.js';
import type { Facts, ShardCommand } from './shard.commands.js';
import { shardStreamId, type ShardEvent } from './shard-events.js';
import type { RejectionsByCommand, ShardRejection } from './shard-rejections.js';

export interface ShardWriterOptions extends FactSources {
  readonly store: EventStore;
  readonly codec: EventCodec;
  /** Of the matching core; its own where they are not given. */
  readonly limits?: Partial<EngineLimits>;
  /** Without them every opening performs the whole log again. */
  readonly snapshots?: { readonly store: SnapshotStore; readonly everyCommands: number };
  /** Told of what is durable. */
  readonly feed?: ShardFeed;
  /** Called when an append ended without an answer (the database went away); its caller is asked to send again. */
  readonly onAppendLost?: (error: unknown) => void;
  readonly onError?: (error: unknown) => void;
  readonly onSnapshotDiscarded?: (discarded: DiscardedSnapshot) => void;
}

/** The single writer of the shard: every command of the market is decided here, in one order. */
export class ShardWriter {
  private readonly writer: PipelinedWriter<
    ShardCommand,
    Facts,
    ShardEvent,
    ShardRejection,
    ShardEngine
  >;
  private readonly feed: ShardFeed | undefined;
  private engine: ShardEngine | null = null;
  private standings: PartyStandings | null = null;

  constructor(options: ShardWriterOptions) {
    const { store, codec, snapshots, feed, onAppendLost, onError, onSnapshotDiscarded } = options;
    this.feed = feed;
    this.writer = new PipelinedWriter({
      store,
      codec,
      streamId: shardStreamId,
      newMemory: (snapshot?: Uint8Array) => {
        this.engine = new ShardEngine(options.tradeIdOf, snapshot, options.limits);
        return this.engine;
      },
      factsOn: (engine) => {
        this.standings = new PartyStandings(options);
        return shardFactsOn(engine, this.standings, options);
      },
      onAppended: ({ context }, decision) => {
        const { updates, reports } = ShardEngine.toldOf(decision);
        if (updates.length > 0) options.feed?.updated(updates, context.now);
        if (reports.length > 0) options.feed?.reported(reports, context.now);
      },
      ...(snapshots ? { snapshots: { ...snapshots, format: snapshotFormat } } : {}),
      ...(onSnapshotDiscarded ? { onSnapshotDiscarded } : {}),
      ...(onAppendLost ? { onAppendLost } : {}),
      ...(onError ? { onError } : {}),
    });
  }

  /**
   * Takes the state from the log; called when this instance becomes the writer.
   *
   * @throws ReplayDiverged when the log says something else than the engine does
   */
  async open(): Promise<void> {
    await this.writer.open();
    this.feed?.opened(this.engine?.shownBooks() ?? []);
  }

  /** Stops deciding; another instance writes from now on. */
  close(): void {
    this.writer.close();
    this.feed?.closed();
  }

  /** Queues a command; resolves once what was decided is durable. */
  async submit<C extends ShardCommand>(
    request: WriterRequest<C, ShardEvent>,
  ): Promise<Handled<RejectionsByCommand[C['kind']]>> {
    // The engine refuses a command with the codes of its kind only.
    return (await this.writer.submit(request)) as Handled<RejectionsByCommand[C['kind']]>;
  }

  /**
   * Whether orders end now though no command comes that would notice: one expires, or a party may no longer trade. Then
   * `advance-time` ends them. Asks the database only while orders are open, for one row where nothing changed.
   */
  async isTimeDue(now: string): Promise<boolean> {
    const venue = this.engine?.venue;
    if (!venue) return false;
    const expiryMs = venue.core.nextExpiry();
    if (expiryMs > 0 && expiryMs <= epochMsOf(now)) return true;
    return (await this.standings?.isDue(venue.orders, now)) ?? false;
  }
}
