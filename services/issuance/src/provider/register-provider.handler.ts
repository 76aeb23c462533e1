import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { registerProvider, type ProviderRejection } from './provider.decider.js';
import { providerStream } from './provider.state.js';

/** Registers the actor's party as a provider. */
@Injectable()
export class RegisterProviderHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  async handle(
    command: { readonly uptimeHaircutBps: number },
    context: CommandContext,
  ): Promise<Handled<ProviderRejection>> {
    const providerId = context.actor;
    const own = await this.eligibility.own(providerId, 'issue', context.now);
    return this.commands.handle({
      ...providerStream(providerId),
      decide: (state) =>
        registerProvider({ data: { providerId, ...command, ...own }, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: providerId, streamVersion }),
    });
  }
}
