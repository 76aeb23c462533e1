import type { Placed } from '@specie/event-sourcing';
import { streamIds } from '@specie/contracts/streams';
import { accountAggregate, type Account, type AccountEvent } from '../account/account.state.js';
import {
  settleWithdrawal,
  withdrawalAggregate,
  type SettleWithdrawal,
  type Withdrawal,
  type WithdrawalEvent,
} from './withdrawal.decider.js';

/** By stream id: accounts may be shared by several withdrawals, withdrawals are not. */
export interface SettlementStates {
  readonly [withdrawal: `withdrawal-${string}`]: Withdrawal;
  readonly [account: `account-${string}`]: Account;
}

export type PlacedSettlement = Placed<WithdrawalEvent | AccountEvent>;

/**
 * Settles withdrawals one after another, each on what the one before left: the same events in the same order as if each
 * had been decided alone (W1 to W3 hold for each), so that all of them may stand in one append.
 *
 * @returns the events of each request, in the order of the requests
 */
export function settleTogether(
  requests: readonly SettleWithdrawal[],
  states: SettlementStates,
): readonly (readonly PlacedSettlement[])[] {
  const withdrawals = new Map<string, Withdrawal>();
  const accounts = new Map<string, Account>();
  return requests.map((request) => {
    const { withdrawalId, from, to } = request.data;
    const withdrawalStreamId = streamIds.withdrawal(to.partyId, withdrawalId);
    const accountOf = ({ accountId }: { readonly accountId: string }): Account => {
      const streamId = streamIds.account(accountId);
      return accounts.get(streamId) ?? states[streamId] ?? accountAggregate.initialState();
    };
    const withdrawal =
      withdrawals.get(withdrawalStreamId) ??
      states[withdrawalStreamId] ??
      withdrawalAggregate.initialState();
    const { events } = settleWithdrawal(request, {
      withdrawal,
      from: accountOf(from),
      to: accountOf(to),
    });
    for (const { streamId, event } of events) {
      if (isOfWithdrawal(event)) {
        withdrawals.set(streamId, withdrawalAggregate.evolve(withdrawal, event));
      } else {
        accounts.set(streamId, accountAggregate.evolve(accountOf(event.data), event));
      }
    }
    return events;
  });
}

function isOfWithdrawal(event: WithdrawalEvent | AccountEvent): event is WithdrawalEvent {
  return (
    event.type === 'issuance.withdrawal-settled' || event.type === 'issuance.withdrawal-refused'
  );
}
