/**
 * Live orders as records of sixteen 32-bit words (one cache line), in slots that a free list recycles; slot 0 means
 * "none", and its record takes the writes to a neighbour that does not exist, which spares the branch. RECORD names
 * the offsets of the words: `words[slot * WORDS + LEAVES]`.
 *
 * Modules on the hot path take these names by `const { LEAVES } = RECORD` and not as imports: V8 folds a constant of
 * the module itself into the code, but reads an imported one from memory at every use, which cost a quarter of W1.
 */
export const RECORD = {
  WORDS: 16,
  ID_LOW: 0,
  ID_HIGH: 1,
  /** Neighbours in the FIFO of the price level; NEXT also chains the free slots, 0 in one that was never used. */
  NEXT: 2,
  PREVIOUS: 3,
  /** Index of the price level: the limit price, or the stop price while the stop is pending. */
  LEVEL: 4,
  LEAVES: 5,
  VISIBLE: 6,
  CUM: 7,
  /** 0 in a free slot. */
  ACCOUNT: 8,
  FLAGS: 9,
  RESERVED_PER_LOT: 10,
  /** Displayed peak of an iceberg, 0 for a fully displayed order. */
  DISPLAY: 11,
  /** Next order whose id shares a place of the table. */
  CHAIN: 12,
  PARTNER: 13,
  /** Not a word but a double, in the words 14 and 15: `doubles[slot * DOUBLES + PRIORITY_DOUBLE]`. */
  PRIORITY_DOUBLE: 7,
  DOUBLES: 8,
} as const;
const { WORDS, ID_LOW, ID_HIGH, NEXT, ACCOUNT, CHAIN } = RECORD;

const TWO_32 = 2 ** 32;
/** Exact, and far quicker than the division by 2^32. */
const HIGH_HALF = 2 ** -32;
/** The C library hands out large blocks 16 bytes into a page: from here each record has a cache line of its own. */
const ORIGIN = 48;

export class OrderStore {
  readonly words: Int32Array;
  /** The same memory as `words`. */
  readonly doubles: Float64Array;
  /** Written for gtd orders only; never touched memory is never resident. */
  readonly expiresAt: Float64Array;
  /** Limit or protection price that a pending stop will have; written for those only. */
  readonly stopLimit: Int32Array;
  readonly capacity: number;
  live = 0;
  /** Order id -> slot of the newest order at this place; the others follow by CHAIN. */
  private readonly table: Int32Array;
  private readonly bits: number;
  private readonly mask: number;
  /** Head of the free slots: the freed ones, last freed first, then those never used, which lie in order. */
  private freeSlot = 1;

  constructor(capacity: number) {
    this.capacity = capacity;
    const memory = new ArrayBuffer((capacity + 1) * WORDS * 4 + ORIGIN);
    this.words = new Int32Array(memory, ORIGIN);
    this.doubles = new Float64Array(memory, ORIGIN);
    this.expiresAt = new Float64Array(capacity + 1);
    this.stopLimit = new Int32Array(capacity + 1);
    this.bits = 32 - Math.clz32(Math.max(capacity - 1, 1));
    this.table = new Int32Array(2 ** this.bits);
    this.mask = 2 ** this.bits - 1;
  }

  get bytes(): number {
    const { words, expiresAt, stopLimit, table } = this;
    return words.byteLength + expiresAt.byteLength + stopLimit.byteLength + table.byteLength;
  }

  /** The new record keeps stale words; the caller writes every word but the id. */
  add(orderId: number): number {
    const { words } = this;
    const slot = this.freeSlot;
    const nextFree = words[slot * WORDS + NEXT] as number;
    this.freeSlot = nextFree === 0 ? slot + 1 : nextFree;
    const low = orderId | 0;
    const high = (orderId * HIGH_HALF) | 0;
    words[slot * WORDS + ID_LOW] = low;
    words[slot * WORDS + ID_HIGH] = high;
    const home = this.home(low, high);
    words[slot * WORDS + CHAIN] = this.table[home] as number;
    this.table[home] = slot;
    this.live++;
    return slot;
  }

  /** Slot of the live order with this id, 0 if there is none. */
  find(orderId: number): number {
    const { words } = this;
    const low = orderId | 0;
    const high = (orderId * HIGH_HALF) | 0;
    let next = this.table[this.home(low, high)] as number;
    let slot: number;
    do {
      slot = next;
      next = words[slot * WORDS + CHAIN] as number;
    } while (
      slot !== 0 &&
      (words[slot * WORDS + ID_LOW] !== low || words[slot * WORDS + ID_HIGH] !== high)
    );
    return slot;
  }

  remove(slot: number): void {
    const { words, table } = this;
    const at = slot * WORDS;
    const home = this.home(words[at + ID_LOW] as number, words[at + ID_HIGH] as number);
    const first = table[home] as number;
    let previous = 0;
    let other = 0;
    let next = first;
    do {
      previous = other;
      other = next;
      next = words[other * WORDS + CHAIN] as number;
    } while (other !== slot);
    words[previous * WORDS + CHAIN] = next;
    table[home] = previous === 0 ? next : first;
    words[at + NEXT] = this.freeSlot;
    words[at + ACCOUNT] = 0;
    this.freeSlot = slot;
    this.live--;
  }

  /** Slots of the account's live orders, of which it has `count`: one pass over the records, in no particular order. */
  slotsOf(account: number, count: number): number[] {
    const slots: number[] = [];
    for (let slot = 1; slots.length < count && slot <= this.capacity; slot++)
      if (this.words[slot * WORDS + ACCOUNT] === account) slots.push(slot);
    return slots;
  }

  idOf(slot: number): number {
    const at = slot * WORDS;
    return (
      (this.words[at + ID_HIGH] as number) * TWO_32 + ((this.words[at + ID_LOW] as number) >>> 0)
    );
  }

  /**
   * Consecutive ids have neighbouring places, so the newest orders, which come and go most, share cache lines; each
   * stretch of ids as long as the table is laid out in another order, so that ids with a common step spread as well.
   */
  private home(low: number, high: number): number {
    const stretch = (low >>> this.bits) ^ Math.imul(high, 0x85ebca6b);
    return (low ^ Math.imul(stretch, 0x9e3779b1)) & this.mask;
  }
}
