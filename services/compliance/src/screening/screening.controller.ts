import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Command,
  Input,
  Operation,
  pageQuery,
  writeResponse,
  type InputOf,
} from '@specie/nest-platform';
import { partyParams } from '../party/party.dto.js';
import { ResolveAlertHandler } from './resolve-alert.handler.js';
import { ScreenPartyHandler } from './screen-party.handler.js';
import {
  alertParams,
  alertsResponse,
  resolutionRequest,
  screeningRequest,
  staleResponse,
} from './screening.dto.js';
import { ScreeningQuery } from './screening.query.js';
import {
  alertStatus,
  alertViolations,
  screeningConstraints,
  screeningStatus,
} from './screening.refusals.js';
import { StaleScreeningsQuery } from './stale-screenings.query.js';

const screen = {
  summary: 'Screen a party against the sanctions list',
  description:
    'Compares name and aliases with the list in force. A candidate that is alike enough makes an alert, which freezes an approved party. Read the outcome in the case.',
  roles: ['compliance-officer'],
  params: partyParams,
  body: screeningRequest,
  response: writeResponse,
  rejections: screeningStatus,
} as const;

const resolve = {
  summary: 'Resolve an alert',
  description:
    'Names the last screening of the party and whether it is a true match; only somebody who took no part may dismiss it. A true match freezes the party until it was screened again without an alert or true match and somebody else ended the freeze; a false positive lets it be approved.',
  roles: ['compliance-officer'],
  params: alertParams,
  body: resolutionRequest,
  response: writeResponse,
  rejections: alertStatus,
  violations: alertViolations,
} as const;

const alerts = {
  summary: 'List open alerts, oldest first',
  description: 'Each waits for an officer who decides whether it is a true match.',
  roles: ['compliance-officer'],
  query: pageQuery,
  response: alertsResponse,
} as const;

const stale = {
  summary: 'List the parties not screened against the list in force',
  description: 'They are screened within seconds of a new list; one that stays needs attention.',
  roles: ['compliance-officer', 'auditor'],
  query: pageQuery,
  response: staleResponse,
} as const;

/** The class has the name of the tag under which the API document lists its routes. */
@Controller()
export class CasesController {
  constructor(
    @Inject(ScreenPartyHandler) private readonly screenParty: ScreenPartyHandler,
    @Inject(ResolveAlertHandler) private readonly resolveAlert: ResolveAlertHandler,
    @Inject(ScreeningQuery) private readonly screenings: ScreeningQuery,
    @Inject(StaleScreeningsQuery) private readonly stale: StaleScreeningsQuery,
  ) {}

  @Post('parties/:partyId/screenings')
  @Operation(screen)
  screen(@Input() { params, body }: InputOf<typeof screen>, @Command() context: CommandContext) {
    const handled = this.screenParty.handle({ ...params, ...body }, context);
    return answerOf(handled, screeningStatus, { constraints: screeningConstraints });
  }

  @Post('parties/:partyId/screenings/:screeningId/resolution')
  @Operation(resolve)
  resolve(@Input() { params, body }: InputOf<typeof resolve>, @Command() context: CommandContext) {
    return answerOf(this.resolveAlert.handle({ ...params, ...body }, context), alertStatus);
  }

  @Get('alerts')
  @Operation(alerts)
  alerts(@Input() { query }: InputOf<typeof alerts>) {
    return this.screenings.alerts(query);
  }

  @Get('stale-screenings')
  @Operation(stale)
  staleScreenings(@Input() { query }: InputOf<typeof stale>) {
    return this.stale.list(query);
  }
}
