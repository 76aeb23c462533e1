import { defineSubject } from '@specie/nest-platform';
import { tradeProjection } from './trade.projection.js';
import { TradeQuery } from './trade.query.js';
import { tradeTable } from './trade.table.js';

/** Trades: what two orders settled. */
export const tradeSubject = defineSubject({
  name: 'trade',
  tables: [tradeTable],
  projections: [tradeProjection],
  providers: [TradeQuery],
});
