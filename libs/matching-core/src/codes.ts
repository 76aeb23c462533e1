import type {
  CancelReason,
  CommandKind,
  EventType,
  OrderType,
  Phase,
  PostOnly,
  RejectReason,
  Side,
  StpMode,
  TimeInForce,
} from './types.js';

/**
 * Numbers by which the binary interface, the journal and the snapshot know each name: its index in these lists.
 * The lists are a storage format: append, never reorder.
 */
export const SIDES = ['buy', 'sell'] as const satisfies readonly Side[];
export const ORDER_TYPES = [
  'limit',
  'market',
  'stop',
  'stop_limit',
] as const satisfies readonly OrderType[];
export const TIMES_IN_FORCE = [
  'gtc',
  'day',
  'gtd',
  'ioc',
  'fok',
] as const satisfies readonly TimeInForce[];
export const STP_MODES = [
  'none',
  'cancel_newest',
  'cancel_oldest',
  'cancel_both',
  'decrement_and_cancel',
] as const satisfies readonly StpMode[];
export const POST_ONLY = ['no', 'reject', 'slide'] as const satisfies readonly PostOnly[];
export const PHASES = [
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
] as const satisfies readonly Phase[];
export const COMMAND_KINDS = [
  'new_order',
  'cancel',
  'replace',
  'mass_cancel',
  'kill_switch',
  'set_time',
  'set_phase',
  'set_bands',
  'indicate',
  'bust',
  'correct',
  'deposit',
  'withdraw',
  'configure_account',
  'configure_book',
  'set_fees',
] as const satisfies readonly CommandKind[];
export const EVENT_TYPES = [
  'accepted',
  'rejected',
  'trade',
  'canceled',
  'replaced',
  'restated',
  'triggered',
  'prevented',
  'level',
  'phase',
  'auction',
  'bands',
  'balance',
  'book_configured',
  'account_configured',
  'time',
  'kill_switch',
  'mass_canceled',
  'trade_busted',
  'trade_corrected',
  'fees_set',
] as const satisfies readonly EventType[];
/** Index 0 means accepted, so reason codes start at 1. */
export const REJECT_REASONS = [
  'malformed_command',
  'unknown_book',
  'unknown_account',
  'account_killed',
  'duplicate_order_id',
  'unknown_order',
  'too_late',
  'phase_refuses_orders',
  'phase_refuses_cancel',
  'combination_invalid',
  'phase_refuses_combination',
  'stp_required',
  'order_not_replaceable',
  'quantity_out_of_range',
  'quantity_not_on_lot',
  'display_quantity_invalid',
  'price_out_of_range',
  'price_not_on_tick',
  'price_outside_band',
  'stop_price_out_of_range',
  'stop_price_not_on_tick',
  'notional_out_of_range',
  'expire_time_passed',
  'oco_partner_invalid',
  'post_only_would_take',
  'open_orders_limit',
  'order_capacity_reached',
  'insufficient_cash',
  'insufficient_tokens',
  'amount_out_of_range',
  'balance_overflow',
  'config_invalid',
  'book_has_orders',
  'bands_invalid',
  'time_not_increasing',
  'phase_unchanged',
  'phase_not_auction',
  'book_crossed',
  'unknown_trade',
  'trade_already_busted',
  'fees_invalid',
] as const satisfies readonly RejectReason[];
export const CANCEL_REASONS = [
  'requested',
  'mass_cancel',
  'kill_switch',
  'ioc_remainder',
  'fok_unfillable',
  'no_liquidity',
  'quote_spent',
  'self_trade',
  'oco',
  'expired_day',
  'expired_time',
  'auction_remainder',
  'price_outside_band',
] as const satisfies readonly CancelReason[];

function codesOf<Name extends string>(
  names: readonly Name[],
  first: number,
): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, index) => [name, index + first])) as Record<
    Name,
    number
  >;
}

export const Reject = codesOf(REJECT_REASONS, 1);
export const CancelCode = codesOf(CANCEL_REASONS, 0);
export const CommandCode = codesOf(COMMAND_KINDS, 0);
export const EventCode = codesOf(EVENT_TYPES, 0);
export const PhaseCode = codesOf(PHASES, 0);

export const ACCEPTED = 0;

/** Codes that the hot path compares with, by their short names; see RECORD for why it does not import them one by one. */
export const ORDER = {
  BUY: 0,
  SELL: 1,
  /** Aggressor side of an auction trade. */
  NO_SIDE: 2,
  LIMIT: 0,
  MARKET: 1,
  STOP: 2,
  STOP_LIMIT: 3,
  GTC: 0,
  DAY: 1,
  GTD: 2,
  IOC: 3,
  FOK: 4,
  STP_NONE: 0,
  STP_CANCEL_OLDEST: 2,
  STP_CANCEL_BOTH: 3,
  STP_DECREMENT: 4,
  POST_NO: 0,
  POST_REJECT: 1,
} as const;

/** The largest integer a double counts exactly; every number of the engine stays within it. */
export const INTEGER_MAX = Number.MAX_SAFE_INTEGER;
export const QUANTITY_MAX = 2 ** 31 - 1;

/** SPEC section 1, "Phases": each trait is the set of its phases, one bit per code, so that asking is one shift. */
const phaseSet = (...phases: Phase[]): number =>
  phases.reduce((set, phase) => set | (1 << PHASES.indexOf(phase)), 0);
const AUCTIONS = phaseSet('opening_auction', 'reopening_auction', 'closing_auction');
const CALLS = phaseSet('pre_open', 'pause') | AUCTIONS;
const MATCHING = phaseSet('continuous', 'limit_state');
const TAKES_ORDERS = MATCHING | CALLS;
const TAKES_CANCELS = TAKES_ORDERS | phaseSet('cancel_only');

const isIn = (set: number, phase: number): boolean => ((set >>> phase) & 1) !== 0;
export const isMatching = (phase: number): boolean => isIn(MATCHING, phase);
export const isCall = (phase: number): boolean => isIn(CALLS, phase);
export const isAuction = (phase: number): boolean => isIn(AUCTIONS, phase);
export const acceptsOrders = (phase: number): boolean => isIn(TAKES_ORDERS, phase);
export const acceptsCancels = (phase: number): boolean => isIn(TAKES_CANCELS, phase);
