import type { OrderAccepted } from '@specie/contracts';
import { describe, expect, it } from 'vitest';
import { ada, orderId, series } from '../../test/shard-story.js';
import { acceptedOrder, change, end, fill, perLot, type Followed } from './order-changes.js';

const accepted = (fields: Partial<OrderAccepted['data']> = {}): Followed =>
  acceptedOrder({
    ...{ orderId: orderId(1), orderNumber: 1, seriesId: series, partyId: ada, side: 'buy' },
    ...{ kind: 'limit', timeInForce: 'GTC', priceTicks: 20_000, quantityLots: 100 },
    reserved: 2_005_000,
    ...fields,
  });
const take = (lots: number) => ({ lots, notional: BigInt(lots) * 20_000n, rested: false });
const rest = (lots: number) => ({ ...take(lots), rested: true });

describe('An order that is followed', () => {
  it('reserves for each lot, and is filled bit by bit', () => {
    const order = accepted();
    expect(order).toMatchObject({ reservedPerLot: 20_050n, visibleLots: 100, status: 'open' });
    fill(order, rest(40));
    expect(order).toMatchObject({ filledLots: 40, leavesLots: 60, visibleLots: 60 });
    fill(order, rest(60));
    expect(order).toMatchObject({ leavesLots: 0, visibleLots: 0, status: 'filled' });
    expect(order.filledNotional).toBe(2_000_000n);
  });

  it('shows its peak after it took, and the next peak once one is gone', () => {
    const order = accepted({ displayLots: 30 });
    fill(order, take(25));
    expect(order.visibleLots).toBe(30);
    fill(order, rest(20));
    expect(order.visibleLots).toBe(10);
    fill(order, rest(10));
    expect(order).toMatchObject({ leavesLots: 45, visibleLots: 30 });
    fill(order, rest(30));
    expect(order).toMatchObject({ leavesLots: 15, visibleLots: 15 });
  });

  it('shows no more than is left when it gets smaller, and its peak when it goes to the end', () => {
    const order = accepted({ displayLots: 30 });
    fill(order, rest(12));
    change(order, { quantityLots: 27, leavesLots: 15, keptPriority: true });
    expect(order).toMatchObject({ visibleLots: 15, askedQuantityLots: 100 });
    change(order, { priceTicks: 19_000, quantityLots: 80, leavesLots: 68, keptPriority: false });
    expect(order).toMatchObject({ visibleLots: 30, askedQuantityLots: 100, quantityLots: 80 });
    expect(order).toMatchObject({ askedPriceTicks: 20_000, priceTicks: 19_000 });
  });

  it('keeps what was asked first, also where the core slid it', () => {
    const order = accepted({ askedPriceTicks: 20_500, stopPriceTicks: 21_000 });
    change(order, {
      ...{ priceTicks: 19_000, stopPriceTicks: 22_000, quantityLots: 100, leavesLots: 100 },
      keptPriority: false,
    });
    expect(order).toMatchObject({ askedPriceTicks: 20_500, askedStopPriceTicks: 21_000 });
    expect(order.askedQuantityLots).toBeNull();
  });

  it('ends by a change to what is filled: as filled, or as cancelled without a fill', () => {
    const [filled, unfilled] = [accepted(), accepted()];
    fill(filled, rest(40));
    change(filled, { quantityLots: 40, leavesLots: 0, keptPriority: false });
    change(unfilled, { quantityLots: 0, leavesLots: 0, keptPriority: true });
    expect([filled.status, unfilled.status]).toEqual(['filled', 'cancelled']);
  });

  it('by amount counts its lots and is filled when the amount is spent', () => {
    const order = accepted({ quantityLots: 0, quoteAmount: 1_000_000, reserved: 0 });
    fill(order, take(49));
    expect(order).toMatchObject({ filledLots: 49, leavesLots: 0, status: 'open' });
    end(order, 'quote_spent');
    expect(order).toMatchObject({ status: 'filled', cancelReason: 'quote_spent' });
    const nothing = accepted({ quantityLots: 0, quoteAmount: 1, reserved: 0 });
    end(nothing, 'quote_spent');
    expect(nothing.status).toBe('cancelled');
  });

  it('states a reservation that is whole per lot', () => {
    expect([perLot(2_005_000, 100), perLot(0, 0)]).toEqual([20_050n, 0n]);
    expect(() => perLot(2_005_001, 100)).toThrow('whole per lot');
  });
});
