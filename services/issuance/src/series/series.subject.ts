import { defineSubject } from '@specie/nest-platform';
import { OpenSeriesHandler } from './open-series.handler.js';
import { SeriesController } from './series.controller.js';
import { seriesProjection } from './series.projection.js';
import { SeriesQuery } from './series.query.js';
import { seriesTable } from './series.table.js';

/** Series of tokens. */
export const seriesSubject = defineSubject({
  name: 'series',
  tables: [seriesTable],
  projections: [seriesProjection],
  controllers: [SeriesController],
  providers: [OpenSeriesHandler, SeriesQuery],
  attested: [
    {
      name: 'series',
      read: async (manager) =>
        (await manager.find(seriesTable.entity)).map((row) => [
          row.seriesId,
          seriesTable.wire(row, ['providerId', 'minted', 'burned']),
        ]),
    },
  ],
  tags: { series: 'Series of tokens and their mints.' },
});
