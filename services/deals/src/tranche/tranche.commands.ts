import type { CommandMetadata } from '@specie/event-sourcing';
import type { AskForShares } from '../company/company.commands.js';
import type { SidesEligible } from '../deal/deal.commands.js';

export interface OpenTranche {
  readonly data: SidesEligible &
    AskForShares & { readonly partyId: string; readonly trancheId: string };
  readonly metadata: CommandMetadata;
}

export interface DeliverTranche {
  readonly data: { readonly trancheId: string; readonly grantId: string };
}

export interface FailTranche {
  readonly data: { readonly trancheId: string; readonly reason: string };
}

export interface AcceptTranche {
  readonly data: SidesEligible &
    AskForShares & {
      readonly trancheId: string;
      readonly acceptedBy: string;
      readonly issuanceId: string;
    };
  readonly metadata: CommandMetadata;
}
