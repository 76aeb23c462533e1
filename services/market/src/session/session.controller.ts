import { Controller, Get, Inject, Put } from '@nestjs/common';
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
import { seriesParams } from '../book/book.dto.js';
import { ChangePhaseHandler } from './change-phase.handler.js';
import {
  calendarsResponse,
  changePhaseRequest,
  sessionResponse,
  setBandsRequest,
  setCalendarRequest,
} from './session.dto.js';
import { SessionQuery } from './session.query.js';
import { changePhaseStatus, setBandsStatus, setCalendarStatus } from './session.refusals.js';
import { SetBandsHandler } from './set-bands.handler.js';
import { SetCalendarHandler } from './set-calendar.handler.js';

const rejections = { book_unknown: 404 } as const;

const session = {
  summary: 'Show the present phase of a book',
  description: 'Since when, the bands, and what the calendar does next.',
  roles: 'authenticated',
  params: seriesParams,
  response: sessionResponse,
  rejections,
} as const;

const phase = {
  summary: 'Change the phase of a book',
  description:
    'Leaving an auction for continuous or closed uncrosses the book, closing it ends DAY orders. `halt` and `cancel_only` stand until an operator ends them, any other phase until the next change that the calendar plans.',
  roles: ['market-operator'],
  params: seriesParams,
  body: changePhaseRequest,
  response: writeResponse,
  status: 200,
  rejections: changePhaseStatus,
} as const;

const bands = {
  summary: 'Set the price bands of a book',
  description:
    'No order trades outside of them. An order that reaches the dynamic band puts the book into `limit_state`, from which its calendar interrupts trading.',
  roles: ['market-operator'],
  params: seriesParams,
  body: setBandsRequest,
  response: writeResponse,
  status: 200,
  rejections: setBandsStatus,
} as const;

const calendar = {
  summary: 'Set the calendar of a book',
  description:
    'When its phases change in a week, in UTC, and how long a volatility interruption takes. It takes the place of every calendar announced for its instant or a later one.',
  roles: ['market-operator'],
  params: seriesParams,
  body: setCalendarRequest,
  response: writeResponse,
  status: 200,
  rejections: setCalendarStatus,
} as const;

const calendars = {
  summary: 'List the calendars of a book, the latest first',
  description: 'Those that counted, the one that counts, and those that are announced.',
  roles: 'authenticated',
  params: seriesParams,
  query: pageQuery,
  response: calendarsResponse,
  rejections,
} as const;

@Controller('books')
export class SessionsController {
  constructor(
    @Inject(ChangePhaseHandler) private readonly changePhase: ChangePhaseHandler,
    @Inject(SetBandsHandler) private readonly setBands: SetBandsHandler,
    @Inject(SetCalendarHandler) private readonly setCalendar: SetCalendarHandler,
    @Inject(SessionQuery) private readonly sessions: SessionQuery,
  ) {}

  @Get(':seriesId/session')
  @Operation(session)
  session(@Input() { params }: InputOf<typeof session>) {
    return this.sessions.shown(params.seriesId);
  }

  @Put(':seriesId/phase')
  @Operation(phase)
  phase(@Input() { params, body }: InputOf<typeof phase>, @Command() context: CommandContext) {
    const command = { ...params, to: body.phase, cause: 'operator' } as const;
    return answerOf(this.changePhase.handle(command, context), changePhaseStatus);
  }

  @Put(':seriesId/bands')
  @Operation(bands)
  bands(@Input() { params, body }: InputOf<typeof bands>, @Command() context: CommandContext) {
    return answerOf(this.setBands.handle({ ...params, ...body }, context), setBandsStatus);
  }

  @Put(':seriesId/calendar')
  @Operation(calendar)
  calendar(
    @Input() { params, body }: InputOf<typeof calendar>,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.setCalendar.handle({ ...params, ...body }, context), setCalendarStatus);
  }

  @Get(':seriesId/calendar')
  @Operation(calendars)
  calendars(@Input() { params, query }: InputOf<typeof calendars>) {
    return this.sessions.calendars(params.seriesId, query);
  }
}
