import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { attestCapacity, type ProviderRejection } from '../provider/provider.decider.js';
import { providerStream } from '../provider/provider.state.js';

/** Records that the actor, an auditor, has seen committed capacity. */
@Injectable()
export class AttestCapacityHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(
    command: {
      readonly providerId: string;
      readonly commitmentId: string;
      readonly evidenceHash: string;
    },
    context: CommandContext,
  ): Promise<Handled<ProviderRejection>> {
    const { providerId, ...seen } = command;
    const data = { ...seen, attestedBy: context.actor };
    return this.commands.handle({
      ...providerStream(providerId),
      decide: (state) => attestCapacity({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: data.commitmentId, streamVersion }),
    });
  }
}
