import type { CommandMetadata, ViolationDetails } from '@specie/event-sourcing';
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
    readonly ineligibility?: ViolationDetails;
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

export interface CloseReservation {
  readonly data: { readonly reservationId: string };
}

/** A deadline passed; does nothing while it has not. */
export interface ExpireReservation {
  readonly data: { readonly reservationId: string };
  readonly metadata: CommandMetadata;
}
