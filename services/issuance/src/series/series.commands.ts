import type { CommandMetadata, ViolationDetails } from '@specie/event-sourcing';
import type { GpuSku, MicroTokens } from '@specie/quantities';
import type { BurnedBySeries } from '../provider/provider.commands.js';

export interface OpenSeries {
  readonly data: {
    readonly seriesId: string;
    readonly treasuryAccountId: string;
    readonly windowFromOn: string;
    readonly windowToOn: string;
    readonly skus: readonly GpuSku[];
    readonly region: string;
    readonly transferable: boolean;
    readonly eligible: boolean;
    readonly ineligibility?: ViolationDetails;
  };
  readonly metadata: CommandMetadata;
}

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
