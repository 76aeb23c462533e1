/**
 * Live orders as records of sixteen 32-bit words, one cache line, which a free list recycles. An order is known inside the
 * engine by the word at which its record begins, a multiple of sixteen, and RECORD names the words from there:
 * `words[order | LEAVES]`, where `|` adds because the low four bits of an order are 0. Order 0 means "none"; its record takes
 * the writes to a neighbour that does not exist, which spares the branch.
 *
 * Modules on the hot path take these names by `const { LEAVES } = RECORD` and not as imports: V8 folds a constant of
 * the module itself into the code, but reads an imported one from memory at every use, which cost a quarter of W1.
 */
export const RECORD = {
  /** From one record to the next. */
  WORDS: 16,
  ID_LOW: 0,
  ID_HIGH: 1,
  /** Neighbours in the FIFO of the price level; NEXT also chains the free records, 0 in one that was never used. */
  NEXT: 2,
  PREVIOUS: 3,
  /** Index of the price level: the limit price, or the stop price while the stop is pending. */
  LEVEL: 4,
  LEAVES: 5,
  VISIBLE: 6,
  CUM: 7,
  /** 0 in a free record. */
  ACCOUNT: 8,
  FLAGS: 9,
  RESERVED_PER_LOT: 10,
  /** Displayed peak of an iceberg, 0 for a fully displayed order. */
  DISPLAY: 11,
  /** Next order whose id shares a place of the table. */
  CHAIN: 12,
  PARTNER: 13,
  /** Not a word but a double, in the words 14 and 15: `doubles[(order >> 1) | PRIORITY_DOUBLE]`. */
  PRIORITY_DOUBLE: 7,
} as const;
const { WORDS, ID_LOW, ID_HIGH, NEXT, ACCOUNT, CHAIN, PRIORITY_DOUBLE } = RECORD;

const TWO_32 = 2 ** 32;
/** Exact, and far quicker than the division by 2^32. */
const HIGH_HALF = 2 ** -32;
/** The C library hands out large blocks 16 bytes into a page: from here each record has a cache line of its own. */
const ORIGIN = 48;

export class OrderStore {
  readonly words: Int32Array;
  readonly capacity: number;
  live = 0;
  /** The same memory as `words`. */
  private readonly doubles: Float64Array;
  /** By record. Written for gtd orders only; never touched memory is never resident. */
  private readonly expiries: Float64Array;
  /** By record. Limit or protection price that a pending stop will have; written for those only. */
  private readonly stopLimits: Int32Array;
  /** Order id -> the newest order at this place; the others follow by CHAIN. */
  private readonly table: Int32Array;
  private readonly bits: number;
  private readonly mask: number;
  /** First of the free records: the freed ones, last freed first, then those never used, one after the other. */
  private free: number = WORDS;

  constructor(capacity: number) {
    this.capacity = capacity;
    const memory = new ArrayBuffer((capacity + 1) * WORDS * 4 + ORIGIN);
    this.words = new Int32Array(memory, ORIGIN);
    this.doubles = new Float64Array(memory, ORIGIN);
    this.expiries = new Float64Array(capacity + 1);
    this.stopLimits = new Int32Array(capacity + 1);
    this.bits = 32 - Math.clz32(Math.max(capacity - 1, 1));
    this.table = new Int32Array(2 ** this.bits);
    this.mask = 2 ** this.bits - 1;
  }

  get bytes(): number {
    const { words, expiries, stopLimits, table } = this;
    return words.byteLength + expiries.byteLength + stopLimits.byteLength + table.byteLength;
  }

  /** The new record keeps stale words; the caller writes all but the id, and the links and the priority when it rests. */
  add(orderId: number): number {
    const { words } = this;
    const order = this.free;
    const nextFree = words[order | NEXT] as number;
    this.free = nextFree === 0 ? order + WORDS : nextFree;
    const low = orderId | 0;
    const high = (orderId * HIGH_HALF) | 0;
    words[order | ID_LOW] = low;
    words[order | ID_HIGH] = high;
    const home = this.home(low, high);
    words[order | CHAIN] = this.table[home] as number;
    this.table[home] = order;
    this.live++;
    return order;
  }

  /** The live order with this id, 0 if there is none. */
  find(orderId: number): number {
    const { words } = this;
    const low = orderId | 0;
    const high = (orderId * HIGH_HALF) | 0;
    let next = this.table[this.home(low, high)] as number;
    let order: number;
    do {
      order = next;
      next = words[order | CHAIN] as number;
    } while (order !== 0 && (words[order | ID_LOW] !== low || words[order | ID_HIGH] !== high));
    return order;
  }

  remove(order: number): void {
    const { words, table } = this;
    const home = this.home(words[order | ID_LOW] as number, words[order | ID_HIGH] as number);
    const first = table[home] as number;
    let previous = 0;
    let other = 0;
    let next = first;
    do {
      previous = other;
      other = next;
      next = words[other | CHAIN] as number;
    } while (other !== order);
    words[previous | CHAIN] = next;
    table[home] = previous === 0 ? next : first;
    words[order | NEXT] = this.free;
    words[order | ACCOUNT] = 0;
    this.free = order;
    this.live--;
  }

  /** The account's live orders, of which it has `count`: one pass over the records, in no particular order. */
  ordersOf(account: number, count: number): number[] {
    const found: number[] = [];
    for (let order = WORDS; found.length < count && order < this.words.length; order += WORDS)
      if (this.words[order | ACCOUNT] === account) found.push(order);
    return found;
  }

  idOf(order: number): number {
    const { words } = this;
    return (words[order | ID_HIGH] as number) * TWO_32 + ((words[order | ID_LOW] as number) >>> 0);
  }

  priorityOf(order: number): number {
    return this.doubles[(order >> 1) | PRIORITY_DOUBLE] as number;
  }

  setPriority(order: number, priority: number): void {
    this.doubles[(order >> 1) | PRIORITY_DOUBLE] = priority;
  }

  /** Of a gtd order. */
  expiryOf(order: number): number {
    return this.expiries[order / WORDS] as number;
  }

  setExpiry(order: number, expiresAt: number): void {
    this.expiries[order / WORDS] = expiresAt;
  }

  /** Of a pending stop. */
  stopLimitOf(order: number): number {
    return this.stopLimits[order / WORDS] as number;
  }

  setStopLimit(order: number, price: number): void {
    this.stopLimits[order / WORDS] = price;
  }

  /**
   * Consecutive ids have neighbouring places, so the newest orders, which come and go most, share cache lines; each
   * stretch of ids as long as the table is laid out in another order, so that ids with a common step spread as well.
   */
  private home(low: number, high: number): number {
    const stretch = (low >> this.bits) ^ Math.imul(high, 0x85ebca6b);
    return (low ^ Math.imul(stretch, 0x9e3779b1)) & this.mask;
  }
}
