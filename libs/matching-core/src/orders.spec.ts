import { describe, expect, it } from 'vitest';
import { OrderStore, RECORD, packFlags } from './orders.js';
import {
  bookOf,
  isPendingStop,
  ladderOf,
  postOnlyOf,
  sideOf,
  stpOf,
  timeInForceOf,
  typeOf,
  withType,
} from './orders.js';

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
      for (const [orderId, slot] of live) {
        expect(store.find(orderId)).toBe(slot);
        expect(store.idOf(slot)).toBe(orderId);
      }
      expect(new Set(live.values()).size).toBe(store.live);
    }
  });

  it('keeps a record within one cache line', () => {
    expect(RECORD.WORDS * 4).toBe(64);
    const offsets = Object.entries(RECORD).filter(([name]) => name !== 'WORDS');
    expect(new Set(offsets.map(([, offset]) => offset)).size).toBe(RECORD.WORDS);
  });
});

describe('the FLAGS word', () => {
  it('gives back what was packed', () => {
    const traits = { side: 1, type: 3, timeInForce: 4, stp: 4, postOnly: 2, book: 65_535 };
    const flags = packFlags(traits);
    expect({
      side: sideOf(flags),
      type: typeOf(flags),
      timeInForce: timeInForceOf(flags),
      stp: stpOf(flags),
      postOnly: postOnlyOf(flags),
      book: bookOf(flags),
    }).toEqual(traits);
    expect([isPendingStop(flags), ladderOf(flags)]).toEqual([true, 3]);
    const triggered = withType(flags, 0);
    expect([isPendingStop(triggered), ladderOf(triggered), bookOf(triggered)]).toEqual([
      false,
      1,
      65_535,
    ]);
  });
});
