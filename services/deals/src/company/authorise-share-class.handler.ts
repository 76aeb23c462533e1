import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { derivedId } from '@specie/nest-platform';
import type { AuthoriseShareClass } from './company.commands.js';
import { authoriseShareClass, type CompanyRejection } from './company.decider.js';
import { CompanyQuery } from './company.query.js';
import { companyStream } from './company.state.js';

/** Authorises a class of shares in a company of the actor's party, or changes how many of it may exist. */
@Injectable()
export class AuthoriseShareClassHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(CompanyQuery) private readonly companies: CompanyQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  /** @throws NotFound, Forbidden unless it is the actor's company */
  async handle(
    command: Pick<AuthoriseShareClass['data'], 'kind' | 'authorised'> & {
      readonly companyId: string;
      readonly classId?: string | undefined;
    },
    context: CommandContext,
  ): Promise<Handled<CompanyRejection>> {
    const { companyId, kind, authorised } = command;
    await this.companies.requireOwn(companyId, context.actor);
    const classId = command.classId ?? derivedId('share-class', context.commandId);
    const own = await this.eligibility.own(context.actor, 'deal', context.now);
    const data = { classId, kind, authorised, ...own };
    return this.commands.handle({
      ...companyStream(companyId),
      decide: (state) => authoriseShareClass({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: classId, streamVersion }),
    });
  }
}
