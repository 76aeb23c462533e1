import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { derivedId } from '@specie/nest-platform';
import { knownAndFree, type IssueFoundingShares } from './company.commands.js';
import { issueFoundingShares, type CompanyRejection } from './company.decider.js';
import { CompanyQuery } from './company.query.js';
import { companyStream } from './company.state.js';

/** Issues shares of a company of the actor's party without payment. */
@Injectable()
export class IssueFoundingSharesHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(CompanyQuery) private readonly companies: CompanyQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  /** @throws NotFound, Forbidden unless it is the actor's company */
  async handle(
    command: Pick<IssueFoundingShares['data'], 'classId' | 'holderPartyId' | 'shares'> & {
      readonly companyId: string;
      readonly issuanceId?: string | undefined;
    },
    context: CommandContext,
  ): Promise<Handled<CompanyRejection>> {
    const { companyId, classId, holderPartyId, shares } = command;
    const { actor, now } = context;
    await this.companies.requireOwn(companyId, actor);
    const issuanceId = command.issuanceId ?? derivedId('issuance', context.commandId);
    const data = {
      classId,
      issuanceId,
      holderPartyId,
      shares,
      askedAt: 'body.shares',
      ...(await this.eligibility.own(actor, 'deal', now)),
      holderEligible: await this.eligibility.may(holderPartyId, knownAndFree, now),
    };
    return this.commands.handle({
      ...companyStream(companyId),
      decide: (state) => issueFoundingShares({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: issuanceId, streamVersion }),
    });
  }
}
