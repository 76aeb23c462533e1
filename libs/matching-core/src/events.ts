import { EventCode } from './codes.js';
import { EVENT_WIDTH_MAX, ORDER_WIDTH, ORDER_WIDTH_EXTENDED, NEW_ORDER } from './fields.js';
import { StateHash } from './state-hash.js';
import { isExtended } from './terms.js';

const ACCEPTED_EVENT = EventCode.accepted;
const TRADE_EVENT = EventCode.trade;
const CANCELED_EVENT = EventCode.canceled;
const LEVEL_EVENT = EventCode.level;
const PREVENTED_EVENT = EventCode.prevented;
const REJECTED_EVENT = EventCode.rejected;
const REPLACED_EVENT = EventCode.replaced;
const RESTATED_EVENT = EventCode.restated;
const PLAIN_WIDTH = ORDER_WIDTH;
const EXTENDED_WIDTH = ORDER_WIDTH_EXTENDED;
const { terms: TERMS_FIELD, price: PRICE_FIELD } = NEW_ORDER;

/**
 * Events as packed doubles in `values[0..length)`: type code, then the fields of EVENT_FIELDS. To be read only: the state
 * hash is made of them.
 */
export interface EventReader {
  /** Another array when the buffer had to grow. */
  readonly values: Float64Array;
  readonly length: number;
  /** Says that all events so far have been taken. */
  clear(): void;
}

/** Commands append, the reader clears. The buffer only grows when one uncleared stretch outgrows it. */
export class EventBuffer implements EventReader {
  values: Float64Array;
  /** The same memory, two 32-bit words per value, for the hash. */
  private words: Int32Array;
  length = 0;
  /**
   * Over the events of every command that is not rejected, but for those from `unhashed` on: many commands folded at one
   * go cost half as much as each by itself.
   */
  private readonly hash = new StateHash();
  private unhashed = 0;

  constructor(capacity = 1 << 16) {
    this.values = new Float64Array(capacity);
    this.words = new Int32Array(this.values.buffer);
  }

  clear(): void {
    this.foldPending();
    this.length = 0;
    this.unhashed = 0;
  }

  /** The state hash over everything told so far. */
  stateHash(): StateHash {
    this.foldPending();
    return this.hash;
  }

  /** `accepted` of an order without extension. */
  acceptedPlain(
    book: number,
    account: number,
    orderId: number,
    terms: number,
    price: number,
    quantity: number,
  ): void {
    const length = this.open(PLAIN_WIDTH);
    const { values } = this;
    values[length] = ACCEPTED_EVENT;
    values[length + 1] = book;
    values[length + 2] = account;
    values[length + 3] = orderId;
    values[length + 4] = terms;
    values[length + 5] = price;
    values[length + 6] = quantity;
  }

  /** The command as it was entered, but for a price that slid. */
  accepted(command: Float64Array, at: number, price: number): void {
    const width = isExtended(command[at + TERMS_FIELD] as number) ? EXTENDED_WIDTH : PLAIN_WIDTH;
    const length = this.open(width);
    const { values } = this;
    values[length] = ACCEPTED_EVENT;
    for (let i = 1; i < width; i++) values[length + i] = command[at + i] as number;
    values[length + PRICE_FIELD] = price;
  }

  trade(
    tradeId: number,
    book: number,
    price: number,
    quantity: number,
    aggressorSide: number,
    makerOrderId: number,
    makerAccount: number,
    makerFee: number,
    makerCum: number,
    makerLeaves: number,
    takerOrderId: number,
    takerAccount: number,
    takerFee: number,
    takerCum: number,
    takerLeaves: number,
  ): void {
    const length = this.open(16);
    const { values } = this;
    values[length] = TRADE_EVENT;
    values[length + 1] = tradeId;
    values[length + 2] = book;
    values[length + 3] = price;
    values[length + 4] = quantity;
    values[length + 5] = aggressorSide;
    values[length + 6] = makerOrderId;
    values[length + 7] = makerAccount;
    values[length + 8] = makerFee;
    values[length + 9] = makerCum;
    values[length + 10] = makerLeaves;
    values[length + 11] = takerOrderId;
    values[length + 12] = takerAccount;
    values[length + 13] = takerFee;
    values[length + 14] = takerCum;
    values[length + 15] = takerLeaves;
  }

  level(
    book: number,
    side: number,
    price: number,
    quantity: number,
    orders: number,
    sequence: number,
  ): void {
    const length = this.open(7);
    const { values } = this;
    values[length] = LEVEL_EVENT;
    values[length + 1] = book;
    values[length + 2] = side;
    values[length + 3] = price;
    values[length + 4] = quantity;
    values[length + 5] = orders;
    values[length + 6] = sequence;
  }

  canceled(
    book: number,
    account: number,
    orderId: number,
    side: number,
    reason: number,
    quantity: number,
    cum: number,
  ): void {
    const length = this.open(8);
    const { values } = this;
    values[length] = CANCELED_EVENT;
    values[length + 1] = book;
    values[length + 2] = account;
    values[length + 3] = orderId;
    values[length + 4] = side;
    values[length + 5] = reason;
    values[length + 6] = quantity;
    values[length + 7] = cum;
  }

  replaced(
    book: number,
    account: number,
    orderId: number,
    side: number,
    price: number,
    stopPrice: number,
    cum: number,
    leaves: number,
    keptPriority: boolean,
  ): void {
    const length = this.open(11);
    const { values } = this;
    values[length] = REPLACED_EVENT;
    values[length + 1] = book;
    values[length + 2] = account;
    values[length + 3] = orderId;
    values[length + 4] = side;
    values[length + 5] = price;
    values[length + 6] = stopPrice;
    values[length + 7] = cum + leaves;
    values[length + 8] = cum;
    values[length + 9] = leaves;
    values[length + 10] = keptPriority ? 1 : 0;
  }

  restated(
    book: number,
    account: number,
    orderId: number,
    side: number,
    cum: number,
    leaves: number,
  ): void {
    const length = this.open(8);
    const { values } = this;
    values[length] = RESTATED_EVENT;
    values[length + 1] = book;
    values[length + 2] = account;
    values[length + 3] = orderId;
    values[length + 4] = side;
    values[length + 5] = cum + leaves;
    values[length + 6] = cum;
    values[length + 7] = leaves;
  }

  prevented(
    book: number,
    price: number,
    quantity: number,
    makerOrderId: number,
    makerAccount: number,
    takerOrderId: number,
    takerAccount: number,
    mode: number,
  ): void {
    const length = this.open(9);
    const { values } = this;
    values[length] = PREVENTED_EVENT;
    values[length + 1] = book;
    values[length + 2] = price;
    values[length + 3] = quantity;
    values[length + 4] = makerOrderId;
    values[length + 5] = makerAccount;
    values[length + 6] = takerOrderId;
    values[length + 7] = takerAccount;
    values[length + 8] = mode;
  }

  /** In no hash: a rejected command changes nothing. */
  rejected(command: number, reason: number, account: number, orderId: number): void {
    this.foldPending();
    const length = this.open(5);
    const { values } = this;
    values[length] = REJECTED_EVENT;
    values[length + 1] = command;
    values[length + 2] = reason;
    values[length + 3] = account;
    values[length + 4] = orderId;
    this.unhashed = this.length;
  }

  /** Every event that comes by the hundred at most: `fields` is an array. */
  emit(type: number, ...fields: number[]): void {
    const length = this.open(fields.length + 1);
    const { values } = this;
    values[length] = type;
    values.set(fields, length + 1);
  }

  private foldPending(): void {
    this.hash.fold(this.words, this.unhashed, this.length);
    this.unhashed = this.length;
  }

  /** Makes room for one event and returns where it starts. */
  private open(width: number): number {
    if (this.length + EVENT_WIDTH_MAX > this.values.length) this.grow();
    const length = this.length;
    this.length = length + width;
    return length;
  }

  private grow(): void {
    const larger = new Float64Array(this.values.length * 2);
    larger.set(this.values);
    this.values = larger;
    this.words = new Int32Array(larger.buffer);
  }
}
