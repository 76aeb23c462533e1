import type { CommandMetadata } from '@specie/event-sourcing';
import type { MicroMoney, MicroTokens } from '@specie/quantities';

/** What the local copy of eligibility says about `deal`, now. */
export interface SidesEligible {
  readonly providerEligible: boolean;
  readonly companyEligible: boolean;
}

export interface OfferDeal {
  readonly data: SidesEligible & {
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
  };
  readonly metadata: CommandMetadata;
}

export interface SignDeal {
  readonly data: SidesEligible & { readonly partyId: string; readonly termsHash: string };
  readonly metadata: CommandMetadata;
}

export interface CancelDeal {
  readonly data: { readonly partyId: string };
  readonly metadata: CommandMetadata;
}

export interface ApproveDeal {
  readonly data: SidesEligible & {
    readonly approvedBy: string;
    /** Whether the director is known and not frozen. */
    readonly approverEligible: boolean;
    readonly resolutionHash: string;
    readonly termsHash: string;
  };
  readonly metadata: CommandMetadata;
}

export interface ActivateDeal {
  readonly data: SidesEligible & { readonly partyId: string };
  readonly metadata: CommandMetadata;
}

export interface OpenTranche {
  readonly data: SidesEligible & { readonly partyId: string; readonly trancheId: string };
  readonly metadata: CommandMetadata;
}

export interface DeliverTranche {
  readonly data: { readonly trancheId: string; readonly grantId: string };
}

export interface FailTranche {
  readonly data: { readonly trancheId: string; readonly reason: string };
}

export interface AcceptTranche {
  readonly data: SidesEligible & {
    readonly trancheId: string;
    readonly acceptedBy: string;
    readonly issuanceId: string;
  };
  readonly metadata: CommandMetadata;
}
