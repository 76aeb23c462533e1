import { Inject, Injectable } from '@nestjs/common';
import type { RedemptionRequested } from '@specie/contracts';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { accountStream } from '../account/account.state.js';
import { accountIdOf } from '../series/account-id.js';
import { SeriesQuery } from '../series/series.query.js';
import { holdConflictOf, holdStream, holdTokens } from './hold.decider.js';

/** Sets tokens aside for a reservation of GPU time. The hold has the id of the reservation. */
@Injectable()
export class HoldTokensHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  async handle(
    command: RedemptionRequested['data'],
    context: CommandContext,
  ): Promise<Handled<never>> {
    const { reservationId: holdId, partyId, seriesId, sku, quantity, expiresAt } = command;
    const series = await this.series.one(seriesId);
    const eligible = await this.eligibility.may(partyId, 'redeem', context.now);
    const data = { holdId, seriesId, partyId, sku, quantity, expiresAt, series, eligible };
    return this.commands.handleMany({
      streams: {
        hold: holdStream(holdId),
        account: accountStream(accountIdOf(seriesId, partyId)),
      },
      facts: (constraint) => Promise.resolve(holdConflictOf(constraint)),
      retriedConstraints: 'all',
      decide: (states, conflict) =>
        holdTokens({ data: { ...data, conflict }, metadata: context }, states),
      context,
    });
  }
}
