import {
  defineTable,
  instant,
  int32,
  int64,
  micro,
  text,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';
import type { TradeExecuted } from '@specie/contracts';
import type { Side } from '../shard/shard.commands.js';

export const tradeTable = defineTable({
  name: 'trades',
  columns: {
    tradeId: uuid(),
    tradeNumber: int64(),
    seriesId: uuid(),
    makerOrderId: uuid(),
    takerOrderId: uuid(),
    takerSide: text<Side>(),
    buyerPartyId: uuid(),
    sellerPartyId: uuid(),
    priceTicks: int32(),
    quantityLots: int32(),
    notional: micro(),
    buyerFee: micro(),
    sellerFee: micro(),
    executedAt: instant(),
    /** Null in continuous matching. */
    execution: text<NonNullable<TradeExecuted['data']['execution']>>().nullable(),
  },
  primaryKey: ['tradeId'],
  unique: { trades_trade_number_key: ['tradeNumber'] },
  indexes: {
    trades_of_series: '(series_id, trade_number desc)',
    trades_of_buyer: '(buyer_party_id, trade_number desc)',
    trades_of_seller: '(seller_party_id, trade_number desc)',
  },
});
export type TradeRow = RowOf<typeof tradeTable>;
