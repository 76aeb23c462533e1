import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import type { CallerIdentity } from '@specie/nest-platform';
import { ReservationAccessQuery } from './reservation-access.query.js';
import { closeReservation, type CloseReservationRejection } from './reservation.decider.js';
import { reservationStream } from './reservation.state.js';

/** Closes a reservation for the party that reserved, or for the provider of its series. */
@Injectable()
export class CloseReservationHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(ReservationAccessQuery) private readonly access: ReservationAccessQuery,
  ) {}

  /** @throws NotFound, Forbidden, Unavailable unless the caller is one of the two */
  async handle(
    command: { readonly reservationId: string },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<CloseReservationRejection>> {
    const { reservationId } = command;
    await this.access.requireOwnerOrProvider(reservationId, caller, context.now);
    return this.commands.handle({
      ...reservationStream(reservationId),
      decide: (state) => closeReservation({ data: command }, state),
      context,
      answer: (streamVersion) => ({ id: reservationId, streamVersion }),
    });
  }
}
