import type { TradeExecuted } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { tradeTable } from './trade.table.js';

type Executed = TradeExecuted['data'] & { readonly executedAt: string };

export const tradeProjection = defineProjection<TradeExecuted, Executed[]>({
  name: 'trades',
  changes: () => [],
  events: {
    'market.trade-executed': (executed, { data, occurredAt }) => {
      executed.push({ ...data, executedAt: occurredAt });
    },
  },
  write: (manager, executed) =>
    tradeTable.insert(
      manager,
      executed.map((data) => ({
        ...data,
        notional: BigInt(data.notional),
        buyerFee: BigInt(data.buyerFee),
        sellerFee: BigInt(data.sellerFee),
      })),
    ),
});
