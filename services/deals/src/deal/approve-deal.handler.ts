import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import type { CallerIdentity } from '@specie/nest-platform';
import { knownAndFree } from '../company/company.commands.js';
import { approveDeal, type DealRejection } from './deal.decider.js';
import { DealQuery } from './deal.query.js';
import { dealAndCompany, dealVersion } from './deal.state.js';
import { SidesQuery } from './sides.query.js';

/** Approves a signed deal for the board of the company, of which the actor is a director. */
@Injectable()
export class ApproveDealHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(DealQuery) private readonly deals: DealQuery,
    @Inject(SidesQuery) private readonly sides: SidesQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  /** @throws NotFound `deal_unknown` */
  async handle(
    {
      dealId,
      termsHash,
      resolutionHash,
    }: { readonly dealId: string; readonly termsHash: string; readonly resolutionHash: string },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<DealRejection>> {
    const deal = await this.deals.visible(dealId, caller);
    const approver = await this.eligibility.own(context.actor, knownAndFree, context.now);
    const data = {
      approvedBy: context.actor,
      approverEligible: approver.eligible,
      ...(approver.ineligibility ? { approverIneligibility: approver.ineligibility } : {}),
      ...(await this.sides.eligible(deal, context)),
      termsHash,
      resolutionHash,
    };
    return this.commands.handleMany({
      streams: dealAndCompany(deal),
      decide: (states) => approveDeal({ data, metadata: context }, states),
      context,
      answer: (versions) => ({ id: dealId, streamVersion: dealVersion(versions, dealId) }),
    });
  }
}
