import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import type { CallerIdentity } from '@specie/nest-platform';
import { cancelDeal, type DealRejection } from './deal.decider.js';
import { DealQuery } from './deal.query.js';
import { dealAndCompany, dealVersion } from './deal.state.js';

/** Cancels a deal of the actor's party that is not active yet. */
@Injectable()
export class CancelDealHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(DealQuery) private readonly deals: DealQuery,
  ) {}

  /** @throws NotFound `deal_unknown` */
  async handle(
    { dealId }: { readonly dealId: string },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<DealRejection>> {
    const deal = await this.deals.visible(dealId, caller);
    const data = { partyId: context.actor };
    return this.commands.handleMany({
      streams: dealAndCompany(deal),
      decide: (states) => cancelDeal({ data, metadata: context }, states),
      context,
      answer: (versions) => ({ id: dealId, streamVersion: dealVersion(versions, dealId) }),
    });
  }
}
