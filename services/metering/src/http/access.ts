import type { EligibilityQuery } from '@specie/eligibility';
import {
  detailsOf,
  Forbidden,
  hasRole,
  NotFound,
  Unavailable,
  type CallerIdentity,
} from '@specie/nest-platform';
import type {
  KnownReservation,
  ReservationScope,
  ReservationsQuery,
} from '../projections/reservations.query.js';

/** What can stand against acting for the provider of a reservation's series. */
export const providerAccessStatus = {
  party_ineligible: 403,
  not_your_series: 403,
  series_not_known_yet: 503,
} as const;

/**
 * The provider whose GPUs the reservation is used on, if that is whom the caller acts for. `issue` is what compliance
 * lets providers do and nobody else; it is asked before the reservation is looked at, so that it tells nothing of it.
 *
 * @throws Forbidden for who is no provider, or sees the reservation and may not do this; NotFound for everybody else;
 *   Unavailable until metering has heard whose series it is.
 */
export async function requireProvider(
  caller: CallerIdentity,
  reservation: KnownReservation | null,
  { eligibility, now }: { readonly eligibility: EligibilityQuery; readonly now: string },
): Promise<string> {
  const { eligible, refusalDetails } = await eligibility.own(caller.partyId, 'issue', now);
  if (!eligible) {
    throw new Forbidden(
      'party_ineligible',
      detailsOf({ details: refusalDetails.party_ineligible }),
    );
  }
  if (reservation?.providerId === null) {
    throw new Unavailable('series_not_known_yet');
  }
  if (reservation === null || !maySee(caller, reservation)) {
    throw new NotFound('reservation_unknown');
  }
  if (reservation.providerId !== caller.partyId) {
    throw new Forbidden('not_your_series');
  }
  return reservation.providerId;
}

/** The reservation, if the caller may see it; somebody else's is as unknown as none. */
export async function visibleReservation(
  reservations: ReservationsQuery,
  reservationId: string,
  caller: CallerIdentity,
): Promise<KnownReservation> {
  const row = await reservations.one(reservationId);
  if (!row || !maySee(caller, row)) {
    throw new NotFound('reservation_unknown');
  }
  return row;
}

/**
 * What a listing shows: everything to an auditor, else the caller's own and, to a provider, what draws on its series.
 *
 * @throws Forbidden where a caller who is neither asks for another party.
 */
export function scopeOf(caller: CallerIdentity, ofPartyId: string | undefined): ReservationScope {
  if (hasRole(caller, 'auditor')) {
    return { ofPartyId };
  }
  const isProvider = hasRole(caller, 'gpu-agent', 'provider-admin');
  if (!isProvider && ofPartyId !== undefined && ofPartyId !== caller.partyId) {
    throw new Forbidden('not_your_reservation');
  }
  return { seenByPartyId: caller.partyId, isProvider, ofPartyId };
}

function maySee(caller: CallerIdentity, row: KnownReservation): boolean {
  const isProvider = hasRole(caller, 'gpu-agent', 'provider-admin');
  return (
    row.partyId === caller.partyId ||
    (isProvider && row.providerId === caller.partyId) ||
    hasRole(caller, 'auditor')
  );
}
