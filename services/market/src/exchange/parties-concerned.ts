import { assertNever } from '@specie/event-sourcing';
import type { CancelOrder, ExchangeCommand, PlaceOrder } from './exchange.commands.js';
import type { Side } from './open-order.js';
import type { Exchange } from './exchange.state.js';
import type { OpenOrder } from './open-order.js';
import { ordersWithin } from './order-queue.js';

/** What the orders of a batch can take together from one side of a book. */
interface Taking {
  readonly seriesId: string;
  readonly side: Side;
  /** The limit of the order that goes furthest. */
  limitTicks: number;
  lots: bigint;
}

/** The orders that the batch cancels: those behind them are met instead. */
interface Leaving {
  readonly orders: ReadonlySet<string>;
  readonly partyIds: ReadonlySet<string>;
}

/**
 * The parties whose eligibility can decide what any of the commands does. Those whose orders they meet stand at the front
 * of the book: as long as all orders of the batch together can take what comes before, orders that are cancelled in the
 * batch or belong to a party that may not trade not counted. An order of the batch itself that is met has a party that
 * asks.
 */
export function partiesConcerned(
  commands: readonly ExchangeCommand[],
  exchange: Exchange,
  isEligible: (partyId: string) => boolean,
): ReadonlySet<string> {
  const concerned = new Set<string>();
  const takings = new Map<string, Taking>();
  const leaving = { orders: new Set<string>(), partyIds: new Set<string>() };
  for (const command of commands) {
    switch (command.kind) {
      case 'withdraw-cash':
      case 'request-withdrawal':
        concerned.add(command.partyId);
        break;
      case 'place-order':
        concerned.add(command.partyId);
        addTaking(takings, command);
        break;
      case 'cancel-order':
        leaving.orders.add(nameOf(command));
        break;
      case 'cancel-all-orders':
        leaving.partyIds.add(command.partyId);
        break;
      case 'open-book':
      case 'deposit-cash':
      case 'credit-tokens':
      case 'complete-withdrawal':
      case 'revert-withdrawal':
        break;
      default:
        assertNever(command);
    }
  }
  for (const taking of takings.values()) {
    for (const maker of reachable(taking, exchange, leaving, isEligible)) {
      concerned.add(maker.partyId);
    }
  }
  return concerned;
}

function addTaking(takings: Map<string, Taking>, order: PlaceOrder): void {
  const { seriesId, side, priceTicks, quantityLots } = order;
  const key = `${side} ${seriesId}`;
  const taking = takings.get(key) ?? { seriesId, side, limitTicks: priceTicks, lots: 0n };
  taking.limitTicks =
    side === 'buy'
      ? Math.max(taking.limitTicks, priceTicks)
      : Math.min(taking.limitTicks, priceTicks);
  taking.lots += BigInt(quantityLots);
  takings.set(key, taking);
}

/** The orders of the other side that can be met, best first. */
function* reachable(
  taking: Taking,
  exchange: Exchange,
  leaving: Leaving,
  isEligible: (partyId: string) => boolean,
): Generator<OpenOrder> {
  const book = exchange.books.get(taking.seriesId);
  if (!book) return;
  let left = taking.lots;
  for (const maker of ordersWithin(
    taking.side === 'buy' ? book.asks : book.bids,
    taking.limitTicks,
  )) {
    if (left <= 0n) return;
    yield maker;
    const isLeaving = leaving.orders.has(nameOf(maker)) || leaving.partyIds.has(maker.partyId);
    if (!isLeaving && isEligible(maker.partyId)) left -= BigInt(maker.leavesLots);
  }
}

function nameOf({ partyId, orderId }: Pick<CancelOrder, 'partyId' | 'orderId'>): string {
  return `${partyId}/${orderId}`;
}
