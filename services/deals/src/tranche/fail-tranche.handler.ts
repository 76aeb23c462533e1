import { Inject, Injectable } from '@nestjs/common';
import type { GrantRefused } from '@specie/contracts';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { dealStream } from '../deal/deal.state.js';
import { failTranche } from './tranche.decider.js';

/** Records that the issuer refused the tokens of a tranche. */
@Injectable()
export class FailTrancheHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(
    { dealId, trancheId, reason }: GrantRefused['data'],
    context: CommandContext,
  ): Promise<Handled<never>> {
    return this.commands.handle({
      ...dealStream(dealId),
      decide: (state) => failTranche({ data: { trancheId, reason } }, state),
      context,
    });
  }
}
