/**
 * The exchange: the books and trading accounts of one shard.
 *
 * X1: deposits - withdrawals = sum of cash (available + reserved) + fees earned (S4).
 * X2: tokens deposited - withdrawn = sum of token balances + pending withdrawals, per series (S3).
 * X3: reserved of a party = sum over its open orders of leaves times the reservation of one lot; never negative (S7).
 * X4: between two commands no buy stands at or above the price of a sell.
 * X5: orders of one price trade in the order in which they were accepted, at the price of the resting one.
 * X6: a refused command changes nothing; a fill-or-kill order trades in full or not at all.
 * X7: no trade has the same party on both sides, or a party that may not trade at that instant.
 * X8: an id that a party chose names one thing of its kind: the same again changes nothing, another content is refused.
 */
import {
  accept,
  assertNever,
  codeOf,
  reject,
  type Decision,
  type Rejected,
  type ViolationDetails,
} from '@specie/event-sourcing';
import { formatMicro } from '@specie/quantities';
import type {
  CancelAllOrders,
  CancelOrder,
  CompleteWithdrawal,
  CreditTokens,
  DepositCash,
  ExchangeCommand,
  Facts,
  OpenBook,
  PlaceOrder,
  RequestWithdrawal,
  RevertWithdrawal,
  WithdrawCash,
} from './exchange.commands.js';
import { contentOf } from './chosen-ids.js';
import { type EarlierUse } from './exchange.commands.js';
import {
  cashOf,
  openOrder,
  pendingWithdrawal,
  tokensOf,
  type Book,
  type Exchange,
  type ExchangeEvent,
} from './exchange.state.js';
import type { PlaceOrderRejection } from './order-rejections.js';
import { cancelled, orderEvents, reservedPerLot } from './order-events.js';

/** In check order. */
export const openBookRejections = ['book_opened_differently', 'lot_limits_invalid'] as const;
export const depositCashRejections = [
  'movement_exists_differently',
  'amount_not_positive',
  'cash_total_too_large',
] as const;
export const withdrawCashRejections = [
  'movement_exists_differently',
  'amount_not_positive',
  'party_ineligible',
  'insufficient_cash',
] as const;
export const requestWithdrawalRejections = [
  'movement_exists_differently',
  'amount_not_positive',
  'party_ineligible',
  'insufficient_tokens',
] as const;
export const cancelOrderRejections = ['order_unknown', 'order_refused', 'order_not_open'] as const;

export type OpenBookRejection = (typeof openBookRejections)[number];
export type DepositCashRejection = (typeof depositCashRejections)[number];
export type WithdrawCashRejection = (typeof withdrawCashRejections)[number];
export type RequestWithdrawalRejection = (typeof requestWithdrawalRejections)[number];
export type CancelOrderRejection = (typeof cancelOrderRejections)[number];

/** What each command can be refused for. */
export interface RejectionsByCommand {
  readonly 'open-book': OpenBookRejection;
  readonly 'deposit-cash': DepositCashRejection;
  readonly 'withdraw-cash': WithdrawCashRejection;
  readonly 'credit-tokens': never;
  readonly 'request-withdrawal': RequestWithdrawalRejection;
  readonly 'complete-withdrawal': never;
  readonly 'revert-withdrawal': never;
  readonly 'place-order': PlaceOrderRejection;
  readonly 'cancel-order': CancelOrderRejection;
  readonly 'cancel-all-orders': never;
}
export type ExchangeRejection = RejectionsByCommand[ExchangeCommand['kind']];

/** What a command leads to. The refusal of an order is recorded, so that it can be proven later. */
export type ExchangeDecision<R extends ExchangeRejection = ExchangeRejection> = Decision<
  ExchangeEvent,
  R
>;

/** All cash of a shard fits a double exactly, so no balance can overflow. */
const cashTotalMax = BigInt(Number.MAX_SAFE_INTEGER);

export function decide(
  command: ExchangeCommand,
  exchange: Exchange,
  facts: Facts,
): ExchangeDecision {
  switch (command.kind) {
    case 'open-book':
      return openBook(command, exchange);
    case 'deposit-cash':
      return depositCash(command, exchange, facts);
    case 'withdraw-cash':
      return withdrawCash(command, exchange, facts);
    case 'credit-tokens':
      return creditTokens(command, facts);
    case 'request-withdrawal':
      return requestWithdrawal(command, exchange, facts);
    case 'complete-withdrawal':
      return completeWithdrawal(command, exchange);
    case 'revert-withdrawal':
      return revertWithdrawal(command, exchange);
    case 'place-order':
      return placeOrder(command, exchange, facts);
    case 'cancel-order':
      return cancelOrder(command, exchange, facts);
    case 'cancel-all-orders':
      return cancelAllOrders(command, exchange);
    default:
      return assertNever(command);
  }
}

export function openBook(
  command: OpenBook,
  exchange: Exchange,
): ExchangeDecision<OpenBookRejection> {
  const { kind: _kind, ...terms } = command;
  const book = exchange.books.get(command.seriesId);
  if (book) {
    return sameTerms(book.terms, terms)
      ? accept()
      : reject('book_opened_differently', { ...book.terms });
  }
  if (terms.minimumLots < 1 || terms.maximumLots < terms.minimumLots) {
    return reject('lot_limits_invalid');
  }
  return accept({ type: 'market.book-opened', data: terms });
}

export function depositCash(
  command: DepositCash,
  exchange: Exchange,
  facts: Facts,
): ExchangeDecision<DepositCashRejection> {
  const { kind: _kind, ...data } = command;
  if (facts.earlier) {
    return repeated(command, facts.earlier);
  }
  if (data.amount <= 0n) {
    return reject('amount_not_positive');
  }
  if (exchange.cashTotal + data.amount > cashTotalMax) {
    const left = formatMicro(cashTotalMax - exchange.cashTotal);
    return reject('cash_total_too_large', { left });
  }
  return accept({ type: 'market.cash-deposited', data });
}

export function withdrawCash(
  command: WithdrawCash,
  exchange: Exchange,
  facts: Facts,
): ExchangeDecision<WithdrawCashRejection> {
  const { kind: _kind, ...data } = command;
  if (facts.earlier) {
    return repeated(command, facts.earlier);
  }
  if (data.amount <= 0n) {
    return reject('amount_not_positive');
  }
  if (!facts.isEligible(data.partyId)) {
    return reject('party_ineligible', facts.ineligibility);
  }
  const { available } = cashOf(exchange, data.partyId);
  if (available < data.amount) {
    return reject('insufficient_cash', balanceDetails(data.amount, available));
  }
  return accept({ type: 'market.cash-withdrawn', data });
}

/** Never refused: the tokens already stand in the escrow. A second delivery of the same movement does nothing. */
export function creditTokens(command: CreditTokens, facts: Facts): ExchangeDecision<never> {
  const { kind: _kind, ...data } = command;
  return facts.earlier ? accept() : accept({ type: 'market.tokens-deposited', data });
}

export function requestWithdrawal(
  command: RequestWithdrawal,
  exchange: Exchange,
  facts: Facts,
): ExchangeDecision<RequestWithdrawalRejection> {
  const { kind: _kind, ...data } = command;
  if (facts.earlier) {
    return repeated(command, facts.earlier);
  }
  if (data.quantity <= 0n) {
    return reject('amount_not_positive');
  }
  if (!facts.isEligible(data.partyId)) {
    return reject('party_ineligible', facts.ineligibility);
  }
  const { available } = tokensOf(exchange, data.seriesId, data.partyId);
  if (available < data.quantity) {
    return reject('insufficient_tokens', balanceDetails(data.quantity, available));
  }
  return accept({ type: 'market.withdrawal-requested', data });
}

export function completeWithdrawal(
  command: CompleteWithdrawal,
  exchange: Exchange,
): ExchangeDecision<never> {
  const pending = pendingWithdrawal(exchange, command);
  return pending ? accept({ type: 'market.withdrawal-completed', data: pending }) : accept();
}

export function revertWithdrawal(
  command: RevertWithdrawal,
  exchange: Exchange,
): ExchangeDecision<never> {
  const pending = pendingWithdrawal(exchange, command);
  return pending
    ? accept({ type: 'market.withdrawal-reverted', data: { ...pending, reason: command.reason } })
    : accept();
}

export function placeOrder(
  command: PlaceOrder,
  exchange: Exchange,
  facts: Facts,
): ExchangeDecision<PlaceOrderRejection> {
  if (facts.earlier) {
    return repeatedOrder(command, facts.earlier, facts);
  }
  // Nothing that an unknown party sends becomes history.
  if (!facts.isKnownParty(command.partyId)) {
    return reject('party_unknown', facts.ineligibility);
  }
  const book = exchange.books.get(command.seriesId);
  if (!book) {
    return reject('book_unknown');
  }
  const refusal = orderRefusal(command, book, exchange, facts);
  if (refusal) {
    const { kind: _kind, orderKind, ...order } = command;
    const data = { ...order, kind: orderKind, reason: codeOf(refusal) };
    return { ...refusal, events: [{ type: 'market.order-refused', data }] };
  }
  return accept(...orderEvents(command, book, exchange, facts));
}

export function cancelOrder(
  command: CancelOrder,
  exchange: Exchange,
  facts: Facts,
): ExchangeDecision<CancelOrderRejection> {
  const order = openOrder(exchange, command);
  if (!order) {
    return facts.earlier ? notOpen(facts.earlier) : reject('order_unknown');
  }
  return accept(cancelled(order, order.leavesLots, 'requested'));
}

/** Oldest order first, so a replay cancels in the same order. */
export function cancelAllOrders(
  command: CancelAllOrders,
  exchange: Exchange,
): ExchangeDecision<never> {
  const orders = [...exchange.openOrders.values()].filter(
    (order) => order.partyId === command.partyId,
  );
  return accept(
    ...orders
      .sort((a, b) => a.orderNumber - b.orderNumber)
      .map((order) => cancelled(order, order.leavesLots, 'kill_switch')),
  );
}

function notOpen({ refusal }: EarlierUse): Rejected<CancelOrderRejection> {
  return refusal ? reject('order_refused', { reason: refusal }) : reject('order_not_open');
}

function orderRefusal(
  command: PlaceOrder,
  book: Book,
  exchange: Exchange,
  facts: Facts,
): Rejected<PlaceOrderRejection> | null {
  if (!facts.isEligible(command.partyId)) {
    return reject('party_ineligible', facts.ineligibility);
  }
  if (command.orderKind === 'market' && command.timeInForce === 'GTC') {
    return reject('market_order_rests');
  }
  if (command.priceTicks < 1) {
    return reject('price_not_positive');
  }
  const { minimumLots, maximumLots } = book.terms;
  if (command.quantityLots < minimumLots || command.quantityLots > maximumLots) {
    return reject('quantity_out_of_range', { minimumLots, maximumLots });
  }
  const reserved = reservedPerLot(command, book) * BigInt(command.quantityLots);
  const [code, { available }] =
    command.side === 'buy'
      ? (['insufficient_cash', cashOf(exchange, command.partyId)] as const)
      : (['insufficient_tokens', tokensOf(exchange, command.seriesId, command.partyId)] as const);
  return available < reserved ? reject(code, balanceDetails(reserved, available)) : null;
}

function balanceDetails(needed: bigint, available: bigint): ViolationDetails {
  return { needed: formatMicro(needed), available: formatMicro(available) };
}

function repeated(
  command: DepositCash | RequestWithdrawal | WithdrawCash,
  { content }: EarlierUse,
): ExchangeDecision<'movement_exists_differently'> {
  return content === contentOf(command) ? accept() : reject('movement_exists_differently');
}

/** A refused order stays refused, and says why, however often it is sent. */
function repeatedOrder(
  command: PlaceOrder,
  { content, refusal }: EarlierUse,
  { ineligibility }: Facts,
): ExchangeDecision<PlaceOrderRejection> {
  if (content !== null && content !== contentOf(command)) {
    return reject('order_exists_differently');
  }
  if (!refusal) {
    return accept();
  }
  return reject(refusal, refusal === 'party_ineligible' ? ineligibility : undefined);
}

function sameTerms(known: Book['terms'], asked: Book['terms']): boolean {
  return (
    known.currency === asked.currency &&
    known.makerFeeBps === asked.makerFeeBps &&
    known.takerFeeBps === asked.takerFeeBps &&
    known.minimumLots === asked.minimumLots &&
    known.maximumLots === asked.maximumLots
  );
}
