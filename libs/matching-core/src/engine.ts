import {
  bust,
  configureAccount,
  configureBook,
  correct,
  deposit,
  killSwitch,
  massCancel,
  setBands,
  setFees,
  setPhase,
  setTime,
  withdraw,
} from './administration.js';
import { indicate } from './auction.js';
import { ACCEPTED, COMMAND_KINDS, CommandCode, INTEGER_MAX, Reject } from './codes.js';
import { decodeEvents, encodeCommand } from './codec.js';
import type { EventReader } from './events.js';
import { loadCommand } from './command-record.js';
import { COMMAND_FIELDS, COMMAND_WIDTH } from './fields.js';
import { cancel, replace } from './cancel-replace.js';
import {
  lookAtAuction,
  lookAtBalance,
  lookAtBook,
  lookAtLevels,
  lookAtOrder,
  lookAtTrade,
} from './looks.js';
import { newOrder } from './order-entry.js';
import { NOT_PLAIN, cancelPlainOrder, enterPlainOrder } from './plain-orders.js';
import { openSnapshot, readSnapshot, writeSnapshot } from './snapshot.js';
import { State } from './state.js';
import { viewOf } from './view.js';
import { WARM_UP_LIMITS, playWarmUp } from './warm-up.js';
import type {
  BalanceView,
  BookState,
  Command,
  CommandKind,
  EngineLimits,
  Indication,
  LevelSummary,
  LiveOrderView,
  MatchingEngine,
  MatchingEvent,
  Side,
  StateView,
  TradeView,
} from './types.js';

export const DEFAULT_LIMITS: EngineLimits = {
  orderCapacity: 2 ** 20,
  accountCapacity: 2 ** 16,
  bookCapacity: 64,
  ladderTicks: 2 ** 20,
  tradeHistory: 2 ** 16,
};

/** Largest capacities the encodings can carry; the constructor refuses more. */
const LIMITS_MAX: EngineLimits = {
  orderCapacity: 2 ** 24,
  accountCapacity: 2 ** 24,
  bookCapacity: 2 ** 16 - 1,
  ladderTicks: 2 ** 20,
  tradeHistory: 2 ** 24,
};

/**
 * The matching engine: sequenced commands in, events out, all state inside (SPEC.md).
 * `apply` takes and returns plain objects; `execute` takes and leaves doubles and allocates nothing for plain orders,
 * cancels and trades.
 */
export class MatchingCore implements MatchingEngine {
  private readonly state: State;
  private readonly encoded = new Float64Array(COMMAND_WIDTH);

  constructor(limits: Partial<EngineLimits> = {}) {
    this.state = new State(checkedLimits({ ...DEFAULT_LIMITS, ...limits }));
  }

  /** An engine in the state of the snapshot; throws `SnapshotError` if the bytes are not one. */
  static restore(snapshot: Uint8Array): MatchingCore {
    const opened = openSnapshot(snapshot);
    const engine = new MatchingCore(opened.limits);
    readSnapshot(opened, engine.state);
    return engine;
  }

  /**
   * Trades for a fraction of a second on a throwaway engine, so that the runtime has compiled the everyday paths before
   * the first real command. For a venue right before it opens, because code that lies idle for long is dropped again; it
   * changes no engine and no result.
   */
  static warmUp(): void {
    playWarmUp(new MatchingCore(WARM_UP_LIMITS));
  }

  get limits(): EngineLimits {
    return this.state.limits;
  }

  /** Events of the commands since the last `events.clear()`, or of the last command if that came through `apply`. */
  get events(): EventReader {
    return this.state.events;
  }

  get commandSequence(): number {
    return this.state.commandSequence;
  }

  apply(command: Command): MatchingEvent[] {
    const { events } = this.state;
    encodeCommand(command, this.encoded);
    events.clear();
    this.execute(this.encoded);
    return decodeEvents(events.values, 0, events.length);
  }

  /** Applies one command in binary form (COMMAND_FIELDS); its events are appended to `events`. */
  execute(source: Float64Array, offset = 0): void {
    const s = this.state;
    s.commandSequence++;
    const kind = source[offset] as number;
    const entry = entries[kind];
    let reason = entry === undefined ? MALFORMED : entry(s, source, offset);
    if (reason === LONG_WAY) reason = (longWays[kind] as Entry)(s, source, offset);
    if (reason !== NO_REASON) reportRejected(s, reason, source, offset);
  }

  /** Thirty-two hexadecimal digits, equal for engines that told the same events; refusals are in none. */
  stateHash(): string {
    return this.state.events.stateHash().toString();
  }

  stateView(): StateView {
    return viewOf(this.state);
  }

  /** Time of the last set_time, 0 before the first. */
  get time(): number {
    return this.state.time;
  }

  /** The greatest order id accepted. */
  get lastOrderId(): number {
    return this.state.lastOrderId;
  }

  /** The newest trade id. */
  get tradeCount(): number {
    return this.state.tradeCount;
  }

  /** Live orders of all books, pending stops included. */
  get liveOrders(): number {
    return this.state.orders.live;
  }

  /** A live order, null if there is none with this id. */
  order(orderId: number): LiveOrderView | null {
    return lookAtOrder(this.state, orderId);
  }

  /** Asset 0 is cash, asset b the tokens of book b; zeros where there is no such account or book. */
  balance(account: number, asset: number): BalanceView {
    return lookAtBalance(this.state, account, asset);
  }

  /** Live orders of an account; 0 where there is none. */
  openOrders(account: number): number {
    const { accounts } = this.state;
    return accounts.isConfigured(account) ? accounts.openOrders(account) : 0;
  }

  isKilled(account: number): boolean {
    const { accounts } = this.state;
    return accounts.isConfigured(account) && accounts.isKilled(account);
  }

  bookState(book: number): BookState | null {
    return lookAtBook(this.state, book);
  }

  /** Best first, at most `count`; in a call the market orders come first, at their own level, as in `level` events. */
  levels(book: number, side: Side, count: number): readonly LevelSummary[] {
    return lookAtLevels(this.state, book, side, count);
  }

  /** What `indicate` would tell, in any call phase, null outside; it visits every order on bids and asks. */
  indicative(book: number): Indication | null {
    return lookAtAuction(this.state, book);
  }

  /** A remembered trade, null if there is none with this id. */
  trade(tradeId: number): TradeView | null {
    return lookAtTrade(this.state, tradeId);
  }

  /** When the next live gtd order expires, 0 = none waits. */
  nextExpiry(): number {
    return this.state.expiries.nextDue(this.state.orders);
  }

  /** The state as bytes; equal states give equal bytes. */
  snapshot(): Uint8Array {
    return writeSnapshot(this.state);
  }

  /** Bytes held per order of capacity. */
  get bytesPerOrder(): number {
    return this.state.orders.bytes / this.state.orders.capacity;
  }
}

/** One function per command; each returns ACCEPTED or the code of its reject reason. */
const HANDLERS: Readonly<Record<CommandKind, (s: State) => number>> = {
  new_order: newOrder,
  cancel,
  replace,
  mass_cancel: massCancel,
  kill_switch: killSwitch,
  set_time: setTime,
  set_phase: setPhase,
  set_bands: setBands,
  indicate,
  bust,
  correct,
  deposit,
  withdraw,
  configure_account: configureAccount,
  configure_book: configureBook,
  set_fees: setFees,
};
/** Answers as a handler does, but reads the command where it stands. */
type Entry = (s: State, source: Float64Array, offset: number) => number;

const longWays: readonly Entry[] = COMMAND_KINDS.map((kind): Entry => {
  const handler = HANDLERS[kind];
  return (s, source, offset) =>
    loadCommand(s.command, source, offset) ? handler(s) : Reject.malformed_command;
});
/** By kind: the short cut where there is one. */
const entries: readonly Entry[] = COMMAND_KINDS.map((kind, code): Entry => {
  if (kind === 'new_order') return enterPlainOrder;
  if (kind === 'cancel') return cancelPlainOrder;
  return longWays[code] as Entry;
});

// Constants of this module are folded into the code; see RECORD in orders.ts.
const NO_REASON = ACCEPTED;
const MALFORMED = Reject.malformed_command;
const LONG_WAY = NOT_PLAIN;

/** SPEC 3.3. An unknown kind is told as a new_order without account and id. */
function reportRejected(s: State, reason: number, source: Float64Array, offset: number): void {
  const kind = source[offset] as number;
  const known = COMMAND_KINDS[kind] !== undefined;
  const account = known ? legalAt(source, offset, accountPositions[kind] as number) : 0;
  const orderId = known ? legalAt(source, offset, orderIdPositions[kind] as number) : 0;
  s.events.rejected(known ? kind + 0 : CommandCode.new_order, reason, account, orderId);
}

/** Positions of a field by kind of command, 0 where the command has no such field. */
const positionsOf = (name: string): Uint8Array =>
  Uint8Array.from(
    COMMAND_KINDS,
    (kind) => COMMAND_FIELDS[kind].findIndex((field) => field.name === name) + 1,
  );
const accountPositions = positionsOf('account');
const orderIdPositions = positionsOf('orderId');

function legalAt(source: Float64Array, offset: number, position: number): number {
  const value = position === 0 ? 0 : (source[offset + position] as number);
  return Number.isInteger(value) && value >= 0 && value <= INTEGER_MAX ? value + 0 : 0;
}

function checkedLimits(limits: EngineLimits): EngineLimits {
  for (const name of Object.keys(LIMITS_MAX) as (keyof EngineLimits)[]) {
    const value = limits[name];
    if (!Number.isInteger(value) || value < 1 || value > LIMITS_MAX[name])
      throw new RangeError(`${name} must be an integer from 1 to ${LIMITS_MAX[name]}`);
  }
  const { ladderTicks } = limits;
  if (ladderTicks < 32 || (ladderTicks & (ladderTicks - 1)) !== 0)
    throw new RangeError('ladderTicks must be a power of two from 32 to 1048576');
  return limits;
}
