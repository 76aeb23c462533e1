import { Controller, Inject } from '@nestjs/common';
import type { HoldRefused, TokensHeld } from '@specie/contracts';
import {
  Ctx,
  EventPattern,
  Payload,
  requireSettled,
  type EventContext,
} from '@specie/nest-platform';
import { ConfirmReservationHandler } from './confirm-reservation.handler.js';
import { RefuseReservationHandler } from './refuse-reservation.handler.js';

/** Takes the issuer's answer to a request for a hold. A hold has the id of its reservation. */
@Controller()
export class HoldAnswersConsumer {
  constructor(
    @Inject(ConfirmReservationHandler)
    private readonly confirmReservation: ConfirmReservationHandler,
    @Inject(RefuseReservationHandler)
    private readonly refuseReservation: RefuseReservationHandler,
  ) {}

  @EventPattern('issuance.tokens-held')
  async onTokensHeld(@Payload() { data }: TokensHeld, @Ctx() context: EventContext): Promise<void> {
    requireSettled(await this.confirmReservation.handle(data, context.command()));
  }

  @EventPattern('issuance.hold-refused')
  async onHoldRefused(
    @Payload() { data }: HoldRefused,
    @Ctx() context: EventContext,
  ): Promise<void> {
    requireSettled(await this.refuseReservation.handle(data, context.command()));
  }
}
