import type { WireData } from '../../wire-events.js';
import { Heap } from './heap.js';
import type { Order } from './order.js';

type Phase = WireData<'market.phase-changed'>['to'];

const matchingPhases: readonly Phase[] = ['continuous', 'limit_state'];
const auctionPhases: readonly Phase[] = ['opening_auction', 'reopening_auction', 'closing_auction'];
const callPhases: readonly Phase[] = ['pre_open', 'pause', ...auctionPhases];

export const isMatching = (phase: Phase): boolean => matchingPhases.includes(phase);
export const isAuction = (phase: Phase): boolean => auctionPhases.includes(phase);
export const isCall = (phase: Phase): boolean => callPhases.includes(phase);
export const takesOrders = (phase: Phase): boolean => isMatching(phase) || isCall(phase);

interface Place {
  readonly order: Order;
  /** The less, the better the price. */
  readonly rank: number;
  readonly priority: number;
}

/** The resting orders of one side: the best price first, then the longest there. */
export class OrderQueue {
  // Orders that left are dropped when they come first.
  private readonly places = new Heap<Place>((a, b) =>
    a.rank === b.rank ? a.priority < b.priority : a.rank < b.rank,
  );

  constructor(private readonly side: 'buy' | 'sell') {}

  /** Puts an order behind all others of its price; one without a price is before any price. */
  add(order: Order, priority: number): void {
    order.priority = priority;
    const { priceTicks } = order;
    const rank = priceTicks === 0 ? -Infinity : this.side === 'buy' ? -priceTicks : priceTicks;
    this.places.add({ order, rank, priority });
  }

  /** The order that trades next. */
  first(): Order | null {
    for (;;) {
      const place = this.places.first;
      if (place === undefined) {
        return null;
      }
      if (place.order.priority === place.priority) {
        return place.order;
      }
      this.places.removeFirst();
    }
  }
}

/** An auction that ended with this command. */
interface Auction {
  readonly priceTicks: number;
  /** How much of its volume did not trade yet. */
  leftLots: number;
}

/** The price book of one series. */
export class Book {
  readonly queues = { buy: new OrderQueue('buy'), sell: new OrderQueue('sell') };
  readonly openOrders = new Set<Order>();
  phase: Phase;
  bands: Omit<WireData<'market.bands-set'>, 'seriesId' | 'referencePriceTicks'> = {
    staticLowTicks: 0,
    staticHighTicks: 0,
    dynamicPpm: 0,
  };
  referencePriceTicks = 0;
  lastPriceTicks = 0;
  auction: Auction | null = null;

  constructor(readonly terms: WireData<'market.book-opened'>) {
    this.phase = terms.phase;
  }

  /** Whether a limit order may not have this price. */
  isOutsideBands({ side, priceTicks }: Pick<Order, 'side' | 'priceTicks'>): boolean {
    const { staticLowTicks, staticHighTicks, dynamicPpm } = this.bands;
    const reference = this.referencePriceTicks;
    const half = Math.floor((reference * dynamicPpm) / 1_000_000);
    const isDynamic = dynamicPpm > 0 && reference > 0;
    if (side === 'buy') {
      return (
        (staticHighTicks > 0 && priceTicks > staticHighTicks) ||
        (isDynamic && priceTicks > reference + half)
      );
    }
    return priceTicks < staticLowTicks || (isDynamic && priceTicks < Math.max(1, reference - half));
  }
}
