import {
  CANCEL_REASONS,
  COMMAND_KINDS,
  INTEGER_MAX,
  ORDER_TYPES,
  PHASES,
  POST_ONLY,
  REJECT_REASONS,
  SIDES,
  STP_MODES,
  TIMES_IN_FORCE,
} from './codes.js';
import type { BookConfig, CommandKind, EventType } from './types.js';

/**
 * The binary form of commands and events: one double per field, in this order, after the code of the kind or type.
 * An enumeration travels as its index in `names`. The journal stores commands in this form: append, never reorder.
 */
export interface Field {
  readonly name: string;
  readonly names?: readonly (string | boolean)[];
  /** A number that may be negative. */
  readonly signed?: true;
}

const FLAG = [false, true] as const;
const numbers = (...names: string[]): Field[] => names.map((name) => ({ name }));
const oneOf = (name: string, names: readonly (string | boolean)[]): Field => ({ name, names });

export const CONFIG_FIELDS: readonly (Field & { readonly name: keyof BookConfig })[] = [
  { name: 'tickSize' },
  { name: 'lotSize' },
  { name: 'minPrice' },
  { name: 'maxPrice' },
  { name: 'minQuantity' },
  { name: 'maxQuantity' },
  { name: 'minNotional' },
  { name: 'maxNotional' },
  { name: 'protectionTicks' },
  { name: 'makerFeePpm', signed: true },
  { name: 'takerFeePpm' },
  { name: 'auctionFeePpm' },
  { name: 'reduceKeepsPriority', names: FLAG },
  { name: 'selfTradeAllowed', names: FLAG },
  { name: 'referenceFollowsTrades', names: FLAG },
];

export const COMMAND_FIELDS: Readonly<Record<CommandKind, readonly Field[]>> = {
  new_order: [
    ...numbers('book', 'account', 'orderId'),
    oneOf('side', SIDES),
    oneOf('type', ORDER_TYPES),
    oneOf('timeInForce', TIMES_IN_FORCE),
    ...numbers('price', 'quantity', 'quoteAmount', 'displayQuantity', 'stopPrice', 'expiresAt'),
    oneOf('stp', STP_MODES),
    oneOf('postOnly', POST_ONLY),
    ...numbers('ocoPartner'),
  ],
  cancel: numbers('account', 'orderId'),
  replace: numbers('account', 'orderId', 'price', 'quantity', 'stopPrice'),
  mass_cancel: numbers('account', 'book'),
  kill_switch: [...numbers('account'), oneOf('engaged', FLAG)],
  set_time: numbers('time'),
  set_phase: [...numbers('book'), oneOf('phase', PHASES)],
  set_bands: numbers('book', 'staticLow', 'staticHigh', 'dynamicPpm', 'referencePrice'),
  indicate: numbers('book'),
  bust: numbers('tradeId'),
  correct: numbers('tradeId', 'price'),
  deposit: numbers('account', 'asset', 'amount'),
  withdraw: numbers('account', 'asset', 'amount'),
  configure_account: numbers('account', 'ownerGroup', 'openOrdersMax'),
  configure_book: [...numbers('book'), ...CONFIG_FIELDS],
};

/** Positions of the fields of new_order, the one command whose layout the hot path reads by name. */
export const NEW_ORDER = {
  book: 1,
  account: 2,
  orderId: 3,
  side: 4,
  type: 5,
  timeInForce: 6,
  price: 7,
  quantity: 8,
  quoteAmount: 9,
  displayQuantity: 10,
  stopPrice: 11,
  expiresAt: 12,
  stp: 13,
  postOnly: 14,
  ocoPartner: 15,
} as const;

const ORDER_KEY = ['book', 'account', 'orderId'];

export const EVENT_FIELDS: Readonly<Record<EventType, readonly Field[]>> = {
  accepted: COMMAND_FIELDS.new_order.map((field) =>
    field.name === 'type' ? { ...field, name: 'orderType' } : field,
  ),
  rejected: [
    oneOf('command', COMMAND_KINDS),
    oneOf('reason', ['', ...REJECT_REASONS]),
    ...numbers('account', 'orderId'),
  ],
  trade: [
    ...numbers('tradeId', 'book', 'price', 'quantity'),
    oneOf('aggressorSide', [...SIDES, 'none']),
    ...numbers('makerOrderId', 'makerAccount', 'makerFee', 'makerCumQuantity'),
    ...numbers('makerLeavesQuantity', 'takerOrderId', 'takerAccount', 'takerFee'),
    ...numbers('takerCumQuantity', 'takerLeavesQuantity'),
  ],
  canceled: [
    ...numbers(...ORDER_KEY),
    oneOf('side', SIDES),
    oneOf('reason', CANCEL_REASONS),
    ...numbers('canceledQuantity', 'cumQuantity'),
  ],
  replaced: [
    ...numbers(...ORDER_KEY),
    oneOf('side', SIDES),
    ...numbers('price', 'stopPrice', 'quantity', 'cumQuantity', 'leavesQuantity'),
    oneOf('keptPriority', FLAG),
  ],
  restated: [
    ...numbers(...ORDER_KEY),
    oneOf('side', SIDES),
    ...numbers('quantity', 'cumQuantity', 'leavesQuantity'),
  ],
  triggered: [
    ...numbers(...ORDER_KEY),
    oneOf('side', SIDES),
    ...numbers('stopPrice', 'lastPrice', 'leavesQuantity'),
  ],
  prevented: [
    ...numbers('book', 'price', 'quantity', 'makerOrderId', 'makerAccount'),
    ...numbers('takerOrderId', 'takerAccount'),
    oneOf('mode', STP_MODES),
  ],
  level: [
    ...numbers('book'),
    oneOf('side', SIDES),
    ...numbers('price', 'quantity', 'orders', 'sequence'),
  ],
  phase: [...numbers('book'), oneOf('from', PHASES), oneOf('to', PHASES)],
  auction: [
    ...numbers('book'),
    oneOf('final', FLAG),
    ...numbers('price', 'volume'),
    { name: 'imbalance', signed: true },
  ],
  bands: COMMAND_FIELDS.set_bands,
  balance: [
    ...numbers('account', 'asset'),
    { name: 'change', signed: true },
    ...numbers('available'),
  ],
  book_configured: COMMAND_FIELDS.configure_book,
  account_configured: COMMAND_FIELDS.configure_account,
  time: COMMAND_FIELDS.set_time,
  kill_switch: COMMAND_FIELDS.kill_switch,
  mass_canceled: numbers('account', 'book', 'orders'),
  trade_busted: numbers(
    ...['tradeId', 'book', 'price', 'quantity', 'makerAccount', 'takerAccount'],
    ...['makerFee', 'takerFee'],
  ),
  trade_corrected: numbers(
    ...['tradeId', 'book', 'previousPrice', 'price', 'quantity', 'makerAccount', 'takerAccount'],
    ...['makerFee', 'takerFee'],
  ),
};

/** Doubles of the widest command, its kind included. */
export const COMMAND_WIDTH = 20;
/** Doubles of the widest event, its type included. */
export const EVENT_WIDTH_MAX = 20;

export const commandLengths = Uint8Array.from(
  COMMAND_KINDS,
  (kind) => COMMAND_FIELDS[kind].length + 1,
);

function bounds(pick: (field: Field) => number): Float64Array {
  const table = new Float64Array(COMMAND_KINDS.length * COMMAND_WIDTH);
  COMMAND_KINDS.forEach((kind, code) => {
    COMMAND_FIELDS[kind].forEach((field, index) => {
      table[code * COMMAND_WIDTH + index + 1] = pick(field);
    });
  });
  return table;
}

/** Least and greatest legal value of every command field, indexed by kind * COMMAND_WIDTH + position (SPEC 3.1). */
export const fieldMin = bounds((field) => (field.signed ? -INTEGER_MAX : 0));
export const fieldMax = bounds((field) => (field.names ? field.names.length - 1 : INTEGER_MAX));
