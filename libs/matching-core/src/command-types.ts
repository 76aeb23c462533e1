/** What goes in: the terms of orders, the commands, and why one can be refused or an order end. */

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
  /** Each fee is the most that a fee tier pays, and what it pays until set_fees. Negative = rebate, at most takerFeePpm. */
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
  /** 0 to 15; 0 unless given. */
  readonly feeTier?: number;
}
/** What the accounts of a tier pay in a book from now on. */
export interface SetFees {
  readonly kind: 'set_fees';
  readonly book: number;
  readonly tier: number;
  /** Negative = rebate. */
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
  readonly auctionFeePpm: number;
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
  | Correct
  | SetFees;
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
  | 'trade_already_busted'
  | 'fees_invalid';

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
