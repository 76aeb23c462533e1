import { Inject, Injectable } from '@nestjs/common';
import type { TrancheOpened } from '@specie/contracts';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { derivedId } from '@specie/nest-platform';
import { accountTerms, lotIdOf } from '../account/account-terms.js';
import { movementConflictOf } from '../account/account.commands.js';
import { accountStream } from '../account/account.state.js';
import { SeriesQuery } from '../series/series.query.js';
import { grantStream, grantTokens } from './grant.decider.js';

/** Grants what a tranche of a deal owes: from the provider's treasury to the startup. */
@Injectable()
export class GrantTokensHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  async handle(command: TrancheOpened['data'], context: CommandContext): Promise<Handled<never>> {
    const { trancheId, seriesId, fromPartyId, toPartyId } = command;
    const series = await this.series.one(seriesId);
    const seriesProviderId = series?.providerId ?? null;
    const from = accountTerms({ seriesId, providerId: seriesProviderId }, fromPartyId);
    const to = accountTerms({ seriesId, providerId: seriesProviderId }, toPartyId);
    // One grant per tranche, not per opening: a tranche that was granted can never be granted again.
    const grantId = derivedId('grant', trancheId);
    const data = {
      ...command,
      grantId,
      lotId: lotIdOf('grant', from, grantId),
      seriesProviderId,
      seriesWindowToOn: series?.windowToOn ?? null,
      from,
      to,
      senderEligible: await this.eligibility.may(fromPartyId, 'issue', context.now),
      recipientEligible: await this.eligibility.may(toPartyId, 'grant', context.now),
    };
    return this.commands.handleMany({
      streams: {
        grant: grantStream(grantId),
        from: accountStream(from.accountId),
        to: accountStream(to.accountId),
      },
      facts: (constraint) => Promise.resolve(movementConflictOf(constraint)),
      retriedConstraints: 'all',
      decide: (states, conflict) =>
        grantTokens({ data: { ...data, conflict }, metadata: context }, states),
      context,
    });
  }
}
