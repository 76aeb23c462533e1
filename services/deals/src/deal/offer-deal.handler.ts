import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import type { MicroTokens } from '@specie/quantities';
import { CompanyQuery } from '../company/company.query.js';
import type { DealOffer, SidesEligible } from './deal.commands.js';
import { offerDeal, type DealRejection } from './deal.decider.js';
import { dealAndCompany, dealVersion } from './deal.state.js';
import { SidesQuery } from './sides.query.js';

/** Where a side is not known, nobody was asked about it. */
const nobodyEligible: SidesEligible = { providerEligible: false, companyEligible: false };

/** Offers tokens of the actor's party, a provider, for equity. */
@Injectable()
export class OfferDealHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(CompanyQuery) private readonly companies: CompanyQuery,
    @Inject(SidesQuery) private readonly sides: SidesQuery,
  ) {}

  async handle(
    command: Omit<DealOffer, 'dealId' | 'providerPartyId' | 'tranches'> & {
      readonly dealId?: string | undefined;
      readonly tranches: readonly {
        readonly trancheId?: string | undefined;
        readonly tokens: MicroTokens;
      }[];
    },
    context: CommandContext,
  ): Promise<Handled<DealRejection>> {
    const dealId = command.dealId ?? derivedId('deal', context.commandId);
    const providerPartyId = context.actor;
    const company = await this.companies.find(command.companyId);
    const sides = company && { providerPartyId, companyPartyId: company.partyId };
    const data = {
      ...command,
      ...(sides ? await this.sides.eligible(sides, context) : nobodyEligible),
      dealId,
      providerPartyId,
      tranches: command.tranches.map(({ trancheId, tokens }, index) => ({
        trancheId: trancheId ?? derivedId('tranche', dealId, String(index + 1)),
        tokens,
      })),
      askedAt: 'body.equityPpm',
    };
    return this.commands.handleMany({
      streams: dealAndCompany(data),
      decide: (states) => offerDeal({ data, metadata: context }, states, sha256),
      context,
      answer: (versions) => ({ id: dealId, streamVersion: dealVersion(versions, dealId) }),
    });
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
