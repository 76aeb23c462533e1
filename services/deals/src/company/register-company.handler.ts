import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { derivedId } from '@specie/nest-platform';
import { registerCompany, type CompanyRejection } from './company.decider.js';
import { companyStream } from './company.state.js';

/** Registers a company of the actor's party. */
@Injectable()
export class RegisterCompanyHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  async handle(
    command: {
      readonly companyId?: string | undefined;
      readonly directorPartyIds: readonly string[];
    },
    context: CommandContext,
  ): Promise<Handled<CompanyRejection>> {
    const { actor: partyId, now } = context;
    const companyId = command.companyId ?? derivedId('company', context.commandId);
    const { directorPartyIds } = command;
    const own = await this.eligibility.own(partyId, 'deal', now);
    const data = { companyId, partyId, directorPartyIds, ...own };
    return this.commands.handle({
      ...companyStream(companyId),
      decide: (state) => registerCompany({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: companyId, streamVersion }),
    });
  }
}
