import { Controller, Inject } from '@nestjs/common';
import { streamIds, type WithdrawalRequested } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import { Ctx, EventPattern, Payload, type EventContext } from '@specie/nest-platform';
import { accountTerms, escrowTerms, lotIdOf } from '../account-terms.js';
import { accountAggregate } from '../domain/account/index.js';
import { settleWithdrawal, withdrawalAggregate } from '../domain/withdrawal/index.js';
import { ProvidersQuery } from '../projections/providers/providers.query.js';
import { answerRequest, movementTaken } from './answer-request.js';

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
    const data = {
      ...{ withdrawalId, quantity, from, to },
      lotId: lotIdOf('withdrawal', to, withdrawalId),
    };
    await answerRequest(movementTaken, (conflict) =>
      this.commands.handleMany({
        streams: {
          withdrawal: {
            streamId: streamIds.withdrawal(partyId, withdrawalId),
            aggregate: withdrawalAggregate,
          },
          from: { streamId: streamIds.account(from.accountId), aggregate: accountAggregate },
          to: { streamId: streamIds.account(to.accountId), aggregate: accountAggregate },
        },
        decide: (states) => settleWithdrawal({ data: { ...data, conflict }, metadata }, states),
        context: metadata,
      }),
    );
  }
}
