import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { requireParty } from '@specie/nest-platform';
import { dayOf } from '../coverage/days.js';
import { SeriesQuery } from '../series/series.query.js';
import { withdrawCapacity, type ProviderRejection } from '../provider/provider.decider.js';
import { providerStream } from '../provider/provider.state.js';

/** Takes back capacity of the actor's party that nothing issued depends on. */
@Injectable()
export class WithdrawCapacityHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
  ) {}

  /** @throws Forbidden unless the actor is the provider */
  async handle(
    command: { readonly providerId: string; readonly commitmentId: string },
    context: CommandContext,
  ): Promise<Handled<ProviderRejection>> {
    const { providerId, commitmentId } = command;
    requireParty({ partyId: context.actor }, providerId, 'not_your_provider');
    return this.commands.handle({
      ...providerStream(providerId),
      facts: () => this.series.burned(providerId, dayOf(context.now)),
      decide: (state, burned) =>
        withdrawCapacity({ data: { commitmentId, burned }, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: commitmentId, streamVersion }),
    });
  }
}
