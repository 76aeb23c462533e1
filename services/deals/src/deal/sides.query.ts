import { Inject, Injectable } from '@nestjs/common';
import { EligibilityQuery } from '@specie/eligibility';
import type { CommandContext } from '@specie/event-sourcing';
import type { SidesEligible } from './deal.commands.js';

/** What compliance says of the sides of a deal. */
@Injectable()
export class SidesQuery {
  constructor(@Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery) {}

  /** Whether both sides may make deals now; why not is for the actor alone. */
  async eligible(
    sides: { readonly providerPartyId: string; readonly companyPartyId: string },
    { actor, now }: CommandContext,
  ): Promise<SidesEligible> {
    const { providerPartyId, companyPartyId } = sides;
    const provider = await this.eligibility.own(providerPartyId, 'deal', now);
    const company = await this.eligibility.own(companyPartyId, 'deal', now);
    return {
      providerEligible: provider.eligible,
      companyEligible: company.eligible,
      ...(actor === providerPartyId && provider.ineligibility
        ? { providerIneligibility: provider.ineligibility }
        : {}),
      ...(actor === companyPartyId && company.ineligibility
        ? { companyIneligibility: company.ineligibility }
        : {}),
    };
  }
}
