import type { ShownLevel } from '../shard/book-update.js';

/** The levels of one side of a book, kept in order: the best is last, since most changes are near it. */
export class DepthSide {
  private readonly levels: ShownLevel[] = [];
  private readonly isBetter: (a: number, b: number) => boolean;

  /** `bestFirst`: the levels that the book begins with. */
  constructor(side: 'buy' | 'sell', bestFirst: readonly ShownLevel[] = []) {
    this.isBetter = side === 'buy' ? (a, b) => a > b : (a, b) => a < b;
    for (const level of bestFirst) {
      this.set(level);
    }
  }

  /** The level is as given from now on; gone without lots. */
  set(level: ShownLevel): void {
    const { levels } = this;
    const place = this.placeOf(level.priceTicks);
    const isThere = levels[place]?.priceTicks === level.priceTicks;
    if (level.lots > 0) {
      levels.splice(place, isThere ? 1 : 0, level);
    } else if (isThere) {
      levels.splice(place, 1);
    }
  }

  best(): ShownLevel | null {
    return this.levels.at(-1) ?? null;
  }

  /** Best first. */
  all(): readonly ShownLevel[] {
    return this.levels.toReversed();
  }

  /** Where the price is, or would be: behind all that are worse. */
  private placeOf(priceTicks: number): number {
    let low = 0;
    let high = this.levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.levels[middle];
      if (there !== undefined && this.isBetter(priceTicks, there.priceTicks)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
