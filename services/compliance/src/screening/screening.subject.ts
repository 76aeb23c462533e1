import { defineSubject } from '@specie/nest-platform';
import { ComparisonQuery } from './comparison.query.js';
import { ListScreening, listScreeningSweep } from './list-screening.sweep.js';
import { ResolveAlertHandler } from './resolve-alert.handler.js';
import { ScreenAgainstListHandler } from './screen-against-list.handler.js';
import { ScreenPartyHandler } from './screen-party.handler.js';
import { CasesController } from './screening.controller.js';
import { screeningProjection } from './screening.projection.js';
import { ScreeningQuery } from './screening.query.js';
import { screeningRefusals } from './screening.refusals.js';
import { candidateTable, screeningTable } from './screening.table.js';
import { StaleScreeningsQuery } from './stale-screenings.query.js';

/** The comparison of a party's names with the sanctions list, the alerts that it raises, and who is still to be compared. */
export const screeningSubject = defineSubject({
  name: 'screening',
  tables: [screeningTable, candidateTable],
  projections: [screeningProjection],
  controllers: [CasesController],
  providers: [
    ScreenPartyHandler,
    ScreenAgainstListHandler,
    ResolveAlertHandler,
    ComparisonQuery,
    ScreeningQuery,
    StaleScreeningsQuery,
    ListScreening,
  ],
  sweeps: [listScreeningSweep],
  refusals: screeningRefusals,
  health: (injector) => injector.get(StaleScreeningsQuery, { strict: false }).health(),
});
