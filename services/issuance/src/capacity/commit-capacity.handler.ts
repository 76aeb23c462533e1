import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { derivedId, requireParty } from '@specie/nest-platform';
import { h100eWeightVersion } from '@specie/quantities';
import type { CommitCapacity } from '../provider/provider.commands.js';
import { commitCapacity, type ProviderRejection } from '../provider/provider.decider.js';
import { providerStream } from '../provider/provider.state.js';

type Terms = Pick<CommitCapacity['data'], 'sku' | 'gpuCount' | 'fromOn' | 'toOn'>;

/** Promises GPUs of the actor's party for a range of days. */
@Injectable()
export class CommitCapacityHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  /** @throws Forbidden unless the actor is the provider */
  async handle(
    command: Terms & {
      readonly providerId: string;
      readonly commitmentId?: string | undefined;
      readonly weightVersion?: number | undefined;
    },
    context: CommandContext,
  ): Promise<Handled<ProviderRejection>> {
    const { providerId, ...terms } = command;
    requireParty({ partyId: context.actor }, providerId, 'not_your_provider');
    const commitmentId = command.commitmentId ?? derivedId('commitment', context.commandId);
    const data = {
      ...terms,
      commitmentId,
      weightVersion: command.weightVersion ?? h100eWeightVersion,
      ...(await this.eligibility.own(providerId, 'issue', context.now)),
    };
    return this.commands.handle({
      ...providerStream(providerId),
      decide: (state) => commitCapacity({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: commitmentId, streamVersion }),
    });
  }
}
