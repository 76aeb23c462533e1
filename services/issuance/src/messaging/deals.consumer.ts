import { Controller, Inject } from '@nestjs/common';
import { streamIds, type TrancheOpened } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { Ctx, derivedId, EventPattern, Payload, type EventContext } from '@specie/nest-platform';
import { accountTerms, lotIdOf } from '../account-terms.js';
import { accountAggregate } from '../domain/account/index.js';
import { grantAggregate, grantTokens } from '../domain/grant/index.js';
import { ProvidersQuery } from '../projections/providers/providers.query.js';
import { answerRequest, movementTaken } from './answer-request.js';

/** Grants what a deal owes. */
@Controller()
export class DealsConsumer {
  private readonly commands: CommandHandler;
  private readonly providers: ProvidersQuery;
  private readonly eligibility: EligibilityQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
  ) {
    this.commands = commands;
    this.providers = providers;
    this.eligibility = eligibility;
  }

  @EventPattern('deals.tranche-opened')
  async onTrancheOpened(
    @Payload() event: TrancheOpened,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { trancheId, seriesId, fromPartyId, toPartyId } = event.data;
    const metadata = context.command();
    const series = await this.providers.oneSeries(seriesId);
    const seriesProviderId = series?.providerId ?? null;
    const from = accountTerms({ seriesId, providerId: seriesProviderId }, fromPartyId);
    const to = accountTerms({ seriesId, providerId: seriesProviderId }, toPartyId);
    // One grant per tranche, not per opening: a tranche that was granted can never be granted again.
    const grantId = derivedId('grant', trancheId);
    const data = {
      ...event.data,
      grantId,
      lotId: lotIdOf('grant', from, grantId),
      seriesProviderId,
      seriesWindowToOn: series?.windowToOn ?? null,
      from,
      to,
      senderEligible: await this.eligibility.may(fromPartyId, 'issue', metadata.now),
      recipientEligible: await this.eligibility.may(toPartyId, 'grant', metadata.now),
    };
    await answerRequest(movementTaken, (conflict) =>
      this.commands.handleMany({
        streams: {
          grant: { streamId: streamIds.grant(grantId), aggregate: grantAggregate },
          from: { streamId: streamIds.account(from.accountId), aggregate: accountAggregate },
          to: { streamId: streamIds.account(to.accountId), aggregate: accountAggregate },
        },
        decide: (states) => grantTokens({ data: { ...data, conflict }, metadata }, states),
        context: metadata,
      }),
    );
  }
}
