/** The public vocabulary: commands, events, configuration, limits and the view of the state. SPEC.md gives the meaning. */

export type Side = 'buy' | 'sell';
export type OrderType = 'limit' | 'market' | 'stop' | 'stop_limit';
export type TimeInForce = 'gtc' | 'day' | 'gtd' | 'ioc' | 'fok';
export type StpMode =
  'none' | 'cancel_newest' | 'cancel_oldest' | 'cancel_both' | 'decrement_and_cancel';
export type PostOnly = 'no' | 'reject' | 'slide';
export type Phase =
  | 'closed'
  | 'pre_open'
  | 'opening_auction'
  | 'continuous'
  | 'limit_state'
  | 'pause'
  | 'reopening_auction'
  | 'closing_auction'
  | 'halt'
  | 'cancel_only';

/** Rules of one book. Money in micro-dollars, prices in ticks, quantities in lots, fees in parts per million. */
export interface BookConfig {
  readonly tickSize: number;
  readonly lotSize: number;
  readonly minPrice: number;
  readonly maxPrice: number;
  readonly minQuantity: number;
  readonly maxQuantity: number;
  readonly minNotional: number;
  readonly maxNotional: number;
  /** Furthest a market order without a price may go beyond the touch; 0 = as far as maxPrice or minPrice. */
  readonly protectionTicks: number;
  /** Negative = rebate, at most takerFeePpm. */
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
  readonly auctionFeePpm: number;
  /** false: every replace reinserts the order at the tail. */
  readonly reduceKeepsPriority: boolean;
  /** false: orders with stp 'none' are refused. */
  readonly selfTradeAllowed: boolean;
  /** true: every command that trades leaves its last price as the reference price of bands and auctions. */
  readonly referenceFollowsTrades: boolean;
}

export interface ConfigureBook {
  readonly kind: 'configure_book';
  readonly book: number;
  readonly config: BookConfig;
}
export interface ConfigureAccount {
  readonly kind: 'configure_account';
  readonly account: number;
  readonly ownerGroup: number;
  /** 0 = no limit. */
  readonly openOrdersMax: number;
}
/** asset 0 is cash, asset b is the token of book b. */
export interface Deposit {
  readonly kind: 'deposit';
  readonly account: number;
  readonly asset: number;
  readonly amount: number;
}
export interface Withdraw {
  readonly kind: 'withdraw';
  readonly account: number;
  readonly asset: number;
  readonly amount: number;
}
export interface NewOrder {
  readonly kind: 'new_order';
  readonly book: number;
  readonly account: number;
  /** Greater than every order id accepted before. */
  readonly orderId: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** Limit price; for market and stop the protection price, 0 = none. */
  readonly price: number;
  /** 0 when quoteAmount is given. */
  readonly quantity: number;
  readonly quoteAmount?: number;
  /** Displayed peak of an iceberg; 0 = display all. */
  readonly displayQuantity?: number;
  readonly stopPrice?: number;
  readonly expiresAt?: number;
  readonly stp: StpMode;
  readonly postOnly?: PostOnly;
  /** Live limit order which this stop order replaces as soon as either trades or triggers. */
  readonly ocoPartner?: number;
}
export interface Cancel {
  readonly kind: 'cancel';
  readonly account: number;
  readonly orderId: number;
}
export interface Replace {
  readonly kind: 'replace';
  readonly account: number;
  readonly orderId: number;
  readonly price: number;
  /** New total quantity (FIX OrderQty), what is already filled included. */
  readonly quantity: number;
  readonly stopPrice?: number;
}
/** book 0 = every book. */
export interface MassCancel {
  readonly kind: 'mass_cancel';
  readonly account: number;
  readonly book: number;
}
export interface KillSwitch {
  readonly kind: 'kill_switch';
  readonly account: number;
  readonly engaged: boolean;
}
export interface SetTime {
  readonly kind: 'set_time';
  readonly time: number;
}
export interface SetPhase {
  readonly kind: 'set_phase';
  readonly book: number;
  readonly phase: Phase;
}
/** 0 switches a band off; referencePrice 0 keeps the present reference. */
export interface SetBands {
  readonly kind: 'set_bands';
  readonly book: number;
  readonly staticLow: number;
  readonly staticHigh: number;
  readonly dynamicPpm: number;
  readonly referencePrice: number;
}
export interface Indicate {
  readonly kind: 'indicate';
  readonly book: number;
}
export interface Bust {
  readonly kind: 'bust';
  readonly tradeId: number;
}
export interface Correct {
  readonly kind: 'correct';
  readonly tradeId: number;
  readonly price: number;
}

export type Command =
  | ConfigureBook
  | ConfigureAccount
  | Deposit
  | Withdraw
  | NewOrder
  | Cancel
  | Replace
  | MassCancel
  | KillSwitch
  | SetTime
  | SetPhase
  | SetBands
  | Indicate
  | Bust
  | Correct;
export type CommandKind = Command['kind'];

export type RejectReason =
  | 'malformed_command'
  | 'unknown_book'
  | 'unknown_account'
  | 'account_killed'
  | 'duplicate_order_id'
  | 'unknown_order'
  | 'too_late'
  | 'phase_refuses_orders'
  | 'phase_refuses_cancel'
  | 'combination_invalid'
  | 'phase_refuses_combination'
  | 'stp_required'
  | 'order_not_replaceable'
  | 'quantity_out_of_range'
  | 'quantity_not_on_lot'
  | 'display_quantity_invalid'
  | 'price_out_of_range'
  | 'price_not_on_tick'
  | 'price_outside_band'
  | 'stop_price_out_of_range'
  | 'stop_price_not_on_tick'
  | 'notional_out_of_range'
  | 'expire_time_passed'
  | 'oco_partner_invalid'
  | 'post_only_would_take'
  | 'open_orders_limit'
  | 'order_capacity_reached'
  | 'insufficient_cash'
  | 'insufficient_tokens'
  | 'amount_out_of_range'
  | 'balance_overflow'
  | 'config_invalid'
  | 'book_has_orders'
  | 'bands_invalid'
  | 'time_not_increasing'
  | 'phase_unchanged'
  | 'phase_not_auction'
  | 'book_crossed'
  | 'unknown_trade'
  | 'trade_already_busted';

export type CancelReason =
  | 'requested'
  | 'mass_cancel'
  | 'kill_switch'
  | 'ioc_remainder'
  | 'fok_unfillable'
  | 'no_liquidity'
  | 'quote_spent'
  | 'self_trade'
  | 'oco'
  | 'expired_day'
  | 'expired_time'
  | 'auction_remainder'
  | 'price_outside_band';

export interface AcceptedEvent {
  readonly type: 'accepted';
  readonly book: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly price: number;
  readonly quantity: number;
  readonly quoteAmount: number;
  readonly displayQuantity: number;
  readonly stopPrice: number;
  readonly expiresAt: number;
  readonly stp: StpMode;
  readonly postOnly: PostOnly;
  readonly ocoPartner: number;
}
export interface RejectedEvent {
  readonly type: 'rejected';
  readonly command: CommandKind;
  readonly reason: RejectReason;
  /** Of the command, 0 where the command has none. */
  readonly account: number;
  readonly orderId: number;
}
/** One trade is at once the execution report (ExecType F) of both orders. In an auction maker = sell, taker = buy. */
export interface TradeEvent {
  readonly type: 'trade';
  readonly tradeId: number;
  readonly book: number;
  readonly price: number;
  readonly quantity: number;
  readonly aggressorSide: Side | 'none';
  readonly makerOrderId: number;
  readonly makerAccount: number;
  /** Positive = charged, negative = rebate. */
  readonly makerFee: number;
  readonly makerCumQuantity: number;
  readonly makerLeavesQuantity: number;
  readonly takerOrderId: number;
  readonly takerAccount: number;
  readonly takerFee: number;
  readonly takerCumQuantity: number;
  readonly takerLeavesQuantity: number;
}
/** The order has ended; LeavesQty is 0. */
export interface CanceledEvent {
  readonly type: 'canceled';
  readonly book: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: Side;
  readonly reason: CancelReason;
  readonly canceledQuantity: number;
  readonly cumQuantity: number;
}
export interface ReplacedEvent {
  readonly type: 'replaced';
  readonly book: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: Side;
  readonly price: number;
  readonly stopPrice: number;
  readonly quantity: number;
  readonly cumQuantity: number;
  readonly leavesQuantity: number;
  readonly keptPriority: boolean;
}
/** Self-trade prevention took quantity from a live order: OrderQty went down. */
export interface RestatedEvent {
  readonly type: 'restated';
  readonly book: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: Side;
  readonly quantity: number;
  readonly cumQuantity: number;
  readonly leavesQuantity: number;
}
export interface TriggeredEvent {
  readonly type: 'triggered';
  readonly book: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: Side;
  readonly stopPrice: number;
  readonly lastPrice: number;
  readonly leavesQuantity: number;
}
export interface PreventedEvent {
  readonly type: 'prevented';
  readonly book: number;
  readonly price: number;
  readonly quantity: number;
  readonly makerOrderId: number;
  readonly makerAccount: number;
  readonly takerOrderId: number;
  readonly takerAccount: number;
  readonly mode: StpMode;
}
/** New displayed quantity and order count of one price level. */
export interface LevelEvent {
  readonly type: 'level';
  readonly book: number;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
  readonly orders: number;
  /** Per book, without gaps, from 1. */
  readonly sequence: number;
}
export interface PhaseEvent {
  readonly type: 'phase';
  readonly book: number;
  readonly from: Phase;
  readonly to: Phase;
}
/** final: the auction clears at this price; otherwise it is indicative. */
export interface AuctionEvent {
  readonly type: 'auction';
  readonly book: number;
  readonly final: boolean;
  readonly price: number;
  readonly volume: number;
  /** Demand minus supply at the price. */
  readonly imbalance: number;
}
export interface BandsEvent {
  readonly type: 'bands';
  readonly book: number;
  readonly staticLow: number;
  readonly staticHigh: number;
  readonly dynamicPpm: number;
  readonly referencePrice: number;
}
export interface BalanceEvent {
  readonly type: 'balance';
  readonly account: number;
  readonly asset: number;
  /** Positive for a deposit, negative for a withdrawal. */
  readonly change: number;
  readonly available: number;
}
export interface BookConfiguredEvent {
  readonly type: 'book_configured';
  readonly book: number;
  readonly config: BookConfig;
}
export interface AccountConfiguredEvent {
  readonly type: 'account_configured';
  readonly account: number;
  readonly ownerGroup: number;
  readonly openOrdersMax: number;
}
export interface TimeEvent {
  readonly type: 'time';
  readonly time: number;
}
export interface KillSwitchEvent {
  readonly type: 'kill_switch';
  readonly account: number;
  readonly engaged: boolean;
}
export interface MassCanceledEvent {
  readonly type: 'mass_canceled';
  readonly account: number;
  readonly book: number;
  readonly orders: number;
}
export interface TradeBustedEvent {
  readonly type: 'trade_busted';
  readonly tradeId: number;
  readonly book: number;
  readonly price: number;
  readonly quantity: number;
  readonly makerAccount: number;
  readonly takerAccount: number;
  readonly makerFee: number;
  readonly takerFee: number;
}
export interface TradeCorrectedEvent {
  readonly type: 'trade_corrected';
  readonly tradeId: number;
  readonly book: number;
  readonly previousPrice: number;
  readonly price: number;
  readonly quantity: number;
  readonly makerAccount: number;
  readonly takerAccount: number;
  readonly makerFee: number;
  readonly takerFee: number;
}

export type MatchingEvent =
  | AcceptedEvent
  | RejectedEvent
  | TradeEvent
  | CanceledEvent
  | ReplacedEvent
  | RestatedEvent
  | TriggeredEvent
  | PreventedEvent
  | LevelEvent
  | PhaseEvent
  | AuctionEvent
  | BandsEvent
  | BalanceEvent
  | BookConfiguredEvent
  | AccountConfiguredEvent
  | TimeEvent
  | KillSwitchEvent
  | MassCanceledEvent
  | TradeBustedEvent
  | TradeCorrectedEvent;
export type EventType = MatchingEvent['type'];

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
  readonly cash: BalanceView;
  /** One entry per configured book, ascending. */
  readonly tokens: readonly (BalanceView & { readonly book: number })[];
}
export interface BookView {
  readonly book: number;
  readonly config: BookConfig;
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

/** What the engine and its naive twin have in common. */
export interface MatchingEngine {
  apply(command: Command): MatchingEvent[];
  stateView(): StateView;
}
