import { Controller, Inject } from '@nestjs/common';
import type { WithdrawalRequested } from '@specie/contracts';
import {
  Ctx,
  EventPattern,
  Payload,
  requireSettled,
  Together,
  type EventContext,
} from '@specie/nest-platform';
import {
  SettleWithdrawalsHandler,
  type Settlement,
  type Settlements,
} from './settle-withdrawals.handler.js';

/** More would hold the append's transaction open for long. */
const settledTogetherMax = 64;

/**
 * All withdrawals of the venue stand in one stream, and those of a series draw on one escrow account: what waits is
 * settled in one append.
 */
@Controller()
export class MarketConsumer {
  private readonly settlements: Together<Settlement>;

  constructor(@Inject(SettleWithdrawalsHandler) settleWithdrawals: SettleWithdrawalsHandler) {
    this.settlements = new Together({
      groupSizeMax: settledTogetherMax,
      together: async (settlements) => {
        requireSettled(await settleWithdrawals.handle(settlements as Settlements));
      },
      alone: async (settlement) => {
        requireSettled(await settleWithdrawals.handle([settlement]));
      },
    });
  }

  // The market has taken the tokens already, so no withdrawal depends on another one: each is a lane of its own.
  @EventPattern<WithdrawalRequested>('market.withdrawal-requested', {
    lane: ({ data }) => `withdrawal-${data.partyId}-${data.withdrawalId}`,
  })
  async onWithdrawalRequested(
    @Payload() event: WithdrawalRequested,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.settlements.run({ asked: event.data, context: context.command() });
  }
}
