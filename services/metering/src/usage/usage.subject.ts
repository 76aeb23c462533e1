import { defineSubject } from '@specie/nest-platform';
import { ChargeUsageHandler } from './charge-usage.handler.js';
import { TotalsQuery } from './totals.query.js';
import { UsageController } from './usage.controller.js';
import { usageProjection } from './usage.projection.js';
import { UsageQuery } from './usage.query.js';
import { usageRefusals } from './usage.refusals.js';
import { sliceTable, usageTable } from './usage.table.js';

/** What was used of the reservations, and what it cost. */
export const usageSubject = defineSubject({
  name: 'usage',
  tables: [usageTable, sliceTable],
  projections: [usageProjection],
  controllers: [UsageController],
  providers: [ChargeUsageHandler, UsageQuery, TotalsQuery],
  refusals: usageRefusals,
  tags: { usage: 'Report finished use, and read what it cost.' },
});
