import { defineSubject } from '@specie/nest-platform';
import { CloseReservationHandler } from './close-reservation.handler.js';
import { ConfirmReservationHandler } from './confirm-reservation.handler.js';
import { DeadlineQuery } from './deadline.query.js';
import { ExpireReservationHandler } from './expire-reservation.handler.js';
import { expireReservations } from './expire-reservations.sweep.js';
import { HoldAnswersConsumer } from './hold-answers.consumer.js';
import { RefuseReservationHandler } from './refuse-reservation.handler.js';
import { RequestRedemptionHandler } from './request-redemption.handler.js';
import { ReservationAccessQuery } from './reservation-access.query.js';
import { ReservationsController } from './reservation.controller.js';
import { reservationProjection } from './reservation.projection.js';
import { ReservationQuery } from './reservation.query.js';
import { reservationRefusals } from './reservation.refusals.js';
import { reservationTable } from './reservation.table.js';

/** Tokens that are reserved for GPU time. */
export const reservationSubject = defineSubject({
  name: 'reservation',
  tables: [reservationTable],
  projections: [reservationProjection],
  controllers: [ReservationsController],
  consumers: [HoldAnswersConsumer],
  providers: [
    RequestRedemptionHandler,
    ConfirmReservationHandler,
    RefuseReservationHandler,
    CloseReservationHandler,
    ExpireReservationHandler,
    ReservationAccessQuery,
    ReservationQuery,
    DeadlineQuery,
  ],
  sweeps: [expireReservations],
  attested: [
    {
      name: 'reservations',
      read: async (manager) =>
        (await manager.find(reservationTable.entity)).map((row) => [
          row.reservationId,
          reservationTable.wire(row, [
            'partyId',
            'seriesId',
            'status',
            'held',
            'captured',
            'released',
            'usageCount',
            'gpuSeconds',
            'atoms',
          ]),
        ]),
    },
  ],
  refusals: reservationRefusals,
  tags: { reservations: 'Reserve tokens for GPU time, and close reservations.' },
});
