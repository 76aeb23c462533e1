import type { Memory, RecordedCommand } from '@specie/event-sourcing';
import { MatchingCore, type EngineLimits } from '@specie/matching-core';
import type { ShownBook, ShownLevel } from './book-update.js';
import { decide, type Decided } from './decide.js';
import { replayCommand } from './replay-command.js';
import type { Facts, ShardCommand } from './shard.commands.js';
import type { ShardEvent } from './shard-events.js';
import type { ShardDecision, ShardRejection } from './shard-rejections.js';
import { readSnapshot, writeSnapshot } from './snapshot.js';
import { Venue } from './venue.js';

/** Names the encoding of the snapshots; a writer takes no others. */
export const snapshotFormat = 'market-shard/1';

/** A decision outlives the engine that took it: its append may be found in the log later. */
const toldOf = new WeakMap<ShardDecision, Omit<Decided, 'decision'>>();

/** A book is shown whole: those that follow it are told changes of every level. */
const shownLevelsMax = Infinity;

/**
 * The memory of the shard's writer: decides commands, carries them out on the matching core, and does the recorded ones
 * again to come back.
 */
export class ShardEngine implements Memory<ShardCommand, Facts, ShardEvent, ShardRejection> {
  readonly venue: Venue;
  private readonly tradeIdOf: Facts['tradeIdOf'];

  /** `limits` where no snapshot states them. @throws SnapshotError if the bytes are none of `snapshotFormat` */
  constructor(
    tradeIdOf: Facts['tradeIdOf'],
    snapshot?: Uint8Array,
    limits: Partial<EngineLimits> = {},
  ) {
    this.tradeIdOf = tradeIdOf;
    this.venue = snapshot ? readSnapshot(snapshot) : new Venue(new MatchingCore(limits));
  }

  execute(command: ShardCommand, facts: Facts): ShardDecision {
    const { decision, updates, reports } = decide(command, this.venue, facts);
    toldOf.set(decision, { updates, reports });
    return decision;
  }

  /** On a copy: the core has no way to look ahead. */
  preview(command: ShardCommand, facts: Facts): ShardDecision {
    return decide(command, readSnapshot(writeSnapshot(this.venue)), facts).decision;
  }

  /** @throws Error if what the recorded command does here is not what is recorded of it */
  replay({ events }: Pick<RecordedCommand<ShardEvent>, 'events'>): void {
    replayCommand(events, { venue: this.venue, tradeIdOf: this.tradeIdOf });
  }

  snapshot(): { readonly bytes: Uint8Array; readonly stateHash: string } {
    return { bytes: writeSnapshot(this.venue), stateHash: this.stateHash() };
  }

  stateHash(): string {
    return this.venue.core.stateHash();
  }

  /** What everybody may see of a decision, and what the owners of orders are told. */
  static toldOf(decision: ShardDecision): Omit<Decided, 'decision'> {
    return toldOf.get(decision) ?? { updates: [], reports: [] };
  }

  shownBooks(): readonly ShownBook[] {
    return this.venue.books.all().map((seriesId) => this.shownBook(seriesId));
  }

  private shownBook(seriesId: string): ShownBook {
    const { core, books } = this.venue;
    const book = books.numberOf(seriesId);
    const state = core.bookState(book);
    const levels = (side: 'buy' | 'sell'): ShownLevel[] =>
      core
        .levels(book, side, shownLevelsMax)
        .map(({ price, quantity, orders }) => ({ priceTicks: price, lots: quantity, orders }));
    return {
      seriesId,
      phase: state?.phase ?? 'closed',
      lastPriceTicks: state?.lastPrice ?? 0,
      bids: levels('buy'),
      asks: levels('sell'),
      sequence: state?.levelSequence ?? 0,
    };
  }
}
