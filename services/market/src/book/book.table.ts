import {
  boolean,
  defineTable,
  instant,
  int32,
  int64,
  text,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';
import type { TradingPhase } from '../shard/shard.commands.js';

export const bookTable = defineTable({
  name: 'books',
  columns: {
    seriesId: uuid(),
    currency: text<'USD'>(),
    minimumLots: int32(),
    maximumLots: int32(),
    openedAt: instant(),
    makerFeePpm: int32(),
    takerFeePpm: int32(),
    auctionFeePpm: int32(),
    priceStepTicks: int32(),
    minimumPriceTicks: int32(),
    maximumPriceTicks: int32(),
    lotStep: int32(),
    minimumNotional: int64(),
    maximumNotional: int64(),
    protectionTicks: int32(),
    reduceKeepsPriority: boolean(),
    selfTradeAllowed: boolean(),
    referenceFollowsTrades: boolean(),
    /** The present one. */
    phase: text<TradingPhase>(),
  },
  primaryKey: ['seriesId'],
});
export type BookRow = RowOf<typeof bookTable>;
