import type {
  Side,
  OrderType,
  TimeInForce,
  StpMode,
  PostOnly,
  Phase,
  BookConfig,
  CommandKind,
  RejectReason,
  CancelReason,
} from './command-types.js';

/** What comes out. One field list per event; fields.ts gives the binary layout. */
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
  readonly feeTier: number;
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
export interface FeesSetEvent {
  readonly type: 'fees_set';
  readonly book: number;
  readonly tier: number;
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
  readonly auctionFeePpm: number;
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
  | TradeCorrectedEvent
  | FeesSetEvent;
export type EventType = MatchingEvent['type'];
