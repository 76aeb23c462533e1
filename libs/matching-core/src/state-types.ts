import type {
  Side,
  OrderType,
  TimeInForce,
  StpMode,
  PostOnly,
  Phase,
  BookConfig,
  Command,
} from './command-types.js';
import type { MatchingEvent } from './event-types.js';

/** Fixed at construction, part of the snapshot. */
export interface EngineLimits {
  /** Live orders (resting and pending stops), at most 2^24. */
  readonly orderCapacity: number;
  /** Accounts are numbered 1..accountCapacity. */
  readonly accountCapacity: number;
  /** Books are numbered 1..bookCapacity. */
  readonly bookCapacity: number;
  /** Prices run from 1 to ladderTicks - 2; a power of two from 2^5 to 2^20. */
  readonly ladderTicks: number;
  /** Trades remembered for bust and correct. */
  readonly tradeHistory: number;
}

export interface OrderView {
  readonly orderId: number;
  readonly account: number;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly price: number;
  readonly quantity: number;
  readonly cumQuantity: number;
  readonly leavesQuantity: number;
  readonly visibleQuantity: number;
  readonly displayQuantity: number;
  readonly stopPrice: number;
  readonly expiresAt: number;
  readonly stp: StpMode;
  readonly postOnly: PostOnly;
  readonly ocoPartner: number;
  readonly reservedPerLot: number;
  readonly priority: number;
}
export interface LevelView {
  readonly price: number;
  /** Displayed quantity. */
  readonly quantity: number;
  /** First in first out. */
  readonly orders: readonly OrderView[];
}
export interface BalanceView {
  readonly available: number;
  readonly reserved: number;
}
export interface AccountView {
  readonly account: number;
  readonly ownerGroup: number;
  readonly openOrdersMax: number;
  readonly openOrders: number;
  readonly killed: boolean;
  readonly feeTier: number;
  readonly cash: BalanceView;
  /** One entry per configured book, ascending. */
  readonly tokens: readonly (BalanceView & { readonly book: number })[];
}
/** What the accounts of a tier pay in a book. */
export interface TierFees {
  readonly tier: number;
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
  readonly auctionFeePpm: number;
}
export interface BookView {
  readonly book: number;
  readonly config: BookConfig;
  /** Of the tiers that set_fees has set, ascending; the others pay what the config says. */
  readonly fees: readonly TierFees[];
  readonly phase: Phase;
  readonly staticLow: number;
  readonly staticHigh: number;
  readonly dynamicPpm: number;
  readonly referencePrice: number;
  readonly lastPrice: number;
  readonly levelSequence: number;
  /** Price ascending, in all four lists; a pending stop stands at its stop price. */
  readonly bids: readonly LevelView[];
  readonly asks: readonly LevelView[];
  readonly buyStops: readonly LevelView[];
  readonly sellStops: readonly LevelView[];
}
export interface TradeView {
  readonly tradeId: number;
  readonly book: number;
  readonly price: number;
  readonly quantity: number;
  /** The buyer is the taker when 'buy' (always so in an auction), otherwise the maker. */
  readonly takerSide: Side;
  readonly makerAccount: number;
  readonly takerAccount: number;
  readonly makerFee: number;
  readonly takerFee: number;
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
  readonly busted: boolean;
}
export interface StateView {
  readonly commandSequence: number;
  readonly time: number;
  readonly lastOrderId: number;
  readonly tradeCount: number;
  readonly priorityCount: number;
  readonly openOrders: number;
  /** Account 0, the venue, then every configured account, ascending. */
  readonly accounts: readonly AccountView[];
  /** Every configured book, ascending. */
  readonly books: readonly BookView[];
  /** The remembered trades, oldest first. */
  readonly trades: readonly TradeView[];
}

/** A live order as a look at it answers, with where it stands. */
export interface LiveOrderView extends OrderView {
  readonly book: number;
  readonly side: Side;
}
/** A book without its orders. */
export interface BookState {
  readonly config: BookConfig;
  readonly phase: Phase;
  /** Best limit price, 0 = none; the level of market orders in a call does not count. */
  readonly bestBid: number;
  readonly bestAsk: number;
  readonly lastPrice: number;
  readonly referencePrice: number;
  readonly staticLow: number;
  readonly staticHigh: number;
  readonly dynamicPpm: number;
  /** Sequence of the newest `level` event. */
  readonly levelSequence: number;
  /** Live orders, pending stops included. */
  readonly openOrders: number;
}
/** A price level as `level` events tell it. */
export interface LevelSummary {
  readonly price: number;
  /** Displayed quantity. */
  readonly quantity: number;
  readonly orders: number;
}
/** Where an auction would clear now; all 0 when nothing would trade. */
export interface Indication {
  readonly price: number;
  readonly volume: number;
  /** Demand less supply at the price. */
  readonly imbalance: number;
}

/** What the engine and its naive twin have in common. */
export interface MatchingEngine {
  apply(command: Command): MatchingEvent[];
  stateView(): StateView;
}
