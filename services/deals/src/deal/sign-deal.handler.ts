import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import type { CallerIdentity } from '@specie/nest-platform';
import { signDeal, type DealRejection } from './deal.decider.js';
import { DealQuery } from './deal.query.js';
import { dealAndCompany, dealVersion } from './deal.state.js';
import { SidesQuery } from './sides.query.js';

/** Signs the terms of a deal for the side of the actor's party. */
@Injectable()
export class SignDealHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(DealQuery) private readonly deals: DealQuery,
    @Inject(SidesQuery) private readonly sides: SidesQuery,
  ) {}

  /** @throws NotFound `deal_unknown` */
  async handle(
    { dealId, termsHash }: { readonly dealId: string; readonly termsHash: string },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<DealRejection>> {
    const deal = await this.deals.visible(dealId, caller);
    const data = {
      partyId: context.actor,
      termsHash,
      ...(await this.sides.eligible(deal, context)),
      askedAt: 'body.termsHash',
    };
    return this.commands.handleMany({
      streams: dealAndCompany(deal),
      decide: (states) => signDeal({ data, metadata: context }, states),
      context,
      answer: (versions) => ({ id: dealId, streamVersion: dealVersion(versions, dealId) }),
    });
  }
}
