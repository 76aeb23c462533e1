import { assertNever, assertPossible } from '@specie/event-sourcing';
import type { BookUpdate, ShownBook, ShownLevel } from '../shard/book-update.js';
import { DepthSide } from './depth-side.js';
import type { WireAuction } from './messages.js';

/**
 * A book as everybody may see it, folded from what the shard tells.
 *
 * B1: it is the shown book of the shard after the same updates.
 * B2: the updates of levels are numbered without gaps; a missing one is a fault and never passed over.
 * B3: an auction that is not final is shown only in the phase it belongs to.
 */
export class BookState {
  readonly seriesId: string;
  readonly bids: DepthSide;
  readonly asks: DepthSide;
  phase: string;
  auction: WireAuction | null = null;
  /** Null before the first trade. */
  lastPriceTicks: number | null;
  private levelSequence: number;

  constructor({ seriesId, phase, lastPriceTicks, bids, asks, sequence }: ShownBook) {
    this.seriesId = seriesId;
    this.phase = phase;
    this.lastPriceTicks = lastPriceTicks === 0 ? null : lastPriceTicks;
    this.bids = new DepthSide('buy', bids);
    this.asks = new DepthSide('sell', asks);
    this.levelSequence = sequence;
  }

  /** @throws where an update of a level is missing */
  apply(update: BookUpdate): void {
    switch (update.kind) {
      case 'level':
        return this.setLevel(update);
      case 'trade':
        this.lastPriceTicks = update.priceTicks;
        return;
      case 'phase':
        this.phase = update.phase;
        this.auction = this.auction?.isFinal ? this.auction : null;
        return;
      case 'auction': {
        const { priceTicks, volumeLots, imbalanceLots, isFinal = false } = update;
        this.auction = { priceTicks, volumeLots, imbalanceLots, isFinal };
        return;
      }
      default:
        return assertNever(update);
    }
  }

  private setLevel(update: Extract<BookUpdate, { readonly kind: 'level' }>): void {
    assertPossible(
      update.sequence === this.levelSequence + 1,
      `level update ${update.sequence} of ${this.seriesId} follows ${this.levelSequence}`,
    );
    this.levelSequence = update.sequence;
    const { priceTicks, lots, orders } = update;
    const level: ShownLevel = { priceTicks, lots, orders };
    (update.side === 'buy' ? this.bids : this.asks).set(level);
  }
}

/** A book that was opened just now. */
export function emptyBook(seriesId: string, phase: string): ShownBook {
  return { seriesId, phase, lastPriceTicks: 0, bids: [], asks: [], sequence: 0 };
}
