import type { PlaceOrder } from './exchange.commands.js';
import type { Book } from './exchange.state.js';
import type { OpenOrder } from './open-order.js';
import { ordersWithin } from './order-queue.js';

/** What an incoming order meets, in the order in which it happens. */
export type Encounter =
  | { readonly kind: 'trade'; readonly maker: OpenOrder; readonly lots: number }
  | { readonly kind: 'ineligible'; readonly maker: OpenOrder };

export interface Match {
  readonly encounters: readonly Encounter[];
  readonly leavesLots: number;
  /** True when the order met one of its own party: it stops there (cancel newest). */
  readonly selfTradePrevented: boolean;
}

/**
 * Walks the other side of the book in price-time priority without changing anything. Own liquidity is never taken
 * and so never counts towards a fill-or-kill; neither is that of a party which may not trade.
 */
export function match(
  order: PlaceOrder,
  book: Book,
  isEligible: (partyId: string) => boolean,
): Match {
  const encounters: Encounter[] = [];
  let leavesLots = order.quantityLots;
  for (const maker of ordersWithin(
    order.side === 'buy' ? book.asks : book.bids,
    order.priceTicks,
  )) {
    if (leavesLots === 0) {
      break;
    }
    if (maker.partyId === order.partyId) {
      return { encounters, leavesLots, selfTradePrevented: true };
    }
    if (!isEligible(maker.partyId)) {
      encounters.push({ kind: 'ineligible', maker });
      continue;
    }
    const lots = Math.min(leavesLots, maker.leavesLots);
    leavesLots -= lots;
    encounters.push({ kind: 'trade', maker, lots });
  }
  return { encounters, leavesLots, selfTradePrevented: false };
}
