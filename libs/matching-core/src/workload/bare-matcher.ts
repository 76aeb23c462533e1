import { Ladder } from '../ladder.js';
import { OrderStore, RECORD } from '../orders.js';

const { LEAVES, LEVEL, NEXT, VISIBLE, FLAGS } = RECORD;

/**
 * Price-time priority on the engine's own ladders and records and nothing else: no checks, money, events or hash.
 * It shows what the full engine's duties cost.
 */
export class BareMatcher {
  private readonly bids: Ladder;
  private readonly asks: Ladder;
  private readonly orders: OrderStore;
  /** taker id, maker id, price, quantity per trade, as far as they fit. */
  readonly trades: Int32Array;
  tradeCount = 0;

  constructor(limits: {
    readonly ladderTicks: number;
    readonly orderCapacity: number;
    readonly tradeCapacity: number;
  }) {
    this.bids = new Ladder(limits.ladderTicks, false);
    this.asks = new Ladder(limits.ladderTicks, true);
    this.orders = new OrderStore(limits.orderCapacity);
    this.trades = new Int32Array(limits.tradeCapacity * 4);
  }

  /** side 0 buys, 1 sells; a market order has the limit 2^31-1 or 0 and does not rest. */
  enter(id: number, side: number, limit: number, quantity: number, rests: boolean): void {
    const { orders, trades } = this;
    const { words } = orders;
    const isBuy = side === 0;
    const opposite = isBuy ? this.asks : this.bids;
    let open = quantity;
    while (open > 0) {
      const best = opposite.best;
      if (best < 0 || (isBuy ? best > limit : best < limit)) break;
      const order = opposite.head(best);
      const leaves = words[order | LEAVES] as number;
      const fill = leaves < open ? leaves : open;
      const at = this.tradeCount++ * 4;
      trades[at] = id;
      trades[at + 1] = orders.idOf(order);
      trades[at + 2] = best;
      trades[at + 3] = fill;
      open -= fill;
      if (fill === leaves) {
        opposite.remove(words, order);
        orders.remove(order);
      } else {
        words[order | LEAVES] = leaves - fill;
        words[order | VISIBLE] = leaves - fill;
        opposite.addVolume(best, -fill);
      }
    }
    if (open === 0 || !rests) return;
    const order = orders.add(id);
    words[order | LEVEL] = limit;
    words[order | LEAVES] = open;
    words[order | VISIBLE] = open;
    words[order | FLAGS] = side;
    words[order | NEXT] = 0;
    (isBuy ? this.bids : this.asks).append(words, order);
  }

  cancel(id: number): void {
    const { orders } = this;
    const order = orders.find(id);
    if (order === 0) return;
    const isBuy = orders.words[order | FLAGS] === 0;
    (isBuy ? this.bids : this.asks).remove(orders.words, order);
    orders.remove(order);
  }
}
