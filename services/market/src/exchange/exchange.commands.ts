import type { ViolationDetails } from '@specie/event-sourcing';
import type { MicroMoney, MicroTokens } from '@specie/quantities';
import type { Side } from './open-order.js';
import type { PlaceOrderRejection } from './order-rejections.js';

export type OrderKind = 'limit' | 'market';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK';

export interface OpenBook {
  readonly kind: 'open-book';
  readonly seriesId: string;
  readonly currency: 'USD';
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
  readonly minimumLots: number;
  readonly maximumLots: number;
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
export interface PlaceOrder {
  readonly kind: 'place-order';
  readonly orderId: string;
  readonly seriesId: string;
  readonly partyId: string;
  readonly side: Side;
  readonly orderKind: OrderKind;
  readonly timeInForce: TimeInForce;
  /** The limit; of a market order the protection price beyond which it never trades. */
  readonly priceTicks: number;
  readonly quantityLots: number;
}
export interface CancelOrder {
  readonly kind: 'cancel-order';
  readonly orderId: string;
  /** The owner; who may act for it is for the caller to check. */
  readonly partyId: string;
}
/** Cancels every open order of a party. */
export interface CancelAllOrders {
  readonly kind: 'cancel-all-orders';
  readonly partyId: string;
}

export type ExchangeCommand =
  | OpenBook
  | DepositCash
  | WithdrawCash
  | CreditTokens
  | RequestWithdrawal
  | CompleteWithdrawal
  | RevertWithdrawal
  | PlaceOrder
  | CancelOrder
  | CancelAllOrders;

/** The first use of an id that somebody chose: what it stands for from then on. */
export interface EarlierUse {
  /** As `contentOf` writes it; null for an order refused before its content was kept. */
  readonly content: string | null;
  /** Why the order was refused; null for an order or a movement that was accepted. */
  readonly refusal: PlaceOrderRejection | null;
}

/** What the exchange must know beyond its state: it has no clock, no database and makes no ids. */
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
