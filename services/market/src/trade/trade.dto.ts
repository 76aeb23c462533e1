import { described, fields, named } from '@specie/contracts';
import { pageOf, pageQuery } from '@specie/nest-platform';
import { microMoney } from '@specie/quantities';
import { z } from 'zod';
import type { TradeRow } from './trade.table.js';

export const sequence = z.int().min(0);
const tradeNumber = described(sequence, 'Trades of the shard, counted from 1.', 2);

/** The public tape: what traded, never who. */
export const tapeItem = z.strictObject({
  tradeNumber,
  takerSide: named.takerSide,
  priceTicks: named.priceTicks,
  quantityLots: named.quantityLots,
  executedAt: described(fields.instant, 'When.'),
});
export const tapeResponse = pageOf(tapeItem);

export const tradesQuery = pageQuery.extend({
  seriesId: named.seriesId.optional(),
  partyId: named.partyId.optional(),
});
export const tradeResponse = z.strictObject({
  tradeId: named.tradeId,
  tradeNumber,
  seriesId: named.seriesId,
  makerOrderId: named.makerOrderId,
  takerOrderId: named.takerOrderId,
  takerSide: named.takerSide,
  buyerPartyId: named.buyerPartyId,
  sellerPartyId: named.sellerPartyId,
  priceTicks: named.priceTicks,
  quantityLots: named.quantityLots,
  notional: described(fields.moneyQuantity, 'Price times quantity.', '1785.000000'),
  buyerFee: described(fields.moneyQuantity, 'What the buyer paid on top.', '3.570000'),
  sellerFee: described(fields.moneyQuantity, 'What the seller got less.', '1.785000'),
  executedAt: described(fields.instant, 'When.'),
});
export const tradesResponse = pageOf(tradeResponse);

export function toTapeItem(row: TradeRow): z.output<typeof tapeItem> {
  return {
    tradeNumber: row.tradeNumber,
    takerSide: row.takerSide,
    priceTicks: row.priceTicks,
    quantityLots: row.quantityLots,
    executedAt: row.executedAt.toISOString(),
  };
}

export function toTradeResponse(row: TradeRow): z.output<typeof tradeResponse> {
  return {
    tradeId: row.tradeId,
    tradeNumber: row.tradeNumber,
    seriesId: row.seriesId,
    makerOrderId: row.makerOrderId,
    takerOrderId: row.takerOrderId,
    takerSide: row.takerSide,
    buyerPartyId: row.buyerPartyId,
    sellerPartyId: row.sellerPartyId,
    priceTicks: row.priceTicks,
    quantityLots: row.quantityLots,
    notional: microMoney(row.notional),
    buyerFee: microMoney(row.buyerFee),
    sellerFee: microMoney(row.sellerFee),
    executedAt: row.executedAt.toISOString(),
  };
}
