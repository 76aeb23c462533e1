import { isCall, takesOrders, type Book } from './book.js';
import type { Order } from './order.js';

/** What an accepted or replaced order may not be in this book, rule for rule. */
export function* brokenOrderRules(
  order: Order,
  book: Book,
  asked: { readonly priceTicks: number; readonly quoteAmount: number },
): Generator<string> {
  const { terms, phase } = book;
  if (!takesOrders(phase)) {
    yield `an order enters the book, whose phase is ${phase}`;
  }
  if (isCall(phase) && !mayWaitForAuction(order)) {
    yield `an order that cannot wait enters the book, whose phase is ${phase}`;
  }
  if (order.selfTradePrevention === 'none' && !terms.selfTradeAllowed) {
    yield 'an order that may trade with its own party enters a book without such trades';
  }
  if ((order.timeInForce === 'GTD') !== (order.expiresAtMs !== Infinity)) {
    yield 'an order has an instant of expiry and is not GTD, or the other way round';
  }
  if (order.hasPrice) {
    yield* brokenPriceRules('price', order.priceTicks, book);
  }
  if (order.isPending) {
    yield* brokenPriceRules('stop price', order.stopPriceTicks, book);
  }
  if (!order.isByAmount) {
    yield* brokenQuantityRules(order, book);
  }
  const notional = order.isByAmount
    ? asked.quoteAmount
    : order.hasPrice
      ? asked.priceTicks * order.quantityLots
      : null;
  if (notional !== null && (notional < terms.minimumNotional || notional > terms.maximumNotional)) {
    yield `a notional of ${notional} is not within ${terms.minimumNotional} to ${terms.maximumNotional}`;
  }
  if (order.kind === 'limit' && book.isOutsideBands(order)) {
    yield `the price ${order.priceTicks} of a limit order to ${order.side} is outside the bands`;
  }
}

function mayWaitForAuction({ timeInForce, isByAmount, kind }: Order): boolean {
  return timeInForce !== 'FOK' && !isByAmount && !(kind === 'limit' && timeInForce === 'IOC');
}

function* brokenPriceRules(what: string, ticks: number, { terms }: Book): Generator<string> {
  const { priceStepTicks, minimumPriceTicks, maximumPriceTicks } = terms;
  if (ticks < minimumPriceTicks || ticks > maximumPriceTicks) {
    yield `the ${what} ${ticks} is not within ${minimumPriceTicks} to ${maximumPriceTicks}`;
  }
  if (ticks % priceStepTicks !== 0) {
    yield `the ${what} ${ticks} is not on the step of ${priceStepTicks}`;
  }
}

function* brokenQuantityRules(order: Order, { terms }: Book): Generator<string> {
  const { quantityLots, displayLots } = order;
  const { lotStep, minimumLots, maximumLots } = terms;
  if (quantityLots < minimumLots || quantityLots > maximumLots) {
    yield `the quantity ${quantityLots} is not within ${minimumLots} to ${maximumLots}`;
  }
  if (quantityLots % lotStep !== 0 || displayLots % lotStep !== 0) {
    yield `the quantity ${quantityLots}, ${displayLots} displayed, is not on the step of ${lotStep}`;
  }
}
