import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { derivedId, type CallerIdentity } from '@specie/nest-platform';
import { DealQuery } from '../deal/deal.query.js';
import { dealAndCompany, dealVersion } from '../deal/deal.state.js';
import { SidesQuery } from '../deal/sides.query.js';
import type { TrancheRejection } from '../deal/tranche-rejections.js';
import { acceptTranche } from './tranche.decider.js';

/** Accepts delivered tokens for the actor's party, a company, and issues the shares for them. */
@Injectable()
export class AcceptTrancheHandler {
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
      trancheId,
      acceptedBy: context.actor,
      issuanceId: derivedId('issuance', trancheId),
      ...(await this.sides.eligible(deal, context)),
      askedAt: 'params.trancheId',
    };
    return this.commands.handleMany({
      streams: dealAndCompany(deal),
      decide: (states) => acceptTranche({ data, metadata: context }, states),
      context,
      answer: (versions) => ({ id: trancheId, streamVersion: dealVersion(versions, dealId) }),
    });
  }
}
