import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import type { CallerIdentity } from '@specie/nest-platform';
import { DealQuery } from '../deal/deal.query.js';
import { dealAndCompany, dealVersion } from '../deal/deal.state.js';
import { SidesQuery } from '../deal/sides.query.js';
import type { TrancheRejection } from '../deal/tranche-rejections.js';
import { openTranche } from './tranche.decider.js';

/** Opens a tranche of a deal of the actor's party, a provider, which owes its tokens from then on. */
@Injectable()
export class OpenTrancheHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(DealQuery) private readonly deals: DealQuery,
    @Inject(SidesQuery) private readonly sides: SidesQuery,
  ) {}

  /** @throws NotFound `deal_unknown` */
  async handle(
    { dealId, trancheId }: { readonly dealId: string; readonly trancheId: string },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<TrancheRejection>> {
    const deal = await this.deals.visible(dealId, caller);
    const data = {
      partyId: context.actor,
      trancheId,
      ...(await this.sides.eligible(deal, context)),
      askedAt: 'params.trancheId',
    };
    return this.commands.handleMany({
      streams: dealAndCompany(deal),
      decide: (states) => openTranche({ data, metadata: context }, states),
      context,
      answer: (versions) => ({ id: trancheId, streamVersion: dealVersion(versions, dealId) }),
    });
  }
}
