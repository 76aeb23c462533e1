/**
 * A token account: the tokens of one party in one series.
 *
 * A1: Every movement is double entry: what one account sends another receives, in the same append.
 * A2 (S1): Per series, minted = available + held + burned, over all accounts and at every moment.
 * A3 (S7): No lot, hold or balance is ever negative.
 * A4: Tokens under lock-up are never sent. They can be held and burned: lock-up limits resale, not use.
 * A5: What is sent comes from the lot that was free first. What is held comes from the lot that is locked
 *     longest, so that a holder keeps what can be sold.
 * A6: A hold pins its draws; captures burn them in that order and the release returns the rest to its terms.
 * A7: An id names a movement of one kind and of the party that chose it. The same again moves nothing, another content
 *     is refused.
 */
import {
  accept,
  assertPossible,
  place,
  reject,
  type Accepted,
  type Decision,
  type Placed,
} from '@specie/event-sourcing';
import { formatMicro, microTokens, type MicroTokens } from '@specie/quantities';
import type {
  AccountTerms,
  CaptureHold,
  DepositToEscrow,
  EarlierMovement,
  MoveTokens,
  ReceiveMint,
  ReleaseHold,
  TransferTokens,
} from './account.commands.js';
import { accountStream, type Account, type AccountEvent } from './account.state.js';
import { drawInOrder, isLocked, totalOf, type Draw } from './lots.js';

/** In the order in which they are checked. */
export const accountRejections = [
  'movement_exists_differently',
  'account_unknown',
  'same_account',
  'recipient_is_escrow',
  'series_not_transferable',
  'party_ineligible',
  'recipient_ineligible',
  'quantity_not_positive',
  'insufficient_tokens',
  'lockup_active',
] as const;
export type AccountRejection = (typeof accountRejections)[number];

/** What a movement between any two accounts can be refused for. */
export type MovementRejection = Extract<
  AccountRejection,
  | 'account_unknown'
  | 'same_account'
  | 'quantity_not_positive'
  | 'insufficient_tokens'
  | 'lockup_active'
>;

export interface BothAccounts {
  readonly from: Account;
  readonly to: Account;
}

export type AccountDecision<R extends AccountRejection = AccountRejection> = Decision<
  Placed<AccountEvent>,
  R
>;

export function transferTokens(command: TransferTokens, accounts: BothAccounts): AccountDecision {
  const { earlier, transferable, senderEligible, senderIneligibility, recipientEligible, ...data } =
    command.data;
  if (earlier) return repeated(earlier, data);
  if (accounts.from.status === 'unopened') return reject('account_unknown');
  if (data.from.accountId === data.to.accountId) return reject('same_account');
  if (data.to.kind === 'escrow') return reject('recipient_is_escrow');
  if (!transferable) return reject('series_not_transferable');
  if (!senderEligible) return reject('party_ineligible', senderIneligibility);
  if (!recipientEligible) return reject('recipient_ineligible');
  const { metadata } = command;
  return moveTokens(
    { data: { ...data, movement: 'transfer', lockupEndsAt: null }, metadata },
    accounts,
  );
}

/** Puts tokens where the market can trade them; the escrow account of the series holds them. */
export function depositToEscrow(command: DepositToEscrow, accounts: BothAccounts): AccountDecision {
  const { earlier, transferable, senderEligible, senderIneligibility, ...data } = command.data;
  if (earlier) return repeated(earlier, data);
  if (accounts.from.status === 'unopened') return reject('account_unknown');
  if (!transferable) return reject('series_not_transferable');
  if (!senderEligible) return reject('party_ineligible', senderIneligibility);
  const { metadata } = command;
  return moveTokens(
    { data: { ...data, movement: 'escrow', lockupEndsAt: null }, metadata },
    accounts,
  );
}

function repeated(
  earlier: EarlierMovement,
  { to, quantity }: Pick<MoveTokens['data'], 'to' | 'quantity'>,
): AccountDecision<'movement_exists_differently'> {
  return earlier.counterPartyId === to.partyId && earlier.quantity === quantity
    ? accept()
    : reject('movement_exists_differently', { quantity: formatMicro(earlier.quantity) });
}

/** Both sides of a movement; who may move what is for the caller to check first. */
export function moveTokens(
  { data, metadata }: MoveTokens,
  { from, to }: BothAccounts,
): AccountDecision<MovementRejection> {
  const { movementId, lotId, movement, quantity, lockupEndsAt } = data;
  if (from.status === 'unopened') return reject('account_unknown');
  if (data.from.accountId === data.to.accountId) return reject('same_account');
  if (quantity <= 0n) return reject('quantity_not_positive');
  const asked = { quantity: formatMicro(quantity), available: formatMicro(totalOf(from.lots)) };
  if (totalOf(from.lots) < quantity) return reject('insufficient_tokens', asked);
  const free = from.lots.filter((lot) => !isLocked(lot, metadata.now));
  const draws = drawInOrder(free, quantity);
  if (!draws) return reject('lockup_active', { ...asked, free: formatMicro(totalOf(free)) });
  const { accountId, seriesId, partyId } = data.from;
  const sent: AccountEvent = {
    type: 'issuance.tokens-sent',
    data: {
      accountId,
      seriesId,
      partyId,
      movementId,
      movement,
      counterPartyId: data.to.partyId,
      quantity,
      draws: [...draws],
    },
  };
  const received: AccountEvent = {
    type: 'issuance.tokens-received',
    data: {
      accountId: data.to.accountId,
      seriesId,
      partyId: data.to.partyId,
      movementId,
      movement,
      counterPartyId: partyId,
      quantity,
      lots: [{ lotId, quantity, lockupEndsAt }],
    },
  };
  const recipient = accountStream(data.to.accountId);
  return accept(
    place(accountStream(accountId), sent),
    ...[...openingOf(to, data.to), received].map((event) => place(recipient, event)),
  );
}

/** The treasury's side of a mint that the provider stream accepted. */
export function receiveMint({ data }: ReceiveMint, state: Account): Accepted<AccountEvent> {
  const { mintId, lotId, quantity, treasury } = data;
  const { accountId, seriesId, partyId } = treasury;
  return accept(...openingOf(state, treasury), {
    type: 'issuance.tokens-received',
    data: {
      accountId,
      seriesId,
      partyId,
      movementId: mintId,
      movement: 'mint',
      counterPartyId: partyId,
      quantity,
      lots: [{ lotId, quantity, lockupEndsAt: null }],
    },
  });
}

/** Which lots a redemption of `quantity` uses: the longest locked first (A5). Null if there are too few tokens. */
export function drawForHold(state: Account, quantity: MicroTokens): readonly Draw[] | null {
  return state.status === 'open' ? drawInOrder(state.lots.toReversed(), quantity) : null;
}

/**
 * Burns tokens of a hold that metered use has paid for. Metering never captures more than is held (S6), so a
 * capture that does not fit is corrupt history and stops the stream instead of being refused.
 */
export function captureHold({ data }: CaptureHold, state: Account): Accepted<AccountEvent> {
  const { holdId, captureId, quantity } = data;
  if (quantity === 0n) return accept();
  const hold = state.status === 'open' ? state.holds.get(holdId) : undefined;
  assertPossible(state.status === 'open' && hold !== undefined, 'a capture without a hold');
  assertPossible(totalOf(hold.lots) >= quantity, 'a capture exceeds its hold');
  const { accountId, seriesId, partyId } = state;
  return accept({
    type: 'issuance.hold-captured',
    data: { accountId, seriesId, partyId, holdId, captureId, quantity },
  });
}

/** Gives back what is left of a hold. A hold that was refused or released needs nothing. */
export function releaseHold({ data }: ReleaseHold, state: Account): Accepted<AccountEvent> {
  const { holdId } = data;
  const hold = state.status === 'open' ? state.holds.get(holdId) : undefined;
  if (state.status === 'unopened' || !hold) return accept();
  const { accountId, seriesId, partyId } = state;
  return accept({
    type: 'issuance.hold-released',
    data: { accountId, seriesId, partyId, holdId, quantity: totalOf(hold.lots) },
  });
}

export interface Balances {
  readonly available: MicroTokens;
  readonly held: MicroTokens;
  /** The part of `available` that cannot be sent yet. */
  readonly locked: MicroTokens;
}

export function balancesOf(state: Account, now: string): Balances {
  if (state.status === 'unopened') {
    return { available: microTokens(0n), held: microTokens(0n), locked: microTokens(0n) };
  }
  return {
    available: totalOf(state.lots),
    held: totalOf([...state.holds.values()].flatMap((hold) => hold.lots)),
    locked: totalOf(state.lots.filter((lot) => isLocked(lot, now))),
  };
}

function openingOf(state: Account, terms: AccountTerms): readonly AccountEvent[] {
  return state.status === 'unopened' ? [{ type: 'issuance.account-opened', data: terms }] : [];
}
