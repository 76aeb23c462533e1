import type { OrderAccepted, OrderCancelled, TradeExecuted } from '@specie/contracts';
import { divideCeil, microTokensPerLot } from '@specie/quantities';
import type { Facts, PlaceOrder } from './exchange.commands.js';
import type { Book, Exchange, ExchangeEvent } from './exchange.state.js';
import type { OpenOrder } from './open-order.js';
import { match, type Encounter } from './matching.js';

/** What an accepted order leads to: itself, its trades, and the cancels of what may not rest or trade. */
export function orderEvents(
  command: PlaceOrder,
  book: Book,
  exchange: Exchange,
  facts: Facts,
): ExchangeEvent[] {
  const { kind: _kind, orderKind, ...order } = command;
  const accepted: OrderAccepted = {
    type: 'market.order-accepted',
    data: {
      ...order,
      kind: orderKind,
      orderNumber: exchange.orderCount + 1,
      reserved: Number(reservedPerLot(command, book) * BigInt(command.quantityLots)),
    },
  };
  const { encounters, leavesLots, selfTradePrevented } = match(command, book, facts.isEligible);
  if (command.timeInForce === 'FOK' && leavesLots > 0) {
    return [accepted, cancelled(command, command.quantityLots, 'fill_or_kill')];
  }
  const events: ExchangeEvent[] = [accepted];
  let tradeNumber = exchange.tradeCount;
  for (const encounter of encounters) {
    if (encounter.kind === 'ineligible') {
      events.push(cancelled(encounter.maker, encounter.maker.leavesLots, 'ineligible'));
    } else {
      tradeNumber += 1;
      events.push(
        trade(command, encounter, book, { tradeNumber, tradeId: facts.tradeIdOf(tradeNumber) }),
      );
    }
  }
  if (leavesLots > 0 && selfTradePrevented) {
    events.push(cancelled(command, leavesLots, 'self_trade_prevented'));
  } else if (leavesLots > 0 && command.timeInForce !== 'GTC') {
    events.push(cancelled(command, leavesLots, 'immediate_or_cancel'));
  }
  return events;
}

function trade(
  taker: PlaceOrder,
  { maker, lots }: Extract<Encounter, { kind: 'trade' }>,
  book: Book,
  ids: { readonly tradeNumber: number; readonly tradeId: string },
): TradeExecuted {
  const notional = BigInt(maker.priceTicks) * BigInt(lots);
  const takerFee = Number(feeOn(notional, book.terms.takerFeeBps));
  const makerFee = Number(feeOn(notional, book.terms.makerFeeBps));
  const takerBuys = taker.side === 'buy';
  return {
    type: 'market.trade-executed',
    data: {
      ...ids,
      seriesId: taker.seriesId,
      makerOrderId: maker.orderId,
      takerOrderId: taker.orderId,
      takerSide: taker.side,
      buyerPartyId: takerBuys ? taker.partyId : maker.partyId,
      sellerPartyId: takerBuys ? maker.partyId : taker.partyId,
      priceTicks: maker.priceTicks,
      quantityLots: lots,
      notional: Number(notional),
      buyerFee: takerBuys ? takerFee : makerFee,
      sellerFee: takerBuys ? makerFee : takerFee,
    },
  };
}

export function cancelled(
  order: Pick<OpenOrder, 'orderId' | 'seriesId' | 'partyId'>,
  leavesLots: number,
  reason: OrderCancelled['data']['reason'],
): OrderCancelled {
  const { orderId, seriesId, partyId } = order;
  return {
    type: 'market.order-cancelled',
    data: { orderId, seriesId, partyId, leavesLots, reason },
  };
}

/**
 * What one lot of an order sets aside: micro-dollars of a buy, its worst fee included, or micro-tokens of a sell. Prices
 * below 2^20 ticks, quantities below 2^31 lots and fees of at most the notional keep every product below 2^53.
 */
export function reservedPerLot(order: Pick<PlaceOrder, 'side' | 'priceTicks'>, book: Book): bigint {
  if (order.side === 'sell') {
    return microTokensPerLot;
  }
  const worstFeeBps = Math.max(book.terms.makerFeeBps, book.terms.takerFeeBps);
  return BigInt(order.priceTicks) + feeOn(BigInt(order.priceTicks), worstFeeBps);
}

/** A fee is a charge, so it is rounded up; the fee of q lots is at most q times the rounded-up fee of one lot. */
export function feeOn(notional: bigint, feeBps: number): bigint {
  return divideCeil(notional * BigInt(feeBps), 10_000n);
}
