import { describe, expect, it } from 'vitest';
import { OrderStore, RECORD } from './orders.js';

describe('OrderStore', () => {
  it('finds every live id and no ended one, through full tables and ids above 32 bits', () => {
    const capacity = 64;
    const store = new OrderStore(capacity);
    const live = new Map<number, number>();
    let id = 0;
    for (let step = 0; step < 20_000; step++) {
      // Strides that put many ids on the same place of the table, and pass 2^32 early.
      id += [1, 128, 2 ** 20, 2 ** 32, 2 ** 32 - 1][step % 5] ?? 1;
      if (live.size === capacity || step % 7 === 3) {
        const ended = [...live.keys()][(step * 31) % live.size] ?? 0;
        store.remove(live.get(ended) ?? 0);
        live.delete(ended);
        expect(store.find(ended)).toBe(0);
      }
      live.set(id, store.add(id));
      if (step % 50 !== 0) continue;
      for (const [orderId, order] of live) {
        expect(store.find(orderId)).toBe(order);
        expect(store.idOf(order)).toBe(orderId);
      }
      expect(new Set(live.values()).size).toBe(store.live);
    }
  });

  it('finds the orders of an account and none that ended', () => {
    const store = new OrderStore(8);
    const mine = [1, 2, 3, 4, 5, 6].map((id) => {
      const order = store.add(id);
      store.words[order | RECORD.ACCOUNT] = 1 + (id % 2);
      return order;
    });
    store.remove(mine[2] ?? 0);
    expect(store.ordersOf(2, 2)).toEqual([mine[0], mine[4]]);
    expect(store.ordersOf(1, 3)).toEqual([mine[1], mine[3], mine[5]]);
    expect(store.ordersOf(1, 1)).toEqual([mine[1]]);
    expect(store.ordersOf(3, 1)).toEqual([]);
  });

  it('keeps a record within one cache line, its words apart', () => {
    const { WORDS, PRIORITY_DOUBLE, ...words } = RECORD;
    expect(WORDS * 4).toBe(64);
    const used = [...Object.values(words), 2 * PRIORITY_DOUBLE, 2 * PRIORITY_DOUBLE + 1];
    expect(used.sort((a, b) => a - b)).toEqual(Array.from({ length: WORDS }, (_, i) => i));
  });
});
