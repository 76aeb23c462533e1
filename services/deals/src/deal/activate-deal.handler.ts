import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import type { CallerIdentity } from '@specie/nest-platform';
import { activateDeal, type DealRejection } from './deal.decider.js';
import { DealQuery } from './deal.query.js';
import { dealStream } from './deal.state.js';
import { SidesQuery } from './sides.query.js';

/** Activates an approved deal of the actor's party. */
@Injectable()
export class ActivateDealHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(DealQuery) private readonly deals: DealQuery,
    @Inject(SidesQuery) private readonly sides: SidesQuery,
  ) {}

  /** @throws NotFound `deal_unknown` */
  async handle(
    { dealId }: { readonly dealId: string },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<DealRejection>> {
    const deal = await this.deals.visible(dealId, caller);
    const data = { partyId: context.actor, ...(await this.sides.eligible(deal, context)) };
    return this.commands.handle({
      ...dealStream(dealId),
      decide: (state) => activateDeal({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: dealId, streamVersion }),
    });
  }
}
