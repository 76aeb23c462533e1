import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import { derivedId, type CallerIdentity } from '@specie/nest-platform';
import type { MicroTokens } from '@specie/quantities';
import { accountTerms, lotIdOf } from './account-terms.js';
import { transferTokens, type AccountRejection } from './account.decider.js';
import { AccountQuery } from './account.query.js';
import { accountStream } from './account.state.js';

/** Moves tokens of the caller's account to another party's. */
@Injectable()
export class TransferTokensHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(AccountQuery) private readonly accounts: AccountQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  /** @throws NotFound, Forbidden unless the account is there and the caller's own */
  async handle(
    command: {
      readonly accountId: string;
      readonly toPartyId: string;
      readonly quantity: MicroTokens;
      readonly movementId?: string | undefined;
    },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<AccountRejection>> {
    const { series, from } = await this.accounts.ownAccount(command.accountId, caller);
    const to = accountTerms(series, command.toPartyId);
    const movementId = command.movementId ?? derivedId('movement', context.commandId);
    const sender = await this.eligibility.own(from.partyId, 'transfer', context.now);
    const data = {
      movementId,
      lotId: lotIdOf('transfer', from, movementId),
      quantity: command.quantity,
      from,
      to,
      transferable: series.transferable,
      senderEligible: sender.eligible,
      ...(sender.ineligibility ? { senderIneligibility: sender.ineligibility } : {}),
      recipientEligible: await this.eligibility.may(to.partyId, 'transfer', context.now),
    };
    const source = accountStream(from.accountId);
    return this.commands.handleMany({
      streams: { from: source, to: accountStream(to.accountId) },
      facts: () => this.accounts.earlier(from, 'transfer', movementId),
      retriedConstraints: ['token_movements_once'],
      decide: (accounts, earlier) =>
        transferTokens({ data: { ...data, earlier }, metadata: context }, accounts),
      context,
      answer: (versions) => ({
        id: movementId,
        streamVersion: versions.get(source.streamId) ?? 0,
      }),
    });
  }
}
