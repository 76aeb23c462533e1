/**
 * A withdrawal from the market: tokens leave the escrow account of their series for the account of their owner.
 *
 * W1: Every request is answered once: settled, or refused with a reason.
 * W2 (S3): What leaves the escrow is what the market took off the trading account.
 * W3: Nobody needs to be eligible to get back tokens that are theirs: the owner does not change.
 */
import type { WithdrawalRefused, WithdrawalSettled } from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  accept,
  assertNever,
  assertPossible,
  codeOf,
  place,
  reject,
  type Accepted,
  type Aggregate,
  type CommandMetadata,
  type Placed,
  type StreamRef,
} from '@specie/event-sourcing';
import type { MicroTokens } from '@specie/quantities';
import {
  type AccountTerms,
  type MoveTokens,
  type MovementConflict,
} from '../account/account.commands.js';
import { moveTokens, type BothAccounts } from '../account/account.decider.js';
import type { AccountEvent } from '../account/account.state.js';

export type WithdrawalEvent = WithdrawalSettled | WithdrawalRefused;
export interface Withdrawal {
  readonly status: 'unanswered' | 'settled' | 'refused';
}

export const withdrawalAggregate: Aggregate<Withdrawal, WithdrawalEvent> = {
  initialState: () => ({ status: 'unanswered' }),
  evolve: (state, event) => {
    assertPossible(state.status === 'unanswered', 'a withdrawal is answered once');
    switch (event.type) {
      case 'issuance.withdrawal-settled':
        return { status: 'settled' };
      case 'issuance.withdrawal-refused':
        return { status: 'refused' };
      default:
        return assertNever(event);
    }
  },
};

export function withdrawalStream(
  partyId: string,
  withdrawalId: string,
): StreamRef<Withdrawal, WithdrawalEvent> {
  return { streamId: streamIds.withdrawal(partyId, withdrawalId), aggregate: withdrawalAggregate };
}

export interface SettleWithdrawal {
  readonly data: {
    readonly withdrawalId: string;
    readonly lotId: string;
    readonly conflict: MovementConflict | null;
    readonly quantity: MicroTokens;
    /** The escrow account of the series. */
    readonly from: AccountTerms;
    readonly to: AccountTerms;
  };
  readonly metadata: CommandMetadata;
}

export function settleWithdrawal(
  { data, metadata }: SettleWithdrawal,
  states: BothAccounts & { readonly withdrawal: Withdrawal },
): Accepted<Placed<WithdrawalEvent | AccountEvent>> {
  if (states.withdrawal.status !== 'unanswered') return accept();
  const { withdrawalId, lotId, conflict, quantity, from, to } = data;
  const { seriesId, partyId } = to;
  const stream = withdrawalStream(partyId, withdrawalId);
  const payout: MoveTokens['data'] = {
    movementId: withdrawalId,
    lotId,
    movement: 'withdrawal',
    quantity,
    from,
    to,
    lockupEndsAt: null,
  };
  const moved = conflict ? reject(conflict) : moveTokens({ data: payout, metadata }, states);
  const answer = { withdrawalId, seriesId, partyId, quantity };
  if (moved.outcome === 'rejected') {
    const event: WithdrawalRefused = {
      type: 'issuance.withdrawal-refused',
      data: { ...answer, reason: codeOf(moved) },
    };
    return accept(place(stream, event));
  }
  return accept<Placed<WithdrawalEvent | AccountEvent>>(
    ...moved.events,
    place(stream, { type: 'issuance.withdrawal-settled', data: answer }),
  );
}
