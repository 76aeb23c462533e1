import type { ShareClassAuthorised } from '@specie/contracts';
import type { CommandMetadata, ViolationDetails } from '@specie/event-sourcing';
import type { MicroTokens, Shares } from '@specie/quantities';

/** The action that stands for "known and not frozen": every approved party may redeem, accredited or not. */
export const knownAndFree = 'redeem';

export interface AskForShares {
  /** Where the request asks for shares, as in `body.shares`: a refusal for want of them names the place. */
  readonly askedAt?: string | undefined;
}

export interface RegisterCompany {
  readonly data: {
    readonly companyId: string;
    readonly partyId: string;
    /** Who may approve for the board; at least one of them is not the party that signs. */
    readonly directorPartyIds: readonly string[];
    /** Whether the company's party may make deals, now, and if not, why. */
    readonly eligible: boolean;
    readonly ineligibility?: ViolationDetails;
  };
  readonly metadata: CommandMetadata;
}

export interface AuthoriseShareClass {
  readonly data: {
    readonly classId: string;
    readonly kind: ShareClassAuthorised['data']['kind'];
    readonly authorised: Shares;
    readonly eligible: boolean;
    readonly ineligibility?: ViolationDetails;
  };
  readonly metadata: CommandMetadata;
}

export interface IssueFoundingShares {
  readonly data: AskForShares & {
    readonly classId: string;
    readonly issuanceId: string;
    readonly holderPartyId: string;
    readonly shares: Shares;
    readonly eligible: boolean;
    readonly ineligibility?: ViolationDetails;
    /** Whether the holder is known and not frozen. */
    readonly holderEligible: boolean;
  };
  readonly metadata: CommandMetadata;
}

/** Shares that a tranche of a deal paid for; only the acceptance of the tranche issues them. */
export interface IssueTrancheShares {
  readonly data: AskForShares & {
    readonly classId: string;
    readonly issuanceId: string;
    readonly holderPartyId: string;
    readonly shares: Shares;
    readonly dealId: string;
    readonly trancheId: string;
    readonly paidByTokens: MicroTokens;
  };
}

/** Promises the shares of a deal that are not issued yet. */
export interface ReserveShares {
  readonly data: AskForShares & {
    readonly classId: string;
    readonly dealId: string;
    readonly shares: Shares;
  };
}

export interface ReleaseShares {
  readonly data: { readonly dealId: string };
}

export interface CancelShares {
  readonly data: {
    readonly classId: string;
    readonly cancellationId: string;
    readonly holderPartyId: string;
    readonly shares: Shares;
    readonly reason: 'surrendered';
    /** Whether the holder is known and not frozen, and if not, why. */
    readonly eligible: boolean;
    readonly ineligibility?: ViolationDetails;
  };
  readonly metadata: CommandMetadata;
}
