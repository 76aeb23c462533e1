import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { derivedId } from '@specie/nest-platform';
import type { ProviderRejection } from '../provider/provider.decider.js';
import { providerStream } from '../provider/provider.state.js';
import { accountIdOf } from './account-id.js';
import type { OpenSeries } from './series.commands.js';
import { openSeries } from './series.decider.js';

type Terms = Pick<
  OpenSeries['data'],
  'windowFromOn' | 'windowToOn' | 'skus' | 'region' | 'transferable'
>;

/** Opens a series of the actor's party. */
@Injectable()
export class OpenSeriesHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  async handle(
    command: Terms & { readonly seriesId?: string | undefined },
    context: CommandContext,
  ): Promise<Handled<ProviderRejection>> {
    const providerId = context.actor;
    const seriesId = command.seriesId ?? derivedId('series', context.commandId);
    const data = {
      ...command,
      seriesId,
      treasuryAccountId: accountIdOf(seriesId, providerId),
      ...(await this.eligibility.own(providerId, 'issue', context.now)),
    };
    return this.commands.handle({
      ...providerStream(providerId),
      decide: (state) => openSeries({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: seriesId, streamVersion }),
    });
  }
}
