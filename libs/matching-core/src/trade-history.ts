/** The last trades, which bust and correct may still change (SPEC 9.5, 9.6): a ring of records of doubles. */
export const TRADE_DOUBLES = 11;
export const TRADE_BOOK = 0;
export const TRADE_PRICE = 1;
export const TRADE_QUANTITY = 2;
export const TRADE_TAKER_SIDE = 3;
export const TRADE_MAKER = 4;
export const TRADE_TAKER = 5;
export const TRADE_MAKER_FEE = 6;
export const TRADE_TAKER_FEE = 7;
export const TRADE_MAKER_PPM = 8;
export const TRADE_TAKER_PPM = 9;
export const TRADE_BUSTED = 10;

export class TradeHistory {
  readonly values: Float64Array;
  readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.values = new Float64Array(capacity * TRADE_DOUBLES);
  }

  /** Where the record of a trade starts in `values`. */
  at(tradeId: number): number {
    return (tradeId % this.capacity) * TRADE_DOUBLES;
  }

  remembers(tradeId: number, tradeCount: number): boolean {
    return tradeId > 0 && tradeId <= tradeCount && tradeId > tradeCount - this.capacity;
  }
}
