import { microTokensPerLot } from '@specie/quantities';
import type { BookConfig } from '@specie/matching-core';
import type { OrderKind, Side } from './shard.commands.js';

/** What decides how much an order sets aside for a lot. */
export interface Reserving {
  readonly side: Side;
  readonly orderKind: OrderKind;
  readonly priceTicks: number;
}

/**
 * What a lot of an order sets aside, in micro-dollars of a buy or micro-tokens of a sell (section 2.3 of the core's
 * specification). A market order without a price that trades at once sets nothing aside between commands, so any figure
 * serves; here it is none.
 */
export function reservedPerLot(order: Reserving, config: BookConfig, isCall: boolean): number {
  if (order.side === 'sell') {
    return Number(microTokensPerLot);
  }
  const waits = order.orderKind === 'stop' || (order.orderKind === 'market' && isCall);
  const price = order.priceTicks > 0 ? order.priceTicks : waits ? config.maxPrice : 0;
  return costPerLot(price, config);
}

/** Price and worst fee of a lot, in micro-dollars. */
function costPerLot(price: number, config: BookConfig): number {
  const worstFeePpm = Math.max(config.makerFeePpm, config.takerFeePpm, config.auctionFeePpm, 0);
  return price + Math.ceil((price * worstFeePpm) / 1_000_000);
}
