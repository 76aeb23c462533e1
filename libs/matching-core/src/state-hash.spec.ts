import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateHash } from './state-hash.js';

/** SPEC 11.1 word for word. */
function naiveHash(values: Float64Array): string {
  const bytes = new DataView(values.buffer);
  let lanes = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
  values.forEach((_, i) => {
    const [turn = 0, ...others] = lanes;
    const low = bytes.getInt32(8 * i, true);
    const high = bytes.getInt32(8 * i + 4, true);
    const mixed = BigInt.asUintN(32, BigInt((turn ^ low) + high));
    const rotated = BigInt.asUintN(32, (mixed >> 15n) | (mixed << 17n));
    lanes = [...others, Number(BigInt.asIntN(32, rotated * 0x9e3779b1n))];
  });
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

const anyValues = fc.float64Array({ maxLength: 40 });

describe('StateHash', () => {
  it('is what the specification says, wherever the stretches are cut', () => {
    fc.assert(
      fc.property(anyValues, fc.array(fc.nat(40), { maxLength: 5 }), (values, cuts) => {
        const words = new Int32Array(values.buffer);
        const hash = new StateHash();
        const ends = cuts.map((cut) => cut % (values.length + 1)).sort((a, b) => a - b);
        let from = 0;
        for (const end of [...ends, values.length]) {
          hash.fold(words, from, end);
          from = end;
        }
        expect(hash.toString()).toBe(naiveHash(values));
      }),
    );
  });

  const hashOf = (...values: number[]): string => {
    const hash = new StateHash();
    hash.fold(new Int32Array(Float64Array.from(values).buffer), 0, values.length);
    return hash.toString();
  };

  it('tells apart the order of two values, a count of zeros and a single step of any value', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    const others = values.map((value, i) => values.with(i, value + 1));
    const histories = [values, ...others, values.toReversed(), [0, 0, 0, 0, ...values]];
    expect(new Set(histories.map((history) => hashOf(...history))).size).toBe(histories.length);
  });

  it('brings what small integers differ in down to the lower bits as well', () => {
    const lowerHalves = Array.from({ length: 20_000 }, (_, i) =>
      hashOf(i, ...Array<number>(11).fill(0)).slice(4, 8),
    );
    // As many as 20,000 random draws of 16 bits would give: 17,200 different ones.
    expect(new Set(lowerHalves).size).toBeGreaterThan(17_000);
  });
});
