import { Controller, Inject } from '@nestjs/common';
import { streamIds, type WithdrawalRequested } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import {
  Ctx,
  EventPattern,
  Payload,
  requireSettled,
  type EventContext,
} from '@specie/nest-platform';
import { accountTerms, escrowTerms } from '../account-terms.js';
import { accountAggregate } from '../domain/account/index.js';
import { settleWithdrawal, withdrawalAggregate } from '../domain/withdrawal/index.js';
import { ProvidersQuery } from '../projections/providers/providers.query.js';

/** Lets tokens out of the escrow when the market took them off a trading account. */
@Controller()
export class MarketConsumer {
  private readonly commands: CommandHandler;
  private readonly providers: ProvidersQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
  ) {
    this.commands = commands;
    this.providers = providers;
  }

  @EventPattern('market.withdrawal-requested')
  async onWithdrawalRequested(
    @Payload() event: WithdrawalRequested,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { withdrawalId, partyId, seriesId, quantity } = event.data;
    const metadata = context.command();
    const series = await this.providers.oneSeries(seriesId);
    const named = { seriesId, providerId: series?.providerId ?? null };
    const from = escrowTerms(named);
    const to = accountTerms(named, partyId);
    const handled = await this.commands.handleMany({
      streams: {
        withdrawal: {
          streamId: streamIds.withdrawal(withdrawalId),
          aggregate: withdrawalAggregate,
        },
        from: { streamId: streamIds.account(from.accountId), aggregate: accountAggregate },
        to: { streamId: streamIds.account(to.accountId), aggregate: accountAggregate },
      },
      decide: (states) =>
        settleWithdrawal({ data: { withdrawalId, quantity, from, to }, metadata }, states),
      context: metadata,
    });
    requireSettled(handled);
  }
}
