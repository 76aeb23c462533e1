import { Controller, Get, Inject, Post, Res } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Input,
  Operation,
  withEtag,
  writeResponse,
  type CallerIdentity,
  type HttpResponse,
  type InputOf,
} from '@specie/nest-platform';
import { CloseReservationHandler } from './close-reservation.handler.js';
import { RequestRedemptionHandler } from './request-redemption.handler.js';
import {
  redemptionRequest,
  reservationParams,
  reservationResponse,
  reservationsQuery,
  reservationsResponse,
} from './reservation.dto.js';
import { ReservationQuery } from './reservation.query.js';
import {
  closeReservationStatus,
  providerAccessStatus,
  requestRedemptionStatus,
} from './reservation.refusals.js';

const request = {
  summary: 'Reserve tokens for GPU time',
  description:
    'Usage can be metered once the issuer holds the tokens; until then the status is requested. Usage counts from the request on, or from usageFromAt if you agree to pay for earlier work, and up to expiresAt, which may not lie beyond the delivery window of the series.',
  roles: ['founder', 'investor', 'provider-admin'],
  body: redemptionRequest,
  response: writeResponse,
  status: 202,
  rejections: requestRedemptionStatus,
} as const;

const close = {
  summary: 'Close a reservation; what was not captured is released',
  description: 'For its owner and for the provider of its series.',
  roles: ['founder', 'investor', 'provider-admin', 'gpu-agent'],
  params: reservationParams,
  response: writeResponse,
  status: 200,
  rejections: { ...closeReservationStatus, ...providerAccessStatus },
} as const;

const list = {
  summary: 'List reservations: your own, on your series as a provider, or all as an auditor',
  description: 'Filter by status and party, or find those that wait too long for the issuer.',
  roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
  query: reservationsQuery,
  response: reservationsResponse,
  rejections: { not_your_reservation: 403 },
} as const;

const one = {
  summary: 'Show a reservation with its metered totals',
  description: 'What is held, captured and left, and how much GPU time was counted.',
  roles: ['founder', 'investor', 'provider-admin', 'gpu-agent', 'auditor'],
  params: reservationParams,
  response: reservationResponse,
  rejections: { reservation_unknown: 404 },
} as const;

@Controller('reservations')
export class ReservationsController {
  constructor(
    @Inject(RequestRedemptionHandler) private readonly requestRedemption: RequestRedemptionHandler,
    @Inject(CloseReservationHandler) private readonly closeReservation: CloseReservationHandler,
    @Inject(ReservationQuery) private readonly reservations: ReservationQuery,
  ) {}

  @Post()
  @Operation(request)
  request(@Input() { body }: InputOf<typeof request>, @Command() context: CommandContext) {
    return answerOf(this.requestRedemption.handle(body, context), requestRedemptionStatus);
  }

  @Post(':reservationId/closing')
  @Operation(close)
  close(
    @Input() { params }: InputOf<typeof close>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.closeReservation.handle(params, context, caller), closeReservationStatus);
  }

  @Get()
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>, @Caller() caller: CallerIdentity) {
    return this.reservations.list(query, caller);
  }

  @Get(':reservationId')
  @Operation(one)
  one(
    @Input() { params }: InputOf<typeof one>,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) response: HttpResponse,
  ) {
    return withEtag(response, this.reservations.one(params.reservationId, caller));
  }
}
