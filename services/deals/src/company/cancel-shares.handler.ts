import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { derivedId } from '@specie/nest-platform';
import { knownAndFree, type CancelShares } from './company.commands.js';
import { cancelShares, type CompanyRejection } from './company.decider.js';
import { companyStream } from './company.state.js';

/** Gives up shares that the actor's party holds. */
@Injectable()
export class CancelSharesHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  async handle(
    command: Pick<CancelShares['data'], 'classId' | 'shares'> & {
      readonly companyId: string;
      readonly cancellationId?: string | undefined;
    },
    context: CommandContext,
  ): Promise<Handled<CompanyRejection>> {
    const { companyId, classId, shares } = command;
    const { actor: holderPartyId, now } = context;
    const cancellationId = command.cancellationId ?? derivedId('cancellation', context.commandId);
    const own = await this.eligibility.own(holderPartyId, knownAndFree, now);
    const named = { classId, cancellationId, holderPartyId, shares };
    const data = { ...named, reason: 'surrendered' as const, ...own };
    return this.commands.handle({
      ...companyStream(companyId),
      decide: (state) => cancelShares({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: cancellationId, streamVersion }),
    });
  }
}
