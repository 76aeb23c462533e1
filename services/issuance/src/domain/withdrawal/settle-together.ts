import { accountAggregate, type Account, type AccountEvent } from '../account/index.js';
import {
  settleWithdrawal,
  withdrawalAggregate,
  type SettleWithdrawal,
  type Withdrawal,
  type WithdrawalEvent,
} from './withdrawal.decider.js';

/** The streams of several withdrawals by what they hold: accounts may be shared, withdrawals are not. */
export type WithdrawalName = `withdrawal ${string}`;
export type AccountName = `account ${string}`;

export interface SettlementStates {
  readonly [withdrawal: WithdrawalName]: Withdrawal;
  readonly [account: AccountName]: Account;
}

export type PlacedSettlement =
  | { readonly stream: WithdrawalName; readonly event: WithdrawalEvent }
  | { readonly stream: AccountName; readonly event: AccountEvent };

/** A withdrawal has the id that its owner chose. */
export function withdrawalName({ withdrawalId, to }: SettleWithdrawal['data']): WithdrawalName {
  return `withdrawal ${to.partyId}/${withdrawalId}`;
}

export function accountName({ accountId }: { readonly accountId: string }): AccountName {
  return `account ${accountId}`;
}

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
  const withdrawals = new Map<WithdrawalName, Withdrawal>();
  const accounts = new Map<AccountName, Account>();
  const withdrawalOf = (name: WithdrawalName): Withdrawal =>
    withdrawals.get(name) ?? states[name] ?? withdrawalAggregate.initialState();
  const accountOf = (name: AccountName): Account =>
    accounts.get(name) ?? states[name] ?? accountAggregate.initialState();
  return requests.map((request) => {
    const named = withdrawalName(request.data);
    const sides = { from: accountName(request.data.from), to: accountName(request.data.to) };
    const { events } = settleWithdrawal(request, {
      withdrawal: withdrawalOf(named),
      from: accountOf(sides.from),
      to: accountOf(sides.to),
    });
    return events.map((placed): PlacedSettlement => {
      if (placed.stream === 'withdrawal') {
        const { event } = placed;
        withdrawals.set(named, withdrawalAggregate.evolve(withdrawalOf(named), event));
        return { stream: named, event };
      }
      const stream = sides[placed.stream];
      accounts.set(stream, accountAggregate.evolve(accountOf(stream), placed.event));
      return { stream, event: placed.event };
    });
  });
}
