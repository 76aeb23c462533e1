import type { CommandMetadata, ViolationDetails } from '@specie/event-sourcing';
import type { MicroMoney, MicroTokens } from '@specie/quantities';
import type { AskForShares } from '../company/company.commands.js';

/** What the local copy of eligibility says about `deal`, now; to a side that asks also why it may not. */
export interface SidesEligible {
  readonly providerEligible: boolean;
  readonly providerIneligibility?: ViolationDetails;
  readonly companyEligible: boolean;
  readonly companyIneligibility?: ViolationDetails;
}

export interface OfferDeal {
  readonly data: DealOffer & SidesEligible & AskForShares;
  readonly metadata: CommandMetadata;
}

export interface DealOffer {
  readonly dealId: string;
  readonly companyId: string;
  readonly providerPartyId: string;
  readonly seriesId: string;
  readonly classId: string;
  readonly equityPpm: number;
  readonly referencePrice: MicroMoney;
  readonly currency: 'USD';
  readonly lockupEndsAt: string | null;
  readonly tranches: readonly { readonly trancheId: string; readonly tokens: MicroTokens }[];
}

export interface SignDeal {
  readonly data: SidesEligible &
    AskForShares & { readonly partyId: string; readonly termsHash: string };
  readonly metadata: CommandMetadata;
}

export interface CancelDeal {
  readonly data: { readonly partyId: string };
  readonly metadata: CommandMetadata;
}

export interface ApproveDeal {
  readonly data: SidesEligible & {
    readonly approvedBy: string;
    /** Whether the director is known and not frozen, and if not, why. */
    readonly approverEligible: boolean;
    readonly approverIneligibility?: ViolationDetails;
    readonly resolutionHash: string;
    readonly termsHash: string;
  };
  readonly metadata: CommandMetadata;
}

export interface ActivateDeal {
  readonly data: SidesEligible & { readonly partyId: string };
  readonly metadata: CommandMetadata;
}
