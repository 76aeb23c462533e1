import { Controller, Inject } from '@nestjs/common';
import {
  streamIds,
  type RedemptionRequested,
  type ReservationClosed,
  type SliceCaptured,
} from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import {
  Ctx,
  EventPattern,
  Payload,
  requireSettled,
  type EventContext,
} from '@specie/nest-platform';
import { accountTerms } from '../account-terms.js';
import { accountAggregate, captureHold, releaseHold } from '../domain/account/index.js';
import { holdAggregate, holdTokens } from '../domain/hold/index.js';
import { AccountsQuery } from '../projections/accounts/accounts.query.js';
import { ProvidersQuery } from '../projections/providers/providers.query.js';
import { answerRequest, holdTaken } from './answer-request.js';

/** Holds tokens for a reservation, burns what it used and releases the rest. The hold has the id of the reservation. */
@Controller()
export class MeteringConsumer {
  private readonly commands: CommandHandler;
  private readonly providers: ProvidersQuery;
  private readonly accounts: AccountsQuery;
  private readonly eligibility: EligibilityQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
    @Inject(AccountsQuery) accounts: AccountsQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
  ) {
    this.commands = commands;
    this.providers = providers;
    this.accounts = accounts;
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
    await answerRequest(holdTaken, (conflict) =>
      this.commands.handleMany({
        streams: {
          hold: { streamId: streamIds.hold(holdId), aggregate: holdAggregate },
          account: accountStream(seriesId, partyId),
        },
        decide: (states) => holdTokens({ data: { ...data, conflict }, metadata }, states),
        context: metadata,
      }),
    );
  }

  @EventPattern('metering.slice-captured')
  async onSliceCaptured(
    @Payload() event: SliceCaptured,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { reservationId: holdId, partyId, seriesId, captureId, captured: quantity } = event.data;
    // A second delivery may find the hold used up or closed by the first, which would look like corrupt history.
    if (await this.accounts.hasBurned(accountIdOf(seriesId, partyId), captureId)) return;
    requireSettled(
      await this.commands.handle({
        ...accountStream(seriesId, partyId),
        decide: (account) => captureHold({ data: { holdId, captureId, quantity } }, account),
        context: context.command(),
      }),
    );
  }

  @EventPattern('metering.reservation-closed')
  async onReservationClosed(
    @Payload() event: ReservationClosed,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { reservationId: holdId, partyId, seriesId } = event.data;
    requireSettled(
      await this.commands.handle({
        ...accountStream(seriesId, partyId),
        decide: (account) => releaseHold({ data: { holdId } }, account),
        context: context.command(),
      }),
    );
  }
}

function accountIdOf(seriesId: string, partyId: string): string {
  return accountTerms({ seriesId, providerId: null }, partyId).accountId;
}

function accountStream(
  seriesId: string,
  partyId: string,
): { readonly streamId: string; readonly aggregate: typeof accountAggregate } {
  return {
    streamId: streamIds.account(accountIdOf(seriesId, partyId)),
    aggregate: accountAggregate,
  };
}
