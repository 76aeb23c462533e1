/**
 * Workload W1: 20,000 limit orders and then a drifting market of about 50 % new limit orders, 45 % cancels and
 * 5 % takers. Every draw is specified, so the operations and the trades they cause are the same everywhere.
 * The generator has a plain book of its own, because cancels and prices depend on what is live.
 */
export const W1_PRELUDE_COUNT = 20_000;
export const W1_OP_WIDTH = 5;
export const W1_TRADE_WIDTH = 4;

export const W1Kind = { limit: 0, cancel: 1, market: 2 } as const;
export const W1Side = { buy: 0, sell: 1 } as const;

export interface W1 {
  /** kind, id, side, price, quantity per operation, the prelude first. */
  readonly ops: Int32Array;
  /** taker id, maker id, price, quantity per trade. */
  readonly trades: Int32Array;
  readonly counts: W1Counts;
}

export interface W1Counts {
  readonly limitAdds: number;
  readonly cancels: number;
  readonly markets: number;
  readonly marketableLimits: number;
  readonly trades: number;
  readonly lots: number;
  readonly liveAtEnd: number;
  readonly livePeak: number;
  readonly levelsPeak: number;
  readonly bestBid: number;
  readonly bestAsk: number;
  readonly lastId: number;
  readonly draws: number;
  readonly finalDrawState: number;
  readonly finalMid: number;
}

export function generateW1(timedCount: number): W1 {
  const generator = new W1Generator(timedCount);
  for (let k = 0; k < W1_PRELUDE_COUNT; k++) generator.prelude();
  for (let k = 0; k < timedCount; k++) generator.timed();
  return generator.result();
}

/** FNV-1a over whole 32-bit words, as eight hexadecimal digits. */
export function fnvOfWords(words: Int32Array): string {
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

interface Resting {
  readonly id: number;
  readonly side: number;
  readonly price: number;
  quantity: number;
  /** Index in the list of resting orders. */
  at: number;
}

class W1Generator {
  private drawState = 20261122;
  private draws = 0;
  private mid = 100_000;
  private id = 0;
  /** Resting orders in the order the workload names L. */
  private readonly live: Resting[] = [];
  private readonly sides = [new BookSide(-1), new BookSide(1)] as const;
  private readonly ops: Int32Array;
  private opCount = 0;
  private readonly trades: number[] = [];
  private lots = 0;
  private livePeak = 0;
  private levelsPeak = 0;
  private readonly kinds = { limitAdds: 0, cancels: 0, markets: 0, marketableLimits: 0 };

  constructor(timedCount: number) {
    this.ops = new Int32Array((W1_PRELUDE_COUNT + timedCount) * W1_OP_WIDTH);
  }

  prelude(): void {
    this.addLimit();
  }

  timed(): void {
    const a = this.draw() || 1e-12;
    const b = this.draw();
    this.mid = this.mid + Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b) * 0.05;
    const u = this.draw();
    if (u < 0.5 || (u < 0.95 && this.live.length === 0)) this.addLimit();
    else if (u < 0.95) this.cancel();
    else this.take();
  }

  private draw(): number {
    this.draws++;
    const s = (this.drawState + 0x6d2b79f5) | 0;
    this.drawState = s;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  private get roundedMid(): number {
    return Math.floor(this.mid + 0.5);
  }

  private addLimit(): void {
    const side = this.draw() < 0.5 ? W1Side.buy : W1Side.sell;
    const r1 = this.draw();
    const r2 = this.draw();
    const distance = Math.min(1 + Math.floor(Math.pow(1 - r1, -1 / 1.2) * 3 + r2 * 6), 2000);
    const price = this.roundedMid + (side === W1Side.buy ? -distance : distance);
    const quantity = 1 + Math.floor(this.draw() * 100);
    this.kinds.limitAdds++;
    this.enter(W1Kind.limit, side, price, quantity);
  }

  private cancel(): void {
    const count = this.live.length;
    const index =
      this.draw() < 0.7
        ? Math.max(0, count - 1 - Math.floor(this.draw() * 2000))
        : Math.floor(this.draw() * count);
    const order = this.live[index] as Resting;
    this.kinds.cancels++;
    this.record(W1Kind.cancel, order.id, 0, 0, 0);
    this.sideOf(order.side).remove(order);
    this.forget(order);
  }

  private take(): void {
    const side = this.draw() < 0.5 ? W1Side.buy : W1Side.sell;
    const quantity = 1 + Math.floor(this.draw() * 60);
    if (this.draw() < 0.5) {
      this.kinds.markets++;
      this.enter(W1Kind.market, side, 0, quantity);
      return;
    }
    const best = this.sideOf(1 - side).bestPrice;
    const through = side === W1Side.buy ? 3 : -3;
    this.kinds.marketableLimits++;
    this.enter(W1Kind.limit, side, best === 0 ? this.roundedMid : best + through, quantity);
  }

  private enter(kind: number, side: number, price: number, quantity: number): void {
    this.id++;
    this.record(kind, this.id, side, price, quantity);
    const open = this.match(side, kind === W1Kind.market ? undefined : price, quantity);
    if (kind === W1Kind.limit && open > 0) {
      const order = { id: this.id, side, price, quantity: open, at: this.live.length };
      this.sideOf(side).append(order);
      this.live.push(order);
    }
    this.livePeak = Math.max(this.livePeak, this.live.length);
    this.levelsPeak = Math.max(
      this.levelsPeak,
      this.sides[0].levelCount + this.sides[1].levelCount,
    );
  }

  /** Fills at the makers' prices while the best opposite level is within the limit; returns what is left. */
  private match(side: number, limit: number | undefined, quantity: number): number {
    const opposite = this.sideOf(1 - side);
    let open = quantity;
    while (open > 0) {
      const maker = opposite.head;
      if (maker === undefined) break;
      if (limit !== undefined && (side === W1Side.buy ? maker.price > limit : maker.price < limit))
        break;
      const fill = Math.min(open, maker.quantity);
      open -= fill;
      maker.quantity -= fill;
      this.lots += fill;
      this.trades.push(this.id, maker.id, maker.price, fill);
      if (maker.quantity === 0) {
        opposite.remove(maker);
        this.forget(maker);
      }
    }
    return open;
  }

  private forget(order: Resting): void {
    const last = this.live.pop() as Resting;
    if (last === order) return;
    this.live[order.at] = last;
    last.at = order.at;
  }

  private sideOf(side: number): BookSide {
    return side === W1Side.buy ? this.sides[0] : this.sides[1];
  }

  private record(kind: number, id: number, side: number, price: number, quantity: number): void {
    this.ops.set([kind, id, side, price, quantity], this.opCount * W1_OP_WIDTH);
    this.opCount++;
  }

  result(): W1 {
    return {
      ops: this.ops,
      trades: Int32Array.from(this.trades),
      counts: {
        ...this.kinds,
        trades: this.trades.length / W1_TRADE_WIDTH,
        lots: this.lots,
        liveAtEnd: this.live.length,
        livePeak: this.livePeak,
        levelsPeak: this.levelsPeak,
        bestBid: this.sides[0].bestPrice,
        bestAsk: this.sides[1].bestPrice,
        lastId: this.id,
        draws: this.draws,
        finalDrawState: this.drawState >>> 0,
        finalMid: this.mid,
      },
    };
  }
}

/** One side as sorted prices, best last, and a first-in-first-out map of orders per price. */
class BookSide {
  private readonly prices: number[] = [];
  private readonly levels = new Map<number, Map<number, Resting>>();

  /** direction 1 = lower prices are better (asks), -1 = higher are (bids). */
  constructor(private readonly direction: 1 | -1) {}

  get levelCount(): number {
    return this.prices.length;
  }
  /** 0 if the side is empty. */
  get bestPrice(): number {
    return this.prices.at(-1) ?? 0;
  }
  get head(): Resting | undefined {
    return this.levels.get(this.bestPrice)?.values().next().value;
  }

  append(order: Resting): void {
    let level = this.levels.get(order.price);
    if (level === undefined) {
      level = new Map();
      this.levels.set(order.price, level);
      this.prices.splice(this.indexOf(order.price), 0, order.price);
    }
    level.set(order.id, order);
  }

  remove(order: Resting): void {
    const level = this.levels.get(order.price);
    level?.delete(order.id);
    if (level?.size !== 0) return;
    this.levels.delete(order.price);
    this.prices.splice(this.indexOf(order.price), 1);
  }

  /** First index whose price is not worse than `price`. */
  private indexOf(price: number): number {
    let low = 0;
    let high = this.prices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const isWorse = ((this.prices[middle] as number) - price) * this.direction > 0;
      if (isWorse) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
