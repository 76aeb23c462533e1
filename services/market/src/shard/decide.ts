/**
 * The shard: the books and trading accounts of one market.
 *
 * X1: deposits - withdrawals = sum of cash (available + reserved) + fees earned (S4).
 * X2: tokens deposited - withdrawn = sum of token balances + pending withdrawals, per series (S3).
 * X3: reserved of a party = sum over its open orders of what their leaves reserve; never negative (S7).
 * X4: between two commands no buy stands at or above the price of a sell while the book matches.
 * X5: orders of one price trade in the order in which they came to it, at the price of the resting one.
 * X6: a refused command changes nothing; a fill-or-kill order trades in full or not at all.
 * X7: no trade has a party that may not trade at that instant, or the same party on both sides unless its book allows that
 *     and the order that takes asks for it.
 * X8: an id that a party chose names one thing of its kind: the same again changes nothing, another content is refused.
 *
 * The rules of matching are those of libs/matching-core/SPEC.md.
 */
import {
  accept,
  assertNever,
  codeOf,
  reject,
  type Rejected,
  type ViolationDetails,
} from '@specie/event-sourcing';
import { formatMicro, microMoney } from '@specie/quantities';
import type { BookUpdate } from './book-update.js';
import { contentOf } from './chosen-ids.js';
import type { ExecutionReport } from './execution-report.js';
import { codeOfReject, type PlaceOrderRejection } from './order-rejections.js';
import { perform, type Performed } from './perform.js';
import { present } from './present.js';
import {
  fixDetails,
  fixDetailsOfRefusal,
  neededToPlace,
  neededToReplace,
  refusalDetails,
} from './refusal-details.js';
import type {
  CancelOrder,
  DepositCash,
  EarlierUse,
  Facts,
  OpenBook,
  PlaceOrder,
  ReplaceOrder,
  RequestWithdrawal,
  SetKillSwitch,
  ShardCommand,
  WithdrawCash,
} from './shard.commands.js';
import type { ShardDecision, ShardRejection } from './shard-rejections.js';
import type { Venue } from './venue.js';

/** A decision that was carried out, what everybody may see of it, and what the owners of orders are told. */
export interface Decided {
  readonly decision: ShardDecision;
  readonly updates: readonly BookUpdate[];
  readonly reports: readonly ExecutionReport[];
}

/** All cash of a shard fits a double exactly, so no balance can overflow. */
const cashTotalMax = BigInt(Number.MAX_SAFE_INTEGER);

/** Decides a command and carries it out. */
export function decide(command: ShardCommand, venue: Venue, facts: Facts): Decided {
  const early = earlyDecision(command, venue, facts);
  if (early) {
    return { decision: early, ...nothing };
  }
  const performed = perform(command, { venue, tradeIdOf: facts.tradeIdOf });
  return performed.outcome === 'done'
    ? { ...performed, decision: accept(...performed.events) }
    : { decision: refused(command, performed, venue), ...nothing };
}

const nothing = { updates: [], reports: [] };

/** What is decided without the core: repeats, and the rules that rest on more than the venue. */
function earlyDecision(
  command: ShardCommand,
  venue: Venue,
  facts: Facts,
): ShardDecision | undefined {
  switch (command.kind) {
    case 'open-book':
      return openBook(command, venue);
    case 'deposit-cash':
      return depositCash(command, venue, facts);
    case 'withdraw-cash':
      return (
        movement(command, command.amount, facts) ?? ineligible(command, facts, 'party_ineligible')
      );
    case 'request-withdrawal':
      return (
        movement(command, command.quantity, facts) ?? ineligible(command, facts, 'party_ineligible')
      );
    case 'credit-tokens':
      // Never refused: the tokens already stand in the escrow. A second delivery of the same movement does nothing.
      return facts.earlier ? accept() : undefined;
    case 'place-order':
      return placeOrder(command, venue, facts);
    case 'cancel-order':
      return notOpen(command, venue, facts);
    case 'replace-order':
      return ineligible(command, facts, 'party_ineligible') ?? notOpen(command, venue, facts);
    case 'set-kill-switch':
      return setKillSwitch(command, venue);
    case 'set-bands':
      return venue.books.numberOf(command.seriesId) === 0 ? reject('book_unknown') : undefined;
    case 'complete-withdrawal':
    case 'revert-withdrawal':
    case 'mass-cancel':
    case 'set-account-limit':
    case 'change-phase':
    case 'advance-time':
      return undefined;
    default:
      return assertNever(command);
  }
}

function openBook({ kind: _kind, ...terms }: OpenBook, venue: Venue): ShardDecision | undefined {
  const known = venue.terms.get(terms.seriesId);
  if (!known) return undefined;
  const isSame = Object.entries(known).every(
    ([name, value]) => terms[name as keyof typeof terms] === value,
  );
  return isSame ? accept() : reject('book_opened_differently', shownTerms(known));
}

function shownTerms({ seriesId: _id, ...terms }: Omit<OpenBook, 'kind'>): ViolationDetails {
  return Object.fromEntries(
    Object.entries(terms).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? String(value) : value,
    ]),
  );
}

function depositCash(command: DepositCash, venue: Venue, facts: Facts): ShardDecision | undefined {
  const early = movement(command, command.amount, facts);
  if (early) return early;
  const left = cashTotalMax - venue.cashTotal;
  return command.amount > left
    ? reject('cash_total_too_large', { left: formatMicro(microMoney(left)) })
    : undefined;
}

function movement(
  command: DepositCash | RequestWithdrawal | WithdrawCash,
  quantity: bigint,
  { earlier }: Facts,
): ShardDecision | undefined {
  if (earlier) {
    return earlier.content === contentOf(command)
      ? accept()
      : reject('movement_exists_differently');
  }
  return quantity <= 0n ? reject('amount_not_positive') : undefined;
}

function ineligible<R extends ShardRejection>(
  { partyId }: { readonly partyId: string },
  facts: Facts,
  code: R,
): Rejected<R> | undefined {
  return facts.isEligible(partyId) ? undefined : reject(code, facts.ineligibility);
}

/** Refusals from `party_ineligible` on are recorded; nothing that an unknown party sends becomes history. */
function placeOrder(command: PlaceOrder, venue: Venue, facts: Facts): ShardDecision | undefined {
  if (facts.earlier) {
    return repeatedOrder(command, facts.earlier, facts);
  }
  if (!facts.isKnownParty(command.partyId)) {
    return reject('party_unknown', facts.ineligibility);
  }
  if (venue.books.numberOf(command.seriesId) === 0) {
    return reject('book_unknown', fixDetails('new_order', 'unknown_book'));
  }
  const early =
    ineligible(command, facts, 'party_ineligible') ?? clientOrderIdTaken(command, venue);
  if (!early) return undefined;
  venue.accountOf(command.partyId);
  return recorded(command, early);
}

function clientOrderIdTaken(
  { partyId, clientOrderId }: PlaceOrder,
  venue: Venue,
): Rejected<'duplicate_client_order_id'> | undefined {
  const open =
    clientOrderId === undefined
      ? undefined
      : venue.orders.withClientOrderId(partyId, clientOrderId);
  return open
    ? reject('duplicate_client_order_id', {
        ...fixDetails('new_order', 'duplicate_order_id'),
        orderId: open.orderId,
      })
    : undefined;
}

/** A refused order stays refused, and says why, however often it is sent. */
function repeatedOrder(
  command: PlaceOrder,
  { content, refusal }: EarlierUse,
  { ineligibility }: Facts,
): ShardDecision<PlaceOrderRejection> {
  if (content !== null && content !== contentOf(command)) {
    return reject('order_exists_differently', fixDetails('new_order', 'duplicate_order_id'));
  }
  if (!refusal) {
    return accept();
  }
  return reject(
    refusal,
    refusal === 'party_ineligible' ? ineligibility : fixDetailsOfRefusal(refusal),
  );
}

function notOpen(
  command: CancelOrder | ReplaceOrder,
  venue: Venue,
  { earlier }: Facts,
): ShardDecision | undefined {
  if (venue.orders.named(command)) return undefined;
  const kind = command.kind === 'cancel-order' ? 'cancel' : 'replace';
  if (!earlier) {
    return reject('order_unknown', fixDetails(kind, 'unknown_order'));
  }
  return earlier.refusal
    ? reject('order_refused', { reason: earlier.refusal, ...fixDetails(kind, 'unknown_order') })
    : reject('order_not_open', fixDetails(kind, 'too_late'));
}

function setKillSwitch(command: SetKillSwitch, venue: Venue): ShardDecision | undefined {
  const held = venue.killSwitches.get(command.partyId);
  return command.by === 'party' && !command.engaged && held?.operator && !held.party
    ? reject('kill_switch_of_operator')
    : undefined;
}

/** What the core refuses, under the market's codes and with the numbers behind it. */
function refused(
  command: ShardCommand,
  { reason }: Extract<Performed, { readonly outcome: 'refused' }>,
  venue: Venue,
): ShardDecision {
  const code = codeOfReject(reason) as ShardRejection;
  switch (command.kind) {
    case 'open-book':
      return reject(reason === 'unknown_book' ? 'book_capacity_reached' : code);
    case 'place-order': {
      const details = {
        ...fixDetails('new_order', reason),
        ...refusalDetails(venue, reason, { ...command, needed: neededToPlace(command, venue) }),
      };
      return recorded(command, reject(code as PlaceOrderRejection, details));
    }
    case 'replace-order': {
      const order = venue.orders.named(command);
      const needed = order && neededToReplace(command, order, venue);
      const asked = order && refusalDetails(venue, reason, { ...order, ...(needed && { needed }) });
      return reject(code, { ...fixDetails('replace', reason), ...asked });
    }
    case 'cancel-order': {
      const order = venue.orders.named(command);
      const asked = order && refusalDetails(venue, reason, order);
      return reject(code, { ...fixDetails('cancel', reason), ...asked });
    }
    case 'withdraw-cash': {
      const { available } = venue.cashOf(command.partyId);
      return reject(code, amounts(command.amount, available));
    }
    case 'request-withdrawal': {
      const { available } = venue.tokensOf(command.seriesId, command.partyId);
      return reject(code, amounts(command.quantity, available));
    }
    case 'change-phase':
      return reject(code, refusalDetails(venue, reason, { ...command, partyId: '' }));
    default:
      return reject(code);
  }
}

function amounts(needed: bigint, available: bigint): ViolationDetails {
  return { needed: formatMicro(needed), available: formatMicro(available) };
}

function recorded(
  { kind: _kind, orderKind, ...order }: PlaceOrder,
  refusal: Rejected<PlaceOrderRejection>,
): ShardDecision {
  const data = present({ ...order, kind: orderKind, reason: codeOf(refusal) });
  return { ...refusal, events: [{ type: 'market.order-refused', data }] };
}
