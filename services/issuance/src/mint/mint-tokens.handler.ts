import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { derivedId, NotFound, requireParty } from '@specie/nest-platform';
import type { MicroTokens } from '@specie/quantities';
import { accountTerms, lotIdOf } from '../account/account-terms.js';
import { AccountQuery } from '../account/account.query.js';
import { accountStream } from '../account/account.state.js';
import { dayOf } from '../coverage/days.js';
import type { ProviderRejection } from '../provider/provider.decider.js';
import { providerStream } from '../provider/provider.state.js';
import { SeriesQuery } from '../series/series.query.js';
import { mintIntoTreasury } from './mint.decider.js';

/** Mints tokens of a series of the actor's party into its treasury. */
@Injectable()
export class MintTokensHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
    @Inject(AccountQuery) private readonly accounts: AccountQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  /** @throws NotFound, Forbidden unless the series is there and the actor's own */
  async handle(
    command: {
      readonly seriesId: string;
      readonly quantity: MicroTokens;
      readonly mintId?: string | undefined;
    },
    context: CommandContext,
  ): Promise<Handled<ProviderRejection>> {
    const series = await this.series.one(command.seriesId);
    if (!series) throw new NotFound('series_unknown');
    const { seriesId, providerId } = series;
    requireParty({ partyId: context.actor }, providerId, 'not_your_series');
    const treasury = accountTerms(series, providerId);
    const mintId = command.mintId ?? derivedId('mint', context.commandId);
    const data = {
      ...{ seriesId, mintId, quantity: command.quantity },
      ...(await this.eligibility.own(providerId, 'issue', context.now)),
    };
    const receipt = { lotId: lotIdOf('mint', treasury, mintId), treasury };
    const provider = providerStream(providerId);
    return this.commands.handleMany({
      streams: { provider, treasury: accountStream(treasury.accountId) },
      facts: async () => ({
        burned: await this.series.burned(providerId, dayOf(context.now)),
        earlier: await this.accounts.earlier(treasury, 'mint', mintId),
      }),
      retriedConstraints: ['token_movements_once'],
      decide: (states, facts) =>
        mintIntoTreasury({ data: { ...data, ...facts }, metadata: context }, receipt, states),
      context,
      answer: (versions) => ({
        id: mintId,
        streamVersion: versions.get(provider.streamId) ?? 0,
      }),
    });
  }
}
