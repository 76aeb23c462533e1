import type { CommandMetadata } from '@specie/event-sourcing';
import type { GpuSku, MicroTokens } from '@specie/quantities';

export interface RequestRedemption {
  readonly data: {
    readonly reservationId: string;
    readonly partyId: string;
    readonly seriesId: string;
    readonly sku: GpuSku;
    readonly quantity: MicroTokens;
    /** From when on usage counts, if the holder agrees to pay for work that began before this request. */
    readonly usageFromAt?: string | undefined;
    readonly expiresAt: string;
    /** How long after its end finished work may be reported. */
    readonly graceSeconds: number;
    /** When the series stops being delivered; null while metering has not heard of it, then the issuer judges alone. */
    readonly deliveryEndsAt: string | null;
    /** May the party `redeem` now? */
    readonly eligible: boolean;
  };
  readonly metadata: CommandMetadata;
}

/** The issuer set the tokens aside. */
export interface ConfirmReservation {
  readonly data: { readonly reservationId: string; readonly held: MicroTokens };
}

/** The issuer could not. */
export interface RefuseReservation {
  readonly data: { readonly reservationId: string; readonly reason: string };
}

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

export interface CloseReservation {
  readonly data: { readonly reservationId: string };
}

/** A deadline passed; does nothing while it has not. */
export interface ExpireReservation {
  readonly data: { readonly reservationId: string };
  readonly metadata: CommandMetadata;
}
