import type { CommandMetadata, ViolationDetails } from '@specie/event-sourcing';
import type { GpuSku } from '@specie/quantities';

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
