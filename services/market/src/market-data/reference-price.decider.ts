import type { ReferencePricePublished } from '@specie/contracts';
import { accept, type Accepted } from '@specie/event-sourcing';
import { vwapTicks } from './candle.js';
import type { ReferencePrice } from './reference-price.state.js';

/**
 * R1: at most one is published a minute, since windows end on minutes and each ends after the one before it.
 * R2: one that is not stale is the volume-weighted average of the trades of its window, rounded half to even.
 * R3: with fewer trades than the minimum it becomes stale, once, and stays what it was.
 * R4: it is published only when it changed or became stale; never before a window had enough trades.
 */

/** The trades of a series in a window, as far as they were known. */
export type MeasuredWindow = Omit<ReferencePricePublished['data'], 'priceTicks' | 'stale'>;

/** Publishes what a window says, if that is new. */
export function publishReferencePrice(
  window: MeasuredWindow,
  state: ReferencePrice,
): Accepted<ReferencePricePublished> {
  if (state.status === 'published' && window.windowEndsAt <= state.windowEndsAt) {
    return accept();
  }
  const average = vwapTicks(BigInt(window.notional), window.volumeLots);
  if (average === null || window.tradeCount < window.minimumTrades) {
    return state.status === 'published' && !state.stale
      ? accept(published(window, state.priceTicks, true))
      : accept();
  }
  return state.status === 'published' && !state.stale && state.priceTicks === average
    ? accept()
    : accept(published(window, average, false));
}

function published(
  window: MeasuredWindow,
  priceTicks: number,
  stale: boolean,
): ReferencePricePublished {
  return { type: 'market.reference-price-published', data: { ...window, priceTicks, stale } };
}
