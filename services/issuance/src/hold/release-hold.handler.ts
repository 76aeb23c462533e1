import { Inject, Injectable } from '@nestjs/common';
import type { ReservationClosed } from '@specie/contracts';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { releaseHold } from '../account/account.decider.js';
import { accountStream } from '../account/account.state.js';
import { accountIdOf } from '../series/account-id.js';

/** Gives back what is left of a hold when its reservation ends. */
@Injectable()
export class ReleaseHoldHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(
    { reservationId: holdId, partyId, seriesId }: ReservationClosed['data'],
    context: CommandContext,
  ): Promise<Handled<never>> {
    return this.commands.handle({
      ...accountStream(accountIdOf(seriesId, partyId)),
      decide: (account) => releaseHold({ data: { holdId } }, account),
      context,
    });
  }
}
