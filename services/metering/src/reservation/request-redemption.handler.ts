import { Inject, Injectable } from '@nestjs/common';
import { EligibilityQuery } from '@specie/eligibility';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { derivedId, SERVICE_CONFIG } from '@specie/nest-platform';
import type { MeteringConfig } from '../metering.config.js';
import { SeriesQuery } from '../series/series.query.js';
import type { RequestRedemption } from './reservation.commands.js';
import { requestRedemption, type RequestRedemptionRejection } from './reservation.decider.js';
import { reservationStream } from './reservation.state.js';

type Terms = Pick<
  RequestRedemption['data'],
  'seriesId' | 'sku' | 'quantity' | 'usageFromAt' | 'expiresAt'
>;

/** Reserves tokens of the actor's party for GPU time. */
@Injectable()
export class RequestRedemptionHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
    @Inject(SERVICE_CONFIG) private readonly config: MeteringConfig,
  ) {}

  async handle(
    command: Terms & { readonly reservationId?: string | undefined },
    context: CommandContext,
  ): Promise<Handled<RequestRedemptionRejection>> {
    const partyId = context.actor;
    const reservationId = command.reservationId ?? derivedId('reservation', context.commandId);
    const data = {
      ...command,
      reservationId,
      partyId,
      graceSeconds: this.config.USAGE_GRACE_SECONDS,
      deliveryEndsAt: await this.series.deliveryEndsAt(command.seriesId),
      ...(await this.eligibility.own(partyId, 'redeem', context.now)),
    };
    return this.commands.handle({
      ...reservationStream(reservationId),
      decide: (state) => requestRedemption({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: reservationId, streamVersion }),
    });
  }
}
