/**
 * Who may read a reservation, and who may act on one:
 *
 * - A party sees what it reserved, the provider of a series what draws on it, and an auditor everything.
 * - What a caller may not see is as unknown as what is not there.
 * - The provider of the series reports usage, and only while compliance lets it `issue`.
 * - The party that reserved closes a reservation, or that provider under the same condition.
 */
import { Inject, Injectable } from '@nestjs/common';
import { EligibilityQuery } from '@specie/eligibility';
import {
  Forbidden,
  hasRole,
  NotFound,
  Readers,
  Unavailable,
  type CallerIdentity,
} from '@specie/nest-platform';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { SeriesQuery } from '../series/series.query.js';
import { reservationTable, type ReservationRow } from './reservation.table.js';

/** A reservation and whose series it draws on; null until metering has heard of the series. */
export type KnownReservation = ReservationRow & { readonly providerId: string | null };

const readers = new Readers(['auditor']);

function actsAsProvider(caller: CallerIdentity): boolean {
  return hasRole(caller, 'gpu-agent', 'provider-admin');
}

function maySee(caller: CallerIdentity, { partyId, providerId }: KnownReservation): boolean {
  return readers.see(caller, partyId, actsAsProvider(caller) ? providerId : null);
}

/**
 * Narrows a listing to what the caller may see, of all parties or of one; the alias of the table is `reservation`.
 *
 * @throws Forbidden `not_your_reservation` if a caller who is no provider asks for another party
 */
export function inScope(
  query: SelectQueryBuilder<ReservationRow>,
  caller: CallerIdentity,
  askedPartyId: string | undefined,
): SelectQueryBuilder<ReservationRow> {
  const seesAsProvider = actsAsProvider(caller) && !readers.seeAll(caller);
  const ofParty = seesAsProvider
    ? askedPartyId
    : readers.scope(caller, askedPartyId, 'not_your_reservation');
  return query.where(
    `(:seenBy::uuid is null or reservation.party_id = :seenBy
       or reservation.series_id in (select series_id from series where provider_id = :seenBy))
     and (:ofParty::uuid is null or reservation.party_id = :ofParty)`,
    { seenBy: seesAsProvider ? caller.partyId : null, ofParty: ofParty ?? null },
  );
}

/** Finds a reservation for a caller by these rules. */
@Injectable()
export class ReservationAccessQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
    @Inject(EligibilityQuery) private readonly eligibility: EligibilityQuery,
  ) {}

  /** @throws NotFound `reservation_unknown` */
  async readable(reservationId: string, caller: CallerIdentity): Promise<KnownReservation> {
    const reservation = await this.known(reservationId);
    if (!reservation || !maySee(caller, reservation)) throw new NotFound('reservation_unknown');
    return reservation;
  }

  /**
   * The provider whose GPUs the reservation is used on, if that is whom the caller acts for. `issue` is what compliance
   * lets providers do and nobody else; it is asked before the reservation is looked at, so that it tells nothing of it.
   *
   * @throws Forbidden for a caller who is no provider, or sees the reservation and may not do this; NotFound for everybody
   *   else; Unavailable until metering has heard whose series it is
   */
  async requireProvider(
    reservationId: string,
    caller: CallerIdentity,
    now: string,
  ): Promise<string> {
    if (!actsAsProvider(caller)) throw new NotFound('reservation_unknown');
    const { eligible, ineligibility } = await this.eligibility.own(caller.partyId, 'issue', now);
    if (!eligible) throw new Forbidden('party_ineligible', { details: ineligibility });
    const reservation = await this.known(reservationId);
    if (reservation?.providerId === null) throw new Unavailable('series_not_known_yet');
    if (!reservation || !maySee(caller, reservation)) throw new NotFound('reservation_unknown');
    if (reservation.providerId !== caller.partyId) throw new Forbidden('not_your_series');
    return caller.partyId;
  }

  /** @throws as `requireProvider` unless the caller is the party that reserved */
  async requireOwnerOrProvider(
    reservationId: string,
    caller: CallerIdentity,
    now: string,
  ): Promise<void> {
    const reservation = await this.known(reservationId);
    if (reservation?.partyId !== caller.partyId) {
      await this.requireProvider(reservationId, caller, now);
    }
  }

  private async known(reservationId: string): Promise<KnownReservation | null> {
    const row = await this.dataSource
      .getRepository(reservationTable.entity)
      .findOneBy({ reservationId });
    const series = row && (await this.series.one(row.seriesId));
    return row && { ...row, providerId: series?.providerId ?? null };
  }
}
