import { Inject, Injectable } from '@nestjs/common';
import type { SliceCaptured } from '@specie/contracts';
import { accept, CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { captureHold } from '../account/account.decider.js';
import { AccountQuery } from '../account/account.query.js';
import { accountStream } from '../account/account.state.js';
import { accountIdOf } from '../series/account-id.js';

/** Burns tokens of a hold that metered use has paid for. */
@Injectable()
export class CaptureHoldHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(AccountQuery) private readonly accounts: AccountQuery,
  ) {}

  handle(command: SliceCaptured['data'], context: CommandContext): Promise<Handled<never>> {
    const { reservationId: holdId, partyId, seriesId, captureId, captured: quantity } = command;
    const accountId = accountIdOf(seriesId, partyId);
    return this.commands.handle({
      ...accountStream(accountId),
      // A second delivery may find the hold used up or closed by the first, which would look like corrupt history.
      facts: () => this.accounts.hasBurned(accountId, captureId),
      decide: (account, hasBurned) =>
        hasBurned ? accept() : captureHold({ data: { holdId, captureId, quantity } }, account),
      context,
    });
  }
}
