import { Inject, Injectable } from '@nestjs/common';
import type { TokensGranted } from '@specie/contracts';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { dealStream } from '../deal/deal.state.js';
import { deliverTranche } from './tranche.decider.js';

/** Records that the issuer granted the tokens of a tranche. */
@Injectable()
export class DeliverTrancheHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(
    { dealId, trancheId, grantId }: TokensGranted['data'],
    context: CommandContext,
  ): Promise<Handled<never>> {
    return this.commands.handle({
      ...dealStream(dealId),
      decide: (state) => deliverTranche({ data: { trancheId, grantId } }, state),
      context,
    });
  }
}
