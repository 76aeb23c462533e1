import type { BookConfig } from '@specie/matching-core';
import { describe, expect, it } from 'vitest';
import { openBook } from '../../test/shard-story.js';
import { configOf } from './core-commands.js';
import { reservedPerLot, type Reserving } from './reservation.js';

const { kind: _kind, ...terms } = openBook;
const config = configOf(terms);
const buy: Reserving = { side: 'buy', orderKind: 'limit', priceTicks: 20_001 };
const market: Reserving = { ...buy, orderKind: 'market', priceTicks: 0 };

describe('What a lot of an order sets aside', () => {
  it('is a hundredth of a token of a sell, whatever its kind and price', () => {
    expect(reservedPerLot({ ...buy, side: 'sell' }, config, false)).toBe(10_000);
    expect(reservedPerLot({ ...market, side: 'sell' }, config, true)).toBe(10_000);
  });

  it('is the price of a buy and its worst fee, rounded up', () => {
    expect(reservedPerLot(buy, config, false)).toBe(20_001 + 51);
    expect(reservedPerLot({ ...buy, orderKind: 'stop_limit' }, config, false)).toBe(20_052);
  });

  const worst = (fees: Partial<BookConfig>) =>
    reservedPerLot({ ...buy, priceTicks: 1_000 }, { ...config, ...fees }, false) - 1_000;
  it.each([
    [{ makerFeePpm: 9_000 }, 9],
    [{ auctionFeePpm: 8_000 }, 8],
    [{ takerFeePpm: 2_500 }, 3],
    [{ makerFeePpm: -1_000, takerFeePpm: 1_000, auctionFeePpm: 0 }, 1],
    [{ makerFeePpm: 0, takerFeePpm: 0, auctionFeePpm: 0 }, 0],
  ])('counts the highest of the fees, never a rebate: %o', (fees, fee) => {
    expect(worst(fees)).toBe(fee);
  });

  it('is the highest price of the book for an order without one that waits', () => {
    const most = 1_048_574 + 2_622;
    expect(reservedPerLot({ ...market, orderKind: 'stop' }, config, false)).toBe(most);
    expect(reservedPerLot(market, config, true)).toBe(most);
    expect(reservedPerLot({ ...market, priceTicks: 20_001 }, config, true)).toBe(20_052);
  });

  it('is nothing for a market order without a price that trades at once', () => {
    expect(reservedPerLot(market, config, false)).toBe(0);
  });
});
