/**
 * Live orders as records of sixteen 32-bit words (one cache line), in slots that a free list recycles; slot 0 means
 * "none", and its record takes the writes to a neighbour that does not exist, which spares the branch. RECORD names the offsets of the words: `words[slot * WORDS + LEAVES]`.
 *
 * Modules on the hot path take these names by `const { LEAVES } = RECORD` and not as imports: V8 folds a constant of
 * the module itself into the code, but reads an imported one from memory at every use, which cost a quarter of W1.
 */
export const RECORD = {
  WORDS: 16,
  ID_LOW: 0,
  ID_HIGH: 1,
  /** Neighbours in the FIFO of the price level; NEXT also chains the free slots. */
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
  /** Limit or protection price, which a pending stop keeps here until it triggers. */
  PRICE: 12,
  PARTNER: 13,
  /** A double: its index in `doubles` is slot * DOUBLES + PRIORITY, and it takes the words 14 and 15. */
  PRIORITY: 7,
  DOUBLES: 8,
} as const;
const { WORDS, ID_LOW, ID_HIGH, NEXT, ACCOUNT } = RECORD;

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
  readonly capacity: number;
  live = 0;
  /** Open addressing with linear probing: order id -> slot, at most half full. */
  private readonly table: Int32Array;
  private readonly shift: number;
  private readonly mask: number;
  private freeSlot = 0;
  private slotsUsed = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    const memory = new ArrayBuffer((capacity + 1) * WORDS * 4 + ORIGIN);
    this.words = new Int32Array(memory, ORIGIN);
    this.doubles = new Float64Array(memory, ORIGIN);
    this.expiresAt = new Float64Array(capacity + 1);
    const bits = 33 - Math.clz32(Math.max(capacity - 1, 1));
    this.table = new Int32Array(2 ** bits);
    this.mask = 2 ** bits - 1;
    this.shift = 32 - bits;
  }

  get bytes(): number {
    return this.words.byteLength + this.expiresAt.byteLength + this.table.byteLength;
  }

  /** The new record keeps stale words; the caller writes every word but the id. */
  add(orderId: number): number {
    const { words } = this;
    let slot = this.freeSlot;
    if (slot !== 0) this.freeSlot = words[slot * WORDS + NEXT] as number;
    else slot = ++this.slotsUsed;
    const low = orderId | 0;
    const high = (orderId * HIGH_HALF) | 0;
    words[slot * WORDS + ID_LOW] = low;
    words[slot * WORDS + ID_HIGH] = high;
    const { table, mask } = this;
    let index = this.home(low, high) - 1;
    do index = (index + 1) & mask;
    while (table[index] !== 0);
    table[index] = slot;
    this.live++;
    return slot;
  }

  find(orderId: number): number {
    const { words, table, mask } = this;
    const low = orderId | 0;
    const high = (orderId * HIGH_HALF) | 0;
    let index = this.home(low, high) - 1;
    let slot: number;
    do {
      index = (index + 1) & mask;
      slot = table[index] as number;
    } while (
      slot !== 0 &&
      (words[slot * WORDS + ID_LOW] !== low || words[slot * WORDS + ID_HIGH] !== high)
    );
    return slot;
  }

  remove(slot: number): void {
    const { words, table, mask } = this;
    let hole = this.homeOf(slot) - 1;
    do hole = (hole + 1) & mask;
    while (table[hole] !== slot);
    // Backward shift: no tombstones, so lookups stay short however long the engine runs.
    let index = hole;
    for (;;) {
      index = (index + 1) & mask;
      const other = table[index] as number;
      if (other === 0) break;
      const distance = (index - this.homeOf(other)) & mask;
      if (distance >= ((index - hole) & mask)) {
        table[hole] = other;
        hole = index;
      }
    }
    table[hole] = 0;
    words[slot * WORDS + NEXT] = this.freeSlot;
    words[slot * WORDS + ACCOUNT] = 0;
    this.freeSlot = slot;
    this.live--;
  }

  /** Slots of the account's live orders, of which it has `count`: one pass over the records, in no particular order. */
  slotsOf(account: number, count: number): number[] {
    const slots: number[] = [];
    for (let slot = 1; slots.length < count && slot <= this.slotsUsed; slot++)
      if (this.words[slot * WORDS + ACCOUNT] === account) slots.push(slot);
    return slots;
  }

  idOf(slot: number): number {
    const at = slot * WORDS;
    return (
      (this.words[at + ID_HIGH] as number) * TWO_32 + ((this.words[at + ID_LOW] as number) >>> 0)
    );
  }

  private homeOf(slot: number): number {
    const at = slot * WORDS;
    return this.home(this.words[at + ID_LOW] as number, this.words[at + ID_HIGH] as number);
  }

  /** Fibonacci hashing spreads runs of consecutive ids evenly over the table. */
  private home(low: number, high: number): number {
    return Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> this.shift;
  }
}
