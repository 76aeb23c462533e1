import { RECORD } from './orders.js';

const { LEVEL, NEXT, PREVIOUS, VISIBLE } = RECORD;

/**
 * A level is eight 32-bit words, or in the same memory four doubles: three words for head, tail and order count, and the
 * third double for the displayed quantity.
 */
const LEVEL_WORDS = 8;
const WORDS_SHIFT = 3;
const DOUBLES_SHIFT = 2;
const HEAD = 0;
const TAIL = 1;
const COUNT = 2;
const VOLUME = 2;

/**
 * Every possible price of one side, indexed by tick, with a bitmap of the levels in use in three tiers of 32-bit words:
 * a bit of a tier says that the word below it is not zero, so the neighbour of a level is a few bit scans away.
 */
export class Ladder {
  /** Best level in use, -1 when the ladder is empty. */
  best = -1;
  private readonly words: Int32Array;
  private readonly doubles: Float64Array;
  private readonly lowIsBest: boolean;
  private readonly levelBits: Int32Array;
  private readonly wordBits: Int32Array;
  private readonly blockBits: Int32Array;

  constructor(ticks: number, lowIsBest: boolean) {
    const memory = new ArrayBuffer(ticks * LEVEL_WORDS * 4);
    this.words = new Int32Array(memory);
    this.doubles = new Float64Array(memory);
    this.lowIsBest = lowIsBest;
    this.levelBits = new Int32Array(ticks >>> 5);
    this.wordBits = new Int32Array(Math.ceil(ticks / 1024));
    this.blockBits = new Int32Array(Math.ceil(ticks / 32768));
  }

  head(level: number): number {
    return this.words[(level << WORDS_SHIFT) | HEAD] as number;
  }

  count(level: number): number {
    return this.words[(level << WORDS_SHIFT) | COUNT] as number;
  }

  volume(level: number): number {
    return this.doubles[(level << DOUBLES_SHIFT) | VOLUME] as number;
  }

  /** Tail of its level; the record's LEVEL and VISIBLE are already set. */
  append(records: Int32Array, order: number): void {
    const level = records[order | LEVEL] as number;
    const at = level << WORDS_SHIFT;
    const tail = this.words[at | TAIL] as number;
    records[order | NEXT] = 0;
    records[order | PREVIOUS] = tail;
    records[tail | NEXT] = order;
    if (tail === 0) {
      this.words[at | HEAD] = order;
      this.mark(level);
      if (this.best < 0 || (this.lowIsBest ? level < this.best : level > this.best))
        this.best = level;
    }
    this.words[at | TAIL] = order;
    this.words[at | COUNT] = (this.words[at | COUNT] as number) + 1;
    this.addVolume(level, records[order | VISIBLE] as number);
  }

  remove(records: Int32Array, order: number): void {
    const level = records[order | LEVEL] as number;
    const at = level << WORDS_SHIFT;
    const next = records[order | NEXT] as number;
    const previous = records[order | PREVIOUS] as number;
    records[previous | NEXT] = next;
    records[next | PREVIOUS] = previous;
    if (previous === 0) this.words[at | HEAD] = next;
    if (next === 0) this.words[at | TAIL] = previous;
    this.words[at | COUNT] = (this.words[at | COUNT] as number) - 1;
    this.addVolume(level, -(records[order | VISIBLE] as number));
    if (next === 0 && previous === 0) {
      this.unmark(level);
      if (level === this.best) this.best = this.lowIsBest ? this.above(level) : this.below(level);
    }
  }

  addVolume(level: number, change: number): void {
    const at = (level << DOUBLES_SHIFT) | VOLUME;
    this.doubles[at] = (this.doubles[at] as number) + change;
  }

  /** Next level in use on the way from best to worst, -1 at the end. */
  worseThan(level: number): number {
    return this.lowIsBest ? this.above(level) : this.below(level);
  }

  lowest(): number {
    return this.above(-1);
  }

  /** Lowest level in use above the given one, -1 if there is none. */
  above(level: number): number {
    const from = level + 1;
    let word = from >>> 5;
    if (word >= this.levelBits.length) return -1;
    let bits = (this.levelBits[word] as number) & (-1 << (from & 31));
    if (bits === 0) {
      const nextWord = word + 1;
      let block = nextWord >>> 5;
      if (block >= this.wordBits.length) return -1;
      let words = (this.wordBits[block] as number) & (-1 << (nextWord & 31));
      if (words === 0) {
        block = this.blockAbove(block + 1);
        if (block < 0) return -1;
        words = this.wordBits[block] as number;
      }
      word = (block << 5) | lowestBit(words);
      bits = this.levelBits[word] as number;
    }
    return (word << 5) | lowestBit(bits);
  }

  /** Highest level in use below the given one, -1 if there is none. */
  below(level: number): number {
    if (level <= 0) return -1;
    const from = level - 1;
    let word = from >>> 5;
    let bits = (this.levelBits[word] as number) & (-1 >>> (31 - (from & 31)));
    if (bits === 0) {
      if (word === 0) return -1;
      const nextWord = word - 1;
      let block = nextWord >>> 5;
      let words = (this.wordBits[block] as number) & (-1 >>> (31 - (nextWord & 31)));
      if (words === 0) {
        block = this.blockBelow(block - 1);
        if (block < 0) return -1;
        words = this.wordBits[block] as number;
      }
      word = (block << 5) | highestBit(words);
      bits = this.levelBits[word] as number;
    }
    return (word << 5) | highestBit(bits);
  }

  private blockAbove(from: number): number {
    for (let tier = from >>> 5; tier < this.blockBits.length; tier++) {
      const mask = tier === from >>> 5 ? -1 << (from & 31) : -1;
      const bits = (this.blockBits[tier] as number) & mask;
      if (bits !== 0) return (tier << 5) | lowestBit(bits);
    }
    return -1;
  }

  private blockBelow(from: number): number {
    if (from < 0) return -1;
    for (let tier = from >>> 5; tier >= 0; tier--) {
      const mask = tier === from >>> 5 ? -1 >>> (31 - (from & 31)) : -1;
      const bits = (this.blockBits[tier] as number) & mask;
      if (bits !== 0) return (tier << 5) | highestBit(bits);
    }
    return -1;
  }

  private mark(level: number): void {
    const word = level >>> 5;
    const bits = this.levelBits[word] as number;
    this.levelBits[word] = bits | (1 << (level & 31));
    if (bits !== 0) return;
    const block = word >>> 5;
    const words = this.wordBits[block] as number;
    this.wordBits[block] = words | (1 << (word & 31));
    if (words !== 0) return;
    const tier = block >>> 5;
    this.blockBits[tier] = (this.blockBits[tier] as number) | (1 << (block & 31));
  }

  private unmark(level: number): void {
    const word = level >>> 5;
    const bits = (this.levelBits[word] as number) & ~(1 << (level & 31));
    this.levelBits[word] = bits;
    if (bits !== 0) return;
    const block = word >>> 5;
    const words = (this.wordBits[block] as number) & ~(1 << (word & 31));
    this.wordBits[block] = words;
    if (words !== 0) return;
    const tier = block >>> 5;
    this.blockBits[tier] = (this.blockBits[tier] as number) & ~(1 << (block & 31));
  }
}

const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
const highestBit = (bits: number): number => 31 - Math.clz32(bits);
