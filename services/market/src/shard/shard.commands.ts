import type {
  AccountLimitSet,
  BandsSet,
  BookOpened,
  KillSwitchSet,
  OrderAccepted,
  OrdersMassCancelled,
  PhaseChanged,
} from '@specie/contracts';
import type { ViolationDetails } from '@specie/event-sourcing';
import type { MicroMoney, MicroTokens } from '@specie/quantities';
import type { PlaceOrderRejection } from './order-rejections.js';

export type OrderKind = OrderAccepted['data']['kind'];
export type TimeInForce = OrderAccepted['data']['timeInForce'];
export type Side = OrderAccepted['data']['side'];
export type TradingPhase = PhaseChanged['data']['to'];

/** An order is named by its owner and the id that the owner chose. */
export interface OrderName {
  readonly partyId: string;
  readonly orderId: string;
}

export interface OpenBook extends Readonly<BookOpened['data']> {
  readonly kind: 'open-book';
}
export interface DepositCash {
  readonly kind: 'deposit-cash';
  readonly depositId: string;
  readonly partyId: string;
  readonly currency: 'USD';
  readonly amount: MicroMoney;
}
export interface WithdrawCash {
  readonly kind: 'withdraw-cash';
  readonly withdrawalId: string;
  readonly partyId: string;
  readonly currency: 'USD';
  readonly amount: MicroMoney;
}
/** Tokens stand in the market's escrow for a party. */
export interface CreditTokens {
  readonly kind: 'credit-tokens';
  readonly escrowId: string;
  readonly partyId: string;
  readonly seriesId: string;
  readonly quantity: MicroTokens;
}
export interface RequestWithdrawal {
  readonly kind: 'request-withdrawal';
  readonly withdrawalId: string;
  readonly partyId: string;
  readonly seriesId: string;
  readonly quantity: MicroTokens;
}
export interface CompleteWithdrawal {
  readonly kind: 'complete-withdrawal';
  readonly partyId: string;
  readonly withdrawalId: string;
}
export interface RevertWithdrawal {
  readonly kind: 'revert-withdrawal';
  readonly partyId: string;
  readonly withdrawalId: string;
  readonly reason: string;
}

/** What an order asks for, whatever its kind; what it has no use for is undefined. */
export interface OrderTerms {
  readonly seriesId: string;
  readonly side: Side;
  readonly orderKind: OrderKind;
  readonly timeInForce: TimeInForce;
  /** The limit; of a market or stop order the price beyond which it never trades, 0 for none. */
  readonly priceTicks: number;
  /** 0 where `quoteAmount` is given. */
  readonly quantityLots: number;
  /** Micro-dollars. */
  readonly quoteAmount?: number | undefined;
  readonly displayLots?: number | undefined;
  readonly stopPriceTicks?: number | undefined;
  readonly expiresAt?: string | undefined;
  /** `cancel_newest` where it is undefined. */
  readonly selfTradePrevention?: OrderAccepted['data']['selfTradePrevention'];
  readonly postOnly?: OrderAccepted['data']['postOnly'];
  /** The live limit order of the same party that this stop order stands in for. */
  readonly ocoOrderId?: string | undefined;
  readonly clientOrderId?: string | undefined;
}
export interface PlaceOrder extends OrderName, OrderTerms {
  readonly kind: 'place-order';
}
/** The owner is in `partyId`; who may act for it is for the caller to check. */
export interface CancelOrder extends OrderName {
  readonly kind: 'cancel-order';
}
export interface ReplaceOrder extends OrderName {
  readonly kind: 'replace-order';
  readonly priceTicks: number;
  /** The new total, what is filled included. */
  readonly quantityLots: number;
  readonly stopPriceTicks?: number | undefined;
}
/** Cancels the open orders of a party, in one book or in all. */
export interface MassCancel {
  readonly kind: 'mass-cancel';
  readonly partyId: string;
  readonly seriesId?: string | undefined;
  readonly reason: OrdersMassCancelled['data']['reason'];
}
export interface SetKillSwitch extends Readonly<KillSwitchSet['data']> {
  readonly kind: 'set-kill-switch';
}
export interface SetAccountLimit extends Readonly<AccountLimitSet['data']> {
  readonly kind: 'set-account-limit';
}
export interface ChangePhase {
  readonly kind: 'change-phase';
  readonly seriesId: string;
  readonly to: TradingPhase;
  readonly cause: 'operator' | 'calendar';
}
export interface SetBands extends Readonly<BandsSet['data']> {
  readonly kind: 'set-bands';
}
export interface AdvanceTime {
  readonly kind: 'advance-time';
  readonly at: string;
}

export type ShardCommand =
  | OpenBook
  | DepositCash
  | WithdrawCash
  | CreditTokens
  | RequestWithdrawal
  | CompleteWithdrawal
  | RevertWithdrawal
  | PlaceOrder
  | CancelOrder
  | ReplaceOrder
  | MassCancel
  | SetKillSwitch
  | SetAccountLimit
  | ChangePhase
  | SetBands
  | AdvanceTime;

/** The first use of an id that somebody chose: what it stands for from then on. */
export interface EarlierUse {
  /** As `contentOf` writes it; null for an order refused before its content was kept. */
  readonly content: string | null;
  /** Why the order was refused; null for an order or a movement that was accepted. */
  readonly refusal: PlaceOrderRejection | null;
}

/** What the shard must know beyond its state: it has no clock, no database and makes no ids. */
export interface Facts {
  /** Whether compliance has said anything about the party. */
  readonly isKnownParty: (partyId: string) => boolean;
  /** Whether the party may trade at this instant. */
  readonly isEligible: (partyId: string) => boolean;
  /** Why the party of this command may not trade, where it is that party that asks. */
  readonly ineligibility?: ViolationDetails;
  /** What the id of this command was used for before, if it was. */
  readonly earlier: EarlierUse | null;
  /** The id of the n-th trade of this log; a function of the number alone, so a replay agrees. */
  readonly tradeIdOf: (tradeNumber: number) => string;
}
