import type { CommandMetadata, ViolationDetails } from '@specie/event-sourcing';
import type { GpuSku } from '@specie/quantities';

export interface RegisterProvider {
  readonly data: {
    readonly providerId: string;
    readonly uptimeHaircutBps: number;
    /** What the local copy of eligibility says about `issue`, now. */
    readonly eligible: boolean;
    readonly ineligibility?: ViolationDetails;
  };
  readonly metadata: CommandMetadata;
}

export interface CommitCapacity {
  readonly data: {
    readonly commitmentId: string;
    readonly sku: GpuSku;
    readonly gpuCount: number;
    readonly fromOn: string;
    readonly toOn: string;
    readonly weightVersion: number;
    readonly eligible: boolean;
    readonly ineligibility?: ViolationDetails;
  };
  readonly metadata: CommandMetadata;
}

export interface AttestCapacity {
  readonly data: {
    readonly commitmentId: string;
    readonly attestedBy: string;
    readonly evidenceHash: string;
  };
  readonly metadata: CommandMetadata;
}

/** Tokens of each series that were burned; the provider stream does not see burns. A missing series has none. */
export type BurnedBySeries = ReadonlyMap<string, bigint>;

export interface WithdrawCapacity {
  readonly data: {
    readonly commitmentId: string;
    readonly burned: BurnedBySeries;
  };
  readonly metadata: CommandMetadata;
}
