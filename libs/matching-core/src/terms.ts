import { ORDER_TYPES, POST_ONLY, SIDES, STP_MODES, TIMES_IN_FORCE } from './codes.js';
import type { OrderType, PostOnly, Side, StpMode, TimeInForce } from './types.js';

/**
 * The terms of an order: its five enumerations in one integer. A new_order carries it, `accepted` repeats it, and the
 * order's record keeps it in its FLAGS word with the book above it, so nothing is ever repacked.
 *
 *     bit   0      1..2   3..5            6..8   9..10      11                          12..27 (FLAGS only)
 *           side   type   time in force   stp    post-only  extended: EXTENSION follows   book
 *
 * Each enumeration is its index in the lists of codes.ts.
 */
export const TERMS = {
  TYPE: 1,
  TIME_IN_FORCE: 3,
  STP: 6,
  POST_ONLY: 9,
  /** The value of the bit: the extension fields follow, and at least one of them is not 0. */
  EXTENDED: 1 << 11,
  BOOK: 12,
} as const;
const { BOOK, EXTENDED, POST_ONLY: POST, STP, TIME_IN_FORCE, TYPE } = TERMS;

/** Terms are below this. */
export const TERMS_END = 1 << BOOK;

export interface BitField {
  readonly name: string;
  readonly names: readonly string[];
  readonly shift: number;
  readonly width: number;
}
export const TERMS_FIELDS: readonly BitField[] = [
  { name: 'side', names: SIDES, shift: 0, width: 1 },
  { name: 'type', names: ORDER_TYPES, shift: TYPE, width: 2 },
  { name: 'timeInForce', names: TIMES_IN_FORCE, shift: TIME_IN_FORCE, width: 3 },
  { name: 'stp', names: STP_MODES, shift: STP, width: 3 },
  { name: 'postOnly', names: POST_ONLY, shift: POST, width: 2 },
];

export interface OrderTerms {
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly stp: StpMode;
  /** 'no' unless given. */
  readonly postOnly?: PostOnly;
  /** Whether the extension fields follow; false unless given. */
  readonly extended?: boolean;
}

/** The integer of a binary new_order for these terms. */
export function packTerms(terms: OrderTerms): number {
  return (
    SIDES.indexOf(terms.side) |
    (ORDER_TYPES.indexOf(terms.type) << TYPE) |
    (TIMES_IN_FORCE.indexOf(terms.timeInForce) << TIME_IN_FORCE) |
    (STP_MODES.indexOf(terms.stp) << STP) |
    (POST_ONLY.indexOf(terms.postOnly ?? 'no') << POST) |
    (terms.extended === true ? EXTENDED : 0)
  );
}

/** The reverse of `packTerms`; throws on an integer that is not the terms of an order. */
export function readTerms(terms: number): Required<OrderTerms> {
  const side = SIDES[sideOf(terms)];
  const type = ORDER_TYPES[typeOf(terms)];
  const timeInForce = TIMES_IN_FORCE[timeInForceOf(terms)];
  const stp = STP_MODES[stpOf(terms)];
  const postOnly = POST_ONLY[postOnlyOf(terms)];
  if (!areTerms(terms) || !side || !type || !timeInForce || !stp || !postOnly)
    throw new RangeError(`${terms} are not the terms of an order`);
  return { side, type, timeInForce, stp, postOnly, extended: isExtended(terms) };
}

/** SPEC 3.1 for the enumerations of an order. */
export function areTerms(terms: number): boolean {
  return (
    terms >= 0 &&
    terms < TERMS_END &&
    Math.floor(terms) === terms &&
    timeInForceOf(terms) < TIMES_IN_FORCE.length &&
    stpOf(terms) < STP_MODES.length &&
    postOnlyOf(terms) < POST_ONLY.length
  );
}

// Readers of terms and of FLAGS alike.
export const sideOf = (flags: number): number => flags & 1;
export const typeOf = (flags: number): number => (flags >>> TYPE) & 3;
export const timeInForceOf = (flags: number): number => (flags >>> TIME_IN_FORCE) & 7;
export const stpOf = (flags: number): number => (flags >>> STP) & 7;
export const postOnlyOf = (flags: number): number => (flags >>> POST) & 3;
export const isExtended = (terms: number): boolean => (terms & EXTENDED) !== 0;

/** The FLAGS word of an order; whether its command was extended shows in its record. */
export const flagsOf = (terms: number, book: number): number =>
  (terms & ~EXTENDED) | (book << BOOK);
export const bookOf = (flags: number): number => flags >>> BOOK;
export const withType = (flags: number, type: number): number =>
  (flags & ~(3 << TYPE)) | (type << TYPE);
/** stop and stop_limit, the types with the upper bit, wait on a stop ladder; triggering changes the type. */
export const isPendingStop = (flags: number): boolean => (flags & (2 << TYPE)) !== 0;
/** The ladder an order stands on: bids, asks, buy stops, sell stops. */
export const ladderOf = (flags: number): number => (flags & 1) | ((flags >>> TYPE) & 2);
