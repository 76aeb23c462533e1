import { INTEGER_MAX } from './codes.js';

const PPM = 1_000_000;

/**
 * SPEC 2.1: a charge rounds up, a rebate (negative ppm) rounds down, both in the venue's favour.
 * A double divides by 10^6 without crossing an integer: below 2^53/10^6 doubles lie closer together than 10^-6.
 */
export function fee(notional: number, ppm: number): number {
  return ppm >= 0 ? ceilPpm(notional, ppm) : 0 - floorPpm(notional, -ppm);
}

function ceilPpm(amount: number, ppm: number): number {
  const product = amount * ppm;
  if (product <= INTEGER_MAX) return Math.ceil(product / PPM);
  const millions = Math.floor(amount / PPM);
  return millions * ppm + Math.ceil(((amount - millions * PPM) * ppm) / PPM);
}

export function floorPpm(amount: number, ppm: number): number {
  const product = amount * ppm;
  if (product <= INTEGER_MAX) return Math.floor(product / PPM);
  const millions = Math.floor(amount / PPM);
  return millions * ppm + Math.floor(((amount - millions * PPM) * ppm) / PPM);
}

/** SPEC 2.2: what one lot at this price can cost at most. Linear in lots, so a reservation needs no history. */
export function costPerLot(price: number, worstFeePpm: number): number {
  return price + ceilPpm(price, worstFeePpm);
}
