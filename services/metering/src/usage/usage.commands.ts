import type { CommandMetadata } from '@specie/event-sourcing';

/** A finished piece of use, as the agent of a GPU reports it. */
export interface UsageRecord {
  /** Derived from provider, source and record id, which name the record indefinitely. */
  readonly usageId: string;
  readonly source: string;
  readonly recordId: string;
  readonly gpuCount: number;
  readonly fraction7000: number;
  readonly startedAt: string;
  readonly seconds: number;
  /** Hash of everything the record says, the reservation included. */
  readonly evidenceHash: string;
}

export interface ChargeUsage {
  readonly data: {
    readonly reservationId: string;
    /** Of the reservation's series; the caller has checked that this provider reports. */
    readonly providerId: string;
    /** Names the slice, if the batch makes one. */
    readonly captureId: string;
    readonly records: readonly UsageRecord[];
    /** Evidence hashes of those of the records that were charged before, by usage id. */
    readonly charged: ReadonlyMap<string, string>;
    /** Lifts the limit on how old a record may be; the caller has checked the permission. */
    readonly backfill: boolean;
  };
  readonly metadata: CommandMetadata;
}
