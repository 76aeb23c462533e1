import type {
  AccountLimitSet,
  AuctionUncrossed,
  BandsSet,
  BookOpened,
  CashDeposited,
  CashWithdrawn,
  KillSwitchSet,
  OrderAccepted,
  OrderCancelled,
  OrderRefused,
  OrderReplaced,
  OrderRestated,
  OrdersMassCancelled,
  OrderTriggered,
  PhaseChanged,
  SelfTradePrevented,
  TimeAdvanced,
  TokensDeposited,
  TradeExecuted,
  WithdrawalCompleted,
  WithdrawalRequested,
  WithdrawalReverted,
} from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';

/** The one stream of the shard: all of its books and trading accounts. */
export const shardStreamId = streamIds.shard('main');

/** Events that say what a command asked for; those after it, up to the next of them, are what came of it. */
export type AskedEvent =
  | AccountLimitSet
  | BandsSet
  | BookOpened
  | CashDeposited
  | CashWithdrawn
  | KillSwitchSet
  | OrderAccepted
  | OrderCancelled
  | OrderRefused
  | OrderReplaced
  | OrdersMassCancelled
  | PhaseChanged
  | TimeAdvanced
  | TokensDeposited
  | WithdrawalCompleted
  | WithdrawalRequested
  | WithdrawalReverted;

export type ShardEvent =
  | AskedEvent
  | AuctionUncrossed
  | OrderRestated
  | OrderTriggered
  | SelfTradePrevented
  | TradeExecuted;
