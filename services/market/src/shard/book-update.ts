/** One change of a book that everybody may see, in the order in which the changes happened. */
export type BookUpdate =
  | {
      readonly kind: 'level';
      readonly seriesId: string;
      readonly side: 'buy' | 'sell';
      readonly priceTicks: number;
      /** What the book shows at the price from now on; 0 when the level is gone. */
      readonly lots: number;
      readonly orders: number;
      /** Per book, from 1, without gaps. */
      readonly sequence: number;
    }
  | {
      readonly kind: 'trade';
      readonly seriesId: string;
      readonly tradeNumber: number;
      readonly priceTicks: number;
      readonly quantityLots: number;
      /** `none` in an auction. */
      readonly takerSide: 'buy' | 'sell' | 'none';
    }
  | { readonly kind: 'phase'; readonly seriesId: string; readonly phase: string }
  | {
      readonly kind: 'auction';
      readonly seriesId: string;
      readonly priceTicks: number;
      readonly volumeLots: number;
      readonly imbalanceLots: number;
      /** What the auction came to; without it, what it would come to now. */
      readonly isFinal?: true;
    };

export interface ShownLevel {
  readonly priceTicks: number;
  readonly lots: number;
  readonly orders: number;
}

/** A book as everybody may see it. */
export interface ShownBook {
  readonly seriesId: string;
  readonly phase: string;
  readonly lastPriceTicks: number;
  /** Best first. */
  readonly bids: readonly ShownLevel[];
  readonly asks: readonly ShownLevel[];
  /** Of the last level update that is in it. */
  readonly sequence: number;
}

/**
 * What the shard tells: all books when it opens, then the updates of each command once it is durable. A book that was
 * opened since begins with its `phase`, and is empty then.
 */
export interface BookListener {
  opened(books: readonly ShownBook[]): void;
  /** `at`: when the command occurred, ISO 8601. */
  updated(updates: readonly BookUpdate[], at: string): void;
  /** This instance no longer writes: what it shows is not kept up to date. */
  closed(): void;
}
