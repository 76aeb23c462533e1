import { Controller, Inject } from '@nestjs/common';
import { streamIds, type HoldRefused, type SeriesOpened, type TokensHeld } from '@specie/contracts';
import { CommandHandler, type Accepted } from '@specie/event-sourcing';
import {
  Ctx,
  type EventContext,
  EventPattern,
  Payload,
  requireSettled,
} from '@specie/nest-platform';
import {
  confirmReservation,
  refuseReservation,
  reservationAggregate,
  type Reservation,
  type ReservationEvent,
} from '../domain/reservation/index.js';
import { SeriesEntity } from '../projections/rows.js';

/** Whose series there are, and what the issuer answers to a request for a hold. A hold has the id of its reservation. */
@Controller()
export class IssuanceConsumer {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  @EventPattern('issuance.series-opened')
  async onSeriesOpened(
    @Payload() { data }: SeriesOpened,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { seriesId, providerId, windowToOn } = data;
    await context.effect(async (manager) => {
      // The issuer opens a series once; a second announcement must not give it to another provider.
      await manager
        .createQueryBuilder()
        .insert()
        .into(SeriesEntity)
        .values({ seriesId, providerId, windowToOn })
        .orIgnore()
        .execute();
    });
  }

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
    requireSettled(
      await this.commands.handle<Reservation, ReservationEvent, never>({
        streamId: streamIds.reservation(reservationId),
        aggregate: reservationAggregate,
        decide,
        context: context.command(),
      }),
    );
  }
}
