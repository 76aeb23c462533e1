import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { expireReservation } from './reservation.decider.js';
import { reservationStream } from './reservation.state.js';

/** Ends a reservation whose deadline has passed. */
@Injectable()
export class ExpireReservationHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(
    command: { readonly reservationId: string },
    context: CommandContext,
  ): Promise<Handled<never>> {
    return this.commands.handle({
      ...reservationStream(command.reservationId),
      decide: (state) => expireReservation({ data: command, metadata: context }, state),
      context,
    });
  }
}
