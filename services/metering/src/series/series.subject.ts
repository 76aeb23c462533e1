import { defineSubject } from '@specie/nest-platform';
import { SeriesOpenedConsumer } from './series-opened.consumer.js';
import { SeriesQuery } from './series.query.js';
import { seriesTable } from './series.table.js';

/** A copy of what the issuer tells about its series. */
export const seriesSubject = defineSubject({
  name: 'series',
  tables: [seriesTable],
  consumers: [SeriesOpenedConsumer],
  providers: [SeriesQuery],
});
