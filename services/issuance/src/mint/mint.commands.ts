import type { CommandMetadata, ViolationDetails } from '@specie/event-sourcing';
import type { MicroTokens } from '@specie/quantities';
import type { BurnedBySeries } from '../provider/provider.commands.js';

export interface MintTokens {
  readonly data: {
    readonly seriesId: string;
    readonly mintId: string;
    readonly quantity: MicroTokens;
    /** The mint of this series that has this id already. */
    readonly earlier: { readonly quantity: bigint } | null;
    readonly burned: BurnedBySeries;
    readonly eligible: boolean;
    readonly ineligibility?: ViolationDetails;
  };
  readonly metadata: CommandMetadata;
}
