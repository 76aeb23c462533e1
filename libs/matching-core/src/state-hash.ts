const MULTIPLIER = 0x9e3779b1;
/** The first bits of pi: zeros would stay zeros through any history that begins with zeros. */
const START = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];

/**
 * SPEC 11.1: what was told so far in 128 bits. The doubles take turns with four 32-bit lanes, so that the processor works
 * on all four at once; the turn goes on from one stretch to the next, wherever the stretches are cut.
 */
export class StateHash {
  /** The lane whose turn it is comes first. */
  readonly lanes = Int32Array.from(START);

  /** Folds the doubles `from` up to `end`; `words` is their memory, two words per double. */
  fold(words: Int32Array, from: number, end: number): void {
    const { lanes } = this;
    let a = lanes[0] as number;
    let b = lanes[1] as number;
    let c = lanes[2] as number;
    let d = lanes[3] as number;
    let i = 2 * from;
    for (; i + 6 < 2 * end; i += 8) {
      a = step(a, words[i] as number, words[i + 1] as number);
      b = step(b, words[i + 2] as number, words[i + 3] as number);
      c = step(c, words[i + 4] as number, words[i + 5] as number);
      d = step(d, words[i + 6] as number, words[i + 7] as number);
    }
    for (; i < 2 * end; i += 2) {
      const folded = step(a, words[i] as number, words[i + 1] as number);
      a = b;
      b = c;
      c = d;
      d = folded;
    }
    lanes[0] = a;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
  }

  /** Thirty-two hexadecimal digits. */
  toString(): string {
    return Array.from(this.lanes, (lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/**
 * For a given double a bijection of the lane, so a difference once folded in stays until another happens to cancel it.
 * Small integers differ in the upper bits of `high` alone: the rotation brings these down, the product spreads them up.
 */
function step(lane: number, low: number, high: number): number {
  const mixed = (lane ^ low) + high;
  return Math.imul((mixed >>> 15) | (mixed << 17), MULTIPLIER);
}
