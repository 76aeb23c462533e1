import { Controller, Inject } from '@nestjs/common';
import type { RedemptionRequested, ReservationClosed, SliceCaptured } from '@specie/contracts';
import {
  Ctx,
  EventPattern,
  Payload,
  requireSettled,
  type EventContext,
} from '@specie/nest-platform';
import { CaptureHoldHandler } from './capture-hold.handler.js';
import { HoldTokensHandler } from './hold-tokens.handler.js';
import { ReleaseHoldHandler } from './release-hold.handler.js';

/** Holds tokens for a reservation, burns what it used and releases the rest. */
@Controller()
export class MeteringConsumer {
  constructor(
    @Inject(HoldTokensHandler) private readonly holdTokens: HoldTokensHandler,
    @Inject(CaptureHoldHandler) private readonly captureHold: CaptureHoldHandler,
    @Inject(ReleaseHoldHandler) private readonly releaseHold: ReleaseHoldHandler,
  ) {}

  @EventPattern('metering.redemption-requested')
  async onRedemptionRequested(
    @Payload() { data }: RedemptionRequested,
    @Ctx() context: EventContext,
  ): Promise<void> {
    requireSettled(await this.holdTokens.handle(data, context.command()));
  }

  @EventPattern('metering.slice-captured')
  async onSliceCaptured(
    @Payload() { data }: SliceCaptured,
    @Ctx() context: EventContext,
  ): Promise<void> {
    requireSettled(await this.captureHold.handle(data, context.command()));
  }

  @EventPattern('metering.reservation-closed')
  async onReservationClosed(
    @Payload() { data }: ReservationClosed,
    @Ctx() context: EventContext,
  ): Promise<void> {
    requireSettled(await this.releaseHold.handle(data, context.command()));
  }
}
