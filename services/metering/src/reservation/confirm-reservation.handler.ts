import { Inject, Injectable } from '@nestjs/common';
import type { TokensHeld } from '@specie/contracts';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { confirmReservation } from './reservation.decider.js';
import { reservationStream } from './reservation.state.js';

/** Opens a reservation for usage: the issuer holds its tokens. */
@Injectable()
export class ConfirmReservationHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(
    { holdId: reservationId, quantity: held }: TokensHeld['data'],
    context: CommandContext,
  ): Promise<Handled<never>> {
    return this.commands.handle({
      ...reservationStream(reservationId),
      decide: (state) => confirmReservation({ data: { reservationId, held } }, state),
      context,
    });
  }
}
