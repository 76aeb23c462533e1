import type { OrderCancelled } from '@specie/contracts';
import { assertNever, assertPossible } from '@specie/event-sourcing';
import type { Command, MatchingEvent, RejectReason } from '@specie/matching-core';
import type { BookUpdate } from './book-update.js';
import { present } from './present.js';
import { configOf, epochMsOf, newOrderOf } from './core-commands.js';
import type { OpenOrder } from './open-orders.js';
import { reportOn, type ExecutionReport } from './execution-report.js';
import { reservedPerLot } from './reservation.js';
import type {
  ChangePhase,
  MassCancel,
  OpenBook,
  PlaceOrder,
  ReplaceOrder,
  SetKillSwitch,
  ShardCommand,
} from './shard.commands.js';
import type { ShardEvent } from './shard-events.js';
import { isCall, reservedBy, tell, type Told } from './told.js';
import type { Venue } from './venue.js';

export interface PerformOptions {
  readonly venue: Venue;
  readonly tradeIdOf: (tradeNumber: number) => string;
  /** Why a cancelled order was cancelled, where it was not asked for. */
  readonly cancelReason?: OrderCancelled['data']['reason'];
}

/** What a command did, or why the core refuses it; a refused one changed nothing. */
export type Performed =
  | {
      readonly outcome: 'done';
      /** The first says what was asked. None where there was nothing to do. */
      readonly events: readonly ShardEvent[];
      readonly updates: readonly BookUpdate[];
      readonly reports: readonly ExecutionReport[];
    }
  | { readonly outcome: 'refused'; readonly reason: RejectReason };

const nothingToDo: Performed = { outcome: 'done', events: [], updates: [], reports: [] };

/**
 * Performs a command on the venue: the one road for new commands and for those that the log is read for again, so that a
 * replay does what was done. The rules that need more than the venue (eligibility, ids used before) were checked before.
 */
export function perform(command: ShardCommand, options: PerformOptions): Performed {
  const { venue } = options;
  switch (command.kind) {
    case 'open-book':
      return openBook(command, venue);
    case 'deposit-cash': {
      const { kind: _kind, ...data } = command;
      const account = venue.accountOf(data.partyId);
      venue.run({ kind: 'deposit', account, asset: 0, amount: Number(data.amount) });
      venue.countCash(data.amount);
      return done({ type: 'market.cash-deposited', data });
    }
    case 'withdraw-cash': {
      const { kind: _kind, ...data } = command;
      // A refusal leaves no trace in the log, so it may not open an account either; nor can the core take any amount.
      if (venue.cashOf(data.partyId).available < data.amount) {
        return { outcome: 'refused', reason: 'insufficient_cash' };
      }
      const account = venue.accountOf(data.partyId);
      const amount = Number(data.amount);
      const performed = onCore({ kind: 'withdraw', account, asset: 0, amount }, options, [
        { type: 'market.cash-withdrawn', data },
      ]);
      if (performed.outcome === 'done') venue.countCash(0n - data.amount);
      return performed;
    }
    case 'credit-tokens': {
      const { kind: _kind, ...data } = command;
      venue.changeTokens(data.seriesId, data.partyId, data.quantity);
      return done({ type: 'market.tokens-deposited', data });
    }
    case 'request-withdrawal': {
      const { kind: _kind, ...data } = command;
      if (venue.tokensOf(data.seriesId, data.partyId).available < data.quantity) {
        return { outcome: 'refused', reason: 'insufficient_tokens' };
      }
      venue.changeTokens(data.seriesId, data.partyId, 0n - data.quantity);
      venue.addPending(data);
      return done({ type: 'market.withdrawal-requested', data });
    }
    case 'complete-withdrawal': {
      const pending = venue.pendingWithdrawal(command.partyId, command.withdrawalId);
      if (!pending) return nothingToDo;
      venue.removePending(pending);
      return done({ type: 'market.withdrawal-completed', data: pending });
    }
    case 'revert-withdrawal': {
      const pending = venue.pendingWithdrawal(command.partyId, command.withdrawalId);
      if (!pending) return nothingToDo;
      venue.removePending(pending);
      venue.changeTokens(pending.seriesId, pending.partyId, pending.quantity);
      const data = { ...pending, reason: command.reason };
      return done({ type: 'market.withdrawal-reverted', data });
    }
    case 'place-order':
      return placeOrder(command, options);
    case 'cancel-order': {
      const order = venue.orders.named(command);
      if (!order) return { outcome: 'refused', reason: 'unknown_order' };
      const account = venue.accountOf(order.partyId);
      return onCore({ kind: 'cancel', account, orderId: order.orderNumber }, options, []);
    }
    case 'replace-order':
      return replaceOrder(command, options);
    case 'mass-cancel':
      return massCancel(command, options);
    case 'set-kill-switch':
      return setKillSwitch(command, options);
    case 'set-account-limit': {
      const { kind: _kind, ...data } = command;
      const account = venue.accountOf(data.partyId);
      const { openOrdersMax } = data;
      venue.openOrdersMax.set(data.partyId, openOrdersMax);
      return onCore(
        { kind: 'configure_account', account, ownerGroup: account, openOrdersMax },
        options,
        [{ type: 'market.account-limit-set', data }],
      );
    }
    case 'change-phase':
      return changePhase(command, options);
    case 'set-bands': {
      const { kind: _kind, ...data } = command;
      return onCore(
        {
          kind: 'set_bands',
          book: venue.books.numberOf(data.seriesId),
          staticLow: data.staticLowTicks,
          staticHigh: data.staticHighTicks,
          dynamicPpm: data.dynamicPpm,
          referencePrice: data.referencePriceTicks,
        },
        options,
        [{ type: 'market.bands-set', data }],
      );
    }
    case 'advance-time': {
      const time = epochMsOf(command.at);
      if (time <= venue.core.time) return nothingToDo;
      return onCore({ kind: 'set_time', time }, options, [
        { type: 'market.time-advanced', data: { at: command.at } },
      ]);
    }
    default:
      return assertNever(command);
  }
}

function openBook(command: OpenBook, venue: Venue): Performed {
  const { kind: _kind, ...data } = command;
  assertPossible(venue.books.numberOf(data.seriesId) === 0, 'a book is opened once');
  const book = venue.books.size + 1;
  const [refused] = venue.core.apply({ kind: 'configure_book', book, config: configOf(data) });
  if (refused?.type === 'rejected') {
    return { outcome: 'refused', reason: refused.reason };
  }
  venue.books.add(data.seriesId);
  venue.terms.set(data.seriesId, data);
  if (data.phase !== 'closed') {
    venue.run({ kind: 'set_phase', book, phase: data.phase });
  }
  for (const [partyId, lots] of venue.remainders.takeWholeLots(data.seriesId)) {
    const account = venue.accountOf(partyId);
    venue.run({ kind: 'deposit', account, asset: book, amount: lots });
  }
  return {
    ...done({ type: 'market.book-opened', data }),
    updates: [{ kind: 'phase', seriesId: data.seriesId, phase: data.phase }],
  };
}

/** Opens the account of a party that had none: every order is recorded, refused ones too. */
function placeOrder(command: PlaceOrder, options: PerformOptions): Performed {
  const { venue } = options;
  const { partyId, orderId, seriesId, side, orderKind, timeInForce } = command;
  const orderNumber = venue.core.lastOrderId + 1;
  const partner = partnerOf(command, venue);
  const config = venue.configOf(seriesId);
  const whileCalling = isCall(venue, seriesId);
  const coreEvents = venue.core.apply(
    newOrderOf(command, {
      book: venue.books.numberOf(seriesId),
      account: venue.accountOf(partyId),
      orderId: orderNumber,
      // A number that no order has is no partner.
      ocoPartner: command.ocoOrderId === undefined ? 0 : (partner?.orderNumber ?? orderNumber),
    }),
  );
  const [accepted] = coreEvents;
  if (accepted?.type === 'rejected') {
    return { outcome: 'refused', reason: accepted.reason };
  }
  assertPossible(accepted?.type === 'accepted' && config !== null, 'an order enters an open book');
  const order: OpenOrder = {
    ...{ orderNumber, orderId, partyId, seriesId, side, orderKind, timeInForce },
    clientOrderId: command.clientOrderId,
    priceTicks: accepted.price,
    isByAmount: accepted.quoteAmount > 0,
    filledNotional: 0,
  };
  const own = reservedPerLot(order, config, whileCalling);
  const ofPartner = partner ? reservedPerLot(partner, config, false) : 0;
  venue.orders.add(order);
  const standing = { cumQty: 0, leavesQty: accepted.quantity };
  const accepting = reportOn(order, '0', standing);
  const told = tell(coreEvents, options);
  told.reports.unshift(accepting);
  return withAsked(told, {
    type: 'market.order-accepted',
    data: present({
      orderId,
      orderNumber,
      clientOrderId: command.clientOrderId,
      ...{ seriesId, partyId, side },
      kind: orderKind,
      timeInForce,
      priceTicks: accepted.price,
      askedPriceTicks: accepted.price === command.priceTicks ? undefined : command.priceTicks,
      quantityLots: command.quantityLots,
      quoteAmount: command.quoteAmount,
      displayLots: command.displayLots,
      stopPriceTicks: command.stopPriceTicks,
      expiresAt: command.expiresAt,
      selfTradePrevention: command.selfTradePrevention,
      postOnly: command.postOnly,
      ocoOrderId: command.ocoOrderId,
      reserved: Math.max(0, own - ofPartner) * command.quantityLots,
    }),
  });
}

function partnerOf({ partyId, ocoOrderId }: PlaceOrder, venue: Venue): OpenOrder | undefined {
  return ocoOrderId === undefined
    ? undefined
    : venue.orders.named({ partyId, orderId: ocoOrderId });
}

function replaceOrder(command: ReplaceOrder, options: PerformOptions): Performed {
  const { venue } = options;
  const order = venue.orders.named(command);
  if (!order) return { outcome: 'refused', reason: 'unknown_order' };
  const coreEvents = venue.core.apply({
    kind: 'replace',
    account: venue.accountOf(order.partyId),
    orderId: order.orderNumber,
    price: command.priceTicks,
    quantity: command.quantityLots,
    stopPrice: command.stopPriceTicks ?? 0,
  });
  const [replaced] = coreEvents;
  if (replaced?.type === 'rejected') {
    return { outcome: 'refused', reason: replaced.reason };
  }
  assertPossible(replaced?.type === 'replaced', 'the core says first what it replaced');
  order.priceTicks = replaced.price;
  const { orderId, seriesId, partyId } = order;
  const { price, stopPrice, quantity, cumQuantity, leavesQuantity, keptPriority } = replaced;
  if (leavesQuantity === 0) {
    venue.orders.remove(order);
  }
  const reserved = reservedBy(venue, order, leavesQuantity);
  const standing = { cumQty: cumQuantity, leavesQty: leavesQuantity };
  const replacing = reportOn(order, '5', standing);
  const told = tell(coreEvents, options);
  told.reports.unshift(replacing);
  return withAsked(told, {
    type: 'market.order-replaced',
    data: present({
      ...{ orderId, seriesId, partyId },
      priceTicks: price,
      stopPriceTicks: stopPrice === 0 ? undefined : stopPrice,
      quantityLots: quantity,
      filledLots: cumQuantity,
      leavesLots: leavesQuantity,
      keptPriority,
      reserved,
      askedPriceTicks: price === command.priceTicks ? undefined : command.priceTicks,
      askedStopPriceTicks:
        stopPrice === (command.stopPriceTicks ?? 0) ? undefined : command.stopPriceTicks,
      askedQuantityLots: quantity === command.quantityLots ? undefined : command.quantityLots,
    }),
  });
}

function massCancel(command: MassCancel, options: PerformOptions): Performed {
  const { venue } = options;
  const { partyId, seriesId, reason } = command;
  if (venue.orders.countOf(partyId, seriesId) === 0) return nothingToDo;
  const account = venue.accountOf(partyId);
  const book = seriesId === undefined ? 0 : venue.books.numberOf(seriesId);
  const coreEvents = venue.core.apply({ kind: 'mass_cancel', account, book });
  const told = tell(coreEvents, { ...options, cancelReason: reason });
  const summary = coreEvents.at(-1);
  assertPossible(summary?.type === 'mass_canceled', 'the core counts what it cancelled');
  return withAsked(told, {
    type: 'market.orders-mass-cancelled',
    data: present({ partyId, seriesId, reason, orderCount: summary.orders }),
  });
}

function setKillSwitch(command: SetKillSwitch, options: PerformOptions): Performed {
  const { venue } = options;
  const { kind: _kind, ...data } = command;
  const { partyId, engaged, by } = data;
  const before = venue.killSwitches.get(partyId) ?? { party: false, operator: false };
  if (before[by] === engaged) return nothingToDo;
  const after = { ...before, [by]: engaged };
  venue.killSwitches.set(partyId, after);
  const account = venue.accountOf(partyId);
  return onCore({ kind: 'kill_switch', account, engaged: after.party || after.operator }, options, [
    { type: 'market.kill-switch-set', data },
  ]);
}

function changePhase(command: ChangePhase, options: PerformOptions): Performed {
  const { venue } = options;
  const { seriesId, to, cause } = command;
  const from = venue.phaseOf(seriesId);
  if (from === null) return { outcome: 'refused', reason: 'unknown_book' };
  const book = venue.books.numberOf(seriesId);
  return onCore({ kind: 'set_phase', book, phase: to }, options, [
    { type: 'market.phase-changed', data: { seriesId, from, to, cause } },
  ]);
}

function onCore(
  command: Command,
  options: PerformOptions,
  asked: readonly ShardEvent[],
): Performed {
  const coreEvents: readonly MatchingEvent[] = options.venue.core.apply(command);
  const [first] = coreEvents;
  if (first?.type === 'rejected') {
    return { outcome: 'refused', reason: first.reason };
  }
  return withAsked(tell(coreEvents, options), ...asked);
}

function withAsked(told: Told, ...asked: readonly ShardEvent[]): Performed {
  return { outcome: 'done', ...told, events: [...asked, ...told.events] };
}

function done(event: ShardEvent): Performed & { readonly outcome: 'done' } {
  return { outcome: 'done', events: [event], updates: [], reports: [] };
}
