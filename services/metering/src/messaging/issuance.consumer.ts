import { Controller, Inject } from '@nestjs/common';
import { streamIds, type HoldRefused, type TokensHeld } from '@specie/contracts';
import { CommandHandler, type Accepted } from '@specie/event-sourcing';
import {
  Ctx,
  type EventContext,
  EventPattern,
  Payload,
  TransientEventError,
} from '@specie/nest-platform';
import {
  confirmReservation,
  refuseReservation,
  reservationAggregate,
  type Reservation,
  type ReservationEvent,
} from '../domain/reservation/index.js';

export const issuanceEventsConsumed = ['issuance.tokens-held', 'issuance.hold-refused'] as const;

/** What the issuer answers to a request for a hold. A hold has the id of its reservation. */
@Controller()
export class IssuanceConsumer {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  @EventPattern('issuance.tokens-held')
  async onTokensHeld(@Payload() { data }: TokensHeld, @Ctx() context: EventContext): Promise<void> {
    const { holdId: reservationId, quantity: held } = data;
    await this.handle(context, reservationId, (state) =>
      confirmReservation({ data: { reservationId, held } }, state),
    );
  }

  @EventPattern('issuance.hold-refused')
  async onHoldRefused(
    @Payload() { data }: HoldRefused,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { holdId: reservationId, reason } = data;
    await this.handle(context, reservationId, (state) =>
      refuseReservation({ data: { reservationId, reason } }, state),
    );
  }

  private async handle(
    context: EventContext,
    reservationId: string,
    decide: (state: Reservation) => Accepted<ReservationEvent>,
  ): Promise<void> {
    const handled = await this.commands.handle<Reservation, ReservationEvent, never>({
      streamId: streamIds.reservation(reservationId),
      aggregate: reservationAggregate,
      decide,
      context: context.command(),
    });
    if (handled.outcome !== 'accepted') {
      throw new TransientEventError(`the hold was not recorded: ${handled.outcome}`);
    }
  }
}
