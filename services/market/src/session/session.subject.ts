import { defineSubject } from '@specie/nest-platform';
import { AdvanceTimeHandler } from './advance-time.handler.js';
import { CarryOutChangeHandler } from './carry-out-change.handler.js';
import { ChangePhaseHandler } from './change-phase.handler.js';
import { CreateSessions1732079000000 } from './create-sessions.migration.js';
import { DueQuery } from './due.query.js';
import { keepTime } from './keep-time.sweep.js';
import { SessionsController } from './session.controller.js';
import { sessionProjection } from './session.projection.js';
import { SessionQuery } from './session.query.js';
import { sessionRefusals } from './session.refusals.js';
import { calendarTable, sessionTable } from './session.table.js';
import { SetBandsHandler } from './set-bands.handler.js';
import { SetCalendarHandler } from './set-calendar.handler.js';

/** The phases of books, their bands and their calendars, and the time that orders end by. */
export const sessionSubject = defineSubject({
  name: 'session',
  tables: [sessionTable, calendarTable],
  migrations: [CreateSessions1732079000000],
  projections: [sessionProjection],
  controllers: [SessionsController],
  providers: [
    AdvanceTimeHandler,
    CarryOutChangeHandler,
    ChangePhaseHandler,
    SetBandsHandler,
    SetCalendarHandler,
    SessionQuery,
    DueQuery,
  ],
  sweeps: [keepTime],
  refusals: sessionRefusals,
  tags: { sessions: 'Phases of books: calendar, bands, halts.' },
});
