import type { RandomBelow } from '@specie/testing';
import type { BookUpdate, ShownBook, ShownLevel } from '../src/shard/book-update.js';

const phases = ['continuous', 'halt', 'opening_auction'] as const;

/** A book that changes at random, as a shard would tell it. */
export class RandomBook {
  readonly seriesId: string;
  readonly trades: Extract<BookUpdate, { readonly kind: 'trade' }>[] = [];
  phase: string = 'continuous';
  private readonly random: RandomBelow;
  private readonly sides = {
    buy: new Map<number, ShownLevel>(),
    sell: new Map<number, ShownLevel>(),
  };
  private sequence = 0;

  constructor(seriesId: string, random: RandomBelow) {
    this.seriesId = seriesId;
    this.random = random;
  }

  shown(): ShownBook {
    return {
      seriesId: this.seriesId,
      phase: this.phase,
      lastPriceTicks: this.trades.at(-1)?.priceTicks ?? 0,
      bids: this.levels('buy'),
      asks: this.levels('sell'),
      sequence: this.sequence,
    };
  }

  /** Best first. */
  levels(side: 'buy' | 'sell'): readonly ShownLevel[] {
    const sign = side === 'buy' ? -1 : 1;
    return [...this.sides[side].values()].sort((a, b) => sign * (a.priceTicks - b.priceTicks));
  }

  /** What a command changed: levels, now and then a trade, seldom the phase. */
  change(): readonly BookUpdate[] {
    const updates = Array.from({ length: 1 + this.random(3) }, () => this.changeLevel());
    if (this.random(4) === 0) {
      updates.push(this.trade());
    }
    if (this.random(50) === 0) {
      updates.push(this.enterPhase());
    }
    return updates;
  }

  private changeLevel(): BookUpdate {
    const side = this.random(2) === 0 ? 'buy' : 'sell';
    const priceTicks = (side === 'buy' ? 24_900 : 25_001) + this.random(100);
    const orders = this.random(3);
    const lots = orders === 0 ? 0 : orders * (1 + this.random(500));
    if (lots === 0) {
      this.sides[side].delete(priceTicks);
    } else {
      this.sides[side].set(priceTicks, { priceTicks, lots, orders });
    }
    this.sequence += 1;
    const { seriesId, sequence } = this;
    return { kind: 'level', seriesId, side, priceTicks, lots, orders, sequence };
  }

  private trade(): BookUpdate {
    const trade = {
      kind: 'trade',
      seriesId: this.seriesId,
      tradeNumber: this.trades.length + 1,
      priceTicks: 24_950 + this.random(100),
      quantityLots: 1 + this.random(100),
      takerSide: this.random(2) === 0 ? 'buy' : 'sell',
    } as const;
    this.trades.push(trade);
    return trade;
  }

  private enterPhase(): BookUpdate {
    this.phase = phases[this.random(phases.length)] ?? 'continuous';
    return { kind: 'phase', seriesId: this.seriesId, phase: this.phase };
  }
}
