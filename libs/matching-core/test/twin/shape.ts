import type { CommandKind } from '../../src/types.js';
import { SAFE_MAX } from './arithmetic.js';

/** SPEC 3.1: which fields a command has and what each may hold. */

type Field = 'number' | 'optionalNumber' | 'signedNumber' | 'flag' | readonly string[];

const SIDES = ['buy', 'sell'];
const TYPES = ['limit', 'market', 'stop', 'stop_limit'];
const TIMES_IN_FORCE = ['gtc', 'day', 'gtd', 'ioc', 'fok'];
const STP_MODES = ['none', 'cancel_newest', 'cancel_oldest', 'cancel_both', 'decrement_and_cancel'];
const POST_ONLY = ['no', 'reject', 'slide'];
const PHASES = [
  'closed',
  'pre_open',
  'opening_auction',
  'continuous',
  'limit_state',
  'pause',
  'reopening_auction',
  'closing_auction',
  'halt',
  'cancel_only',
];

const CONFIG_FIELDS: Record<string, Field> = {
  tickSize: 'number',
  lotSize: 'number',
  minPrice: 'number',
  maxPrice: 'number',
  minQuantity: 'number',
  maxQuantity: 'number',
  minNotional: 'number',
  maxNotional: 'number',
  protectionTicks: 'number',
  makerFeePpm: 'signedNumber',
  takerFeePpm: 'number',
  auctionFeePpm: 'number',
  reduceKeepsPriority: 'flag',
  selfTradeAllowed: 'flag',
  referenceFollowsTrades: 'flag',
};

const COMMAND_FIELDS: Record<CommandKind, Record<string, Field>> = {
  configure_book: { book: 'number' },
  configure_account: {
    account: 'number',
    ownerGroup: 'number',
    openOrdersMax: 'number',
    feeTier: 'optionalNumber',
  },
  set_fees: {
    book: 'number',
    tier: 'number',
    makerFeePpm: 'signedNumber',
    takerFeePpm: 'number',
    auctionFeePpm: 'number',
  },
  deposit: { account: 'number', asset: 'number', amount: 'number' },
  withdraw: { account: 'number', asset: 'number', amount: 'number' },
  new_order: {
    book: 'number',
    account: 'number',
    orderId: 'number',
    side: SIDES,
    type: TYPES,
    timeInForce: TIMES_IN_FORCE,
    price: 'number',
    quantity: 'number',
    quoteAmount: 'optionalNumber',
    displayQuantity: 'optionalNumber',
    stopPrice: 'optionalNumber',
    expiresAt: 'optionalNumber',
    stp: STP_MODES,
    postOnly: POST_ONLY,
    ocoPartner: 'optionalNumber',
  },
  cancel: { account: 'number', orderId: 'number' },
  replace: {
    account: 'number',
    orderId: 'number',
    price: 'number',
    quantity: 'number',
    stopPrice: 'optionalNumber',
  },
  mass_cancel: { account: 'number', book: 'number' },
  kill_switch: { account: 'number', engaged: 'flag' },
  set_time: { time: 'number' },
  set_phase: { book: 'number', phase: PHASES },
  set_bands: {
    book: 'number',
    staticLow: 'number',
    staticHigh: 'number',
    dynamicPpm: 'number',
    referencePrice: 'number',
  },
  indicate: { book: 'number' },
  bust: { tradeId: 'number' },
  correct: { tradeId: 'number', price: 'number' },
};

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= SAFE_MAX;
}

function fits(name: string, field: Field, value: unknown): boolean {
  switch (field) {
    case 'number':
      return isCount(value);
    case 'optionalNumber':
      return value === undefined || isCount(value);
    case 'signedNumber':
      return typeof value === 'number' && isCount(Math.abs(value));
    case 'flag':
      return typeof value === 'boolean';
    default:
      // postOnly is the one enumeration that may be omitted; it then means 'no'.
      if (value === undefined) return name === 'postOnly';
      return typeof value === 'string' && field.includes(value);
  }
}

function allFit(fields: Record<string, Field>, holder: object): boolean {
  const values = new Map<string, unknown>(Object.entries(holder));
  return Object.entries(fields).every(([name, field]) => fits(name, field, values.get(name)));
}

export function isKnownKind(kind: unknown): kind is CommandKind {
  return typeof kind === 'string' && Object.hasOwn(COMMAND_FIELDS, kind);
}

export function isWellFormed(command: {
  readonly kind: unknown;
  readonly config?: unknown;
}): boolean {
  const { kind, config } = command;
  if (!isKnownKind(kind)) return false;
  if (!allFit(COMMAND_FIELDS[kind], command)) return false;
  if (kind !== 'configure_book') return true;
  return typeof config === 'object' && config !== null && allFit(CONFIG_FIELDS, config);
}
