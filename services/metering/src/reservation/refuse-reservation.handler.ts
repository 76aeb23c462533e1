import { Inject, Injectable } from '@nestjs/common';
import type { HoldRefused } from '@specie/contracts';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { refuseReservation } from './reservation.decider.js';
import { reservationStream } from './reservation.state.js';

/** Ends a reservation whose tokens the issuer does not hold. */
@Injectable()
export class RefuseReservationHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(
    { holdId: reservationId, reason }: HoldRefused['data'],
    context: CommandContext,
  ): Promise<Handled<never>> {
    return this.commands.handle({
      ...reservationStream(reservationId),
      decide: (state) => refuseReservation({ data: { reservationId, reason } }, state),
      context,
    });
  }
}
