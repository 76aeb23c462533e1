import {
  CANCEL_REASONS,
  COMMAND_KINDS,
  CommandCode,
  EVENT_TYPES,
  EventCode,
  INTEGER_MAX,
  PHASES,
  REJECT_REASONS,
  SIDES,
  STP_MODES,
} from './codes.js';
import { TERMS_END, TERMS_FIELDS, isExtended } from './terms.js';
import type { BitField } from './terms.js';
import type { BookConfig, CommandKind, EventType } from './types.js';

/**
 * The binary form of commands and events: one double per field, in this order, after the code of the kind or type.
 * An enumeration travels as its index in `names`; those of an order share one integer (terms.ts). The fields of EXTENSION
 * end a new_order and its `accepted` only if the terms say so: most orders need none of them.
 * The journal stores commands in this form: append, never reorder.
 */
export interface Field {
  readonly name: string;
  readonly names?: readonly (string | boolean)[];
  /** Enumerations that share the integer. */
  readonly bits?: readonly BitField[];
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

/** What only some orders have: new_order and `accepted` end with these if their terms are extended. */
export const EXTENSION = [
  'quoteAmount',
  'displayQuantity',
  'stopPrice',
  'expiresAt',
  'ocoPartner',
] as const;

export const COMMAND_FIELDS: Readonly<Record<CommandKind, readonly Field[]>> = {
  new_order: [
    ...numbers('book', 'account', 'orderId'),
    { name: 'terms', bits: TERMS_FIELDS },
    ...numbers('price', 'quantity', ...EXTENSION),
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
  configure_account: numbers('account', 'ownerGroup', 'openOrdersMax', 'feeTier'),
  configure_book: [...numbers('book'), ...CONFIG_FIELDS],
  set_fees: [
    ...numbers('book', 'tier'),
    { name: 'makerFeePpm', signed: true },
    ...numbers('takerFeePpm', 'auctionFeePpm'),
  ],
};

/** Positions of the fields of new_order, the one command whose layout the hot path reads by name. */
export const NEW_ORDER = {
  book: 1,
  account: 2,
  orderId: 3,
  terms: 4,
  price: 5,
  quantity: 6,
  quoteAmount: 7,
  displayQuantity: 8,
  stopPrice: 9,
  expiresAt: 10,
  ocoPartner: 11,
} as const;
/** Doubles of a new_order, or of its `accepted`, without and with the extension. */
export const ORDER_WIDTH = 7;
export const ORDER_WIDTH_EXTENDED = 12;

const ORDER_KEY = ['book', 'account', 'orderId'];

export const EVENT_FIELDS: Readonly<Record<EventType, readonly Field[]>> = {
  accepted: COMMAND_FIELDS.new_order.map((field) => ({
    ...field,
    ...(field.bits && {
      bits: field.bits.map((bit) => (bit.name === 'type' ? { ...bit, name: 'orderType' } : bit)),
    }),
  })),
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
  fees_set: COMMAND_FIELDS.set_fees,
};

/** Room for the widest command, its kind included. */
export const COMMAND_WIDTH = 20;
/** Room for the widest event, its type included. */
export const EVENT_WIDTH_MAX = 20;

/** Doubles of each command and event; the two that can be extended count in full. */
const commandLengths = Uint8Array.from(COMMAND_KINDS, (kind) => COMMAND_FIELDS[kind].length + 1);
const eventLengths = Uint8Array.from(EVENT_TYPES, (type) => EVENT_FIELDS[type].length + 1);

const NEW_ORDER_CODE = CommandCode.new_order;
const ACCEPTED_CODE = EventCode.accepted;

/** Doubles of the command at `at`, its kind included; 1 when the kind is unknown. */
export function commandLength(commands: Float64Array, at = 0): number {
  const code = commands[at] as number;
  if (code === NEW_ORDER_CODE && !isExtended(commands[at + NEW_ORDER.terms] as number))
    return ORDER_WIDTH;
  return commandLengths[code] ?? 1;
}

/** Doubles of the event at `at`, its type included: the way from one event to the next. */
export function eventLength(events: Float64Array, at: number): number {
  const code = events[at] as number;
  if (code === ACCEPTED_CODE && !isExtended(events[at + NEW_ORDER.terms] as number))
    return ORDER_WIDTH;
  return eventLengths[code] ?? 1;
}

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
export const fieldMax = bounds((field) => {
  if (field.bits) return TERMS_END - 1;
  return field.names ? field.names.length - 1 : INTEGER_MAX;
});
