import { describe, expect, it } from 'vitest';
import { BookState, emptyBook } from './book-state.js';
import type { BookUpdate, ShownBook } from '../shard/book-update.js';

const seriesId = '5e12e500-0000-4000-8000-000000000001';
const shown: ShownBook = {
  seriesId,
  phase: 'continuous',
  lastPriceTicks: 25_000,
  bids: [{ priceTicks: 24_900, lots: 10, orders: 1 }],
  asks: [{ priceTicks: 25_100, lots: 20, orders: 2 }],
  sequence: 7,
};
const bid = (priceTicks: number, lots: number, sequence: number): BookUpdate => ({
  kind: 'level',
  seriesId,
  side: 'buy',
  priceTicks,
  lots,
  orders: lots === 0 ? 0 : 1,
  sequence,
});

describe('A book as everybody sees it', () => {
  it('begins as it is shown', () => {
    const book = new BookState(shown);
    expect(book.bids.all()).toEqual(shown.bids);
    expect(book.asks.all()).toEqual(shown.asks);
    expect(book).toMatchObject({ phase: 'continuous', lastPriceTicks: 25_000, auction: null });
    expect(new BookState(emptyBook(seriesId, 'closed')).lastPriceTicks).toBeNull();
  });

  it('follows its levels and trades', () => {
    const book = new BookState(shown);
    book.apply(bid(25_000, 5, 8));
    book.apply(bid(24_900, 0, 9));
    book.apply({
      kind: 'trade',
      seriesId,
      tradeNumber: 3,
      priceTicks: 25_100,
      quantityLots: 1,
      takerSide: 'buy',
    });
    expect(book.bids.all()).toEqual([{ priceTicks: 25_000, lots: 5, orders: 1 }]);
    expect(book.lastPriceTicks).toBe(25_100);
  });

  it.each([7, 9, 1])('does not pass over a missing update: %i after 7', (sequence) => {
    const book = new BookState(shown);
    expect(() => book.apply(bid(25_000, 5, sequence))).toThrow(`update ${sequence}`);
  });

  it('shows what an auction would come to until the phase is over, and what it came to', () => {
    const book = new BookState(shown);
    const figures = { priceTicks: 25_000, volumeLots: 100, imbalanceLots: -5 };
    book.apply({ kind: 'phase', seriesId, phase: 'opening_auction' });
    book.apply({ kind: 'auction', seriesId, ...figures });
    expect(book.auction).toEqual({ ...figures, isFinal: false });
    book.apply({ kind: 'phase', seriesId, phase: 'pause' });
    expect(book.auction).toBeNull();
    book.apply({ kind: 'auction', seriesId, ...figures, isFinal: true });
    book.apply({ kind: 'phase', seriesId, phase: 'continuous' });
    expect(book.auction).toEqual({ ...figures, isFinal: true });
  });
});
