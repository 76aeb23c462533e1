import { Controller, Inject } from '@nestjs/common';
import {
  streamIds,
  type RedemptionRequested,
  type ReservationClosed,
  type SliceCaptured,
} from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import { Ctx, derivedId, EventContext, EventPattern, Payload } from '@specie/nest-platform';
import { accountAggregate, captureHold, releaseHold } from '../domain/account/index.js';
import { holdAggregate, holdTokens } from '../domain/hold/index.js';
import { EligibilityQuery } from '../projections/eligibility.query.js';
import { ProvidersQuery } from '../projections/providers/providers.query.js';
import { requireSettled } from './settled.js';

/** Holds tokens for a reservation, burns what it used and releases the rest. The hold has the id of the reservation. */
@Controller()
export class MeteringConsumer {
  private readonly commands: CommandHandler;
  private readonly providers: ProvidersQuery;
  private readonly eligibility: EligibilityQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
  ) {
    this.commands = commands;
    this.providers = providers;
    this.eligibility = eligibility;
  }

  @EventPattern('metering.redemption-requested')
  async onRedemptionRequested(
    @Payload() event: RedemptionRequested,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { reservationId: holdId, partyId, seriesId, sku, quantity, expiresAt } = event.data;
    const metadata = context.command();
    const series = await this.providers.oneSeries(seriesId);
    const eligible = await this.eligibility.may(partyId, 'redeem', metadata.now);
    const data = { holdId, seriesId, partyId, sku, quantity, expiresAt, series, eligible };
    const handled = await this.commands.handleMany({
      streams: {
        hold: { streamId: streamIds.hold(holdId), aggregate: holdAggregate },
        account: accountStream(seriesId, partyId),
      },
      decide: (states) => holdTokens({ data, metadata }, states),
      context: metadata,
    });
    requireSettled(handled);
  }

  @EventPattern('metering.slice-captured')
  async onSliceCaptured(
    @Payload() event: SliceCaptured,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { reservationId: holdId, partyId, seriesId, captureId, captured: quantity } = event.data;
    const handled = await this.commands.handle({
      ...accountStream(seriesId, partyId),
      decide: (account) => captureHold({ data: { holdId, captureId, quantity } }, account),
      context: context.command(),
    });
    requireSettled(handled);
  }

  @EventPattern('metering.reservation-closed')
  async onReservationClosed(
    @Payload() event: ReservationClosed,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { reservationId: holdId, partyId, seriesId } = event.data;
    const handled = await this.commands.handle({
      ...accountStream(seriesId, partyId),
      decide: (account) => releaseHold({ data: { holdId } }, account),
      context: context.command(),
    });
    requireSettled(handled);
  }
}

function accountStream(
  seriesId: string,
  partyId: string,
): { readonly streamId: string; readonly aggregate: typeof accountAggregate } {
  return {
    streamId: streamIds.account(derivedId('account', seriesId, partyId)),
    aggregate: accountAggregate,
  };
}
