const prefixLengthMax = 4;
const prefixScale = 0.1;
const boostGate = 0.7;

/** Text as code units (or bytes), so that comparing does not call into strings. */
export type Units = Uint16Array | Uint8Array;

export function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    units[index] = text.charCodeAt(index);
  }
  return units;
}

// Scratch for which units were matched; the matchers are synchronous, so one pair serves all calls.
let matchedA = new Uint8Array(256);
let matchedB = new Uint8Array(256);

/** Jaro similarity, 0 to 1. */
export function jaro(a: Units, b: Units): number {
  if (a.length === 0 || b.length === 0) {
    return 0;
  }
  clearScratch(a.length, b.length);
  const window = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  let matches = 0;
  for (let i = 0; i < a.length; i += 1) {
    const end = Math.min(b.length, i + window + 1);
    for (let j = Math.max(0, i - window); j < end; j += 1) {
      if (matchedB[j] === 0 && a[i] === b[j]) {
        matchedA[i] = 1;
        matchedB[j] = 1;
        matches += 1;
        break;
      }
    }
  }
  if (matches === 0) {
    return 0;
  }
  const transpositions = Math.floor(countOutOfOrder(a, b) / 2);
  return (matches / a.length + matches / b.length + (matches - transpositions) / matches) / 3;
}

/** Jaro-Winkler: the prefix bonus applies only above 0.7. */
export function jaroWinkler(a: Units, b: Units): number {
  const similarity = jaro(a, b);
  return similarity > boostGate ? withPrefixBonus(similarity, a, b) : similarity;
}

/** Jaro-Winkler as OFAC's search behaves on whole names: the prefix bonus applies always. */
export function jaroWinklerUngated(a: Units, b: Units): number {
  return withPrefixBonus(jaro(a, b), a, b);
}

function withPrefixBonus(similarity: number, a: Units, b: Units): number {
  const end = Math.min(prefixLengthMax, a.length, b.length);
  let prefix = 0;
  while (prefix < end && a[prefix] === b[prefix]) {
    prefix += 1;
  }
  return similarity + prefix * prefixScale * (1 - similarity);
}

function countOutOfOrder(a: Units, b: Units): number {
  let outOfOrder = 0;
  let j = 0;
  for (let i = 0; i < a.length; i += 1) {
    if (matchedA[i] === 1) {
      while (matchedB[j] === 0) {
        j += 1;
      }
      if (a[i] !== b[j]) {
        outOfOrder += 1;
      }
      j += 1;
    }
  }
  return outOfOrder;
}

function clearScratch(lengthA: number, lengthB: number): void {
  if (lengthA > matchedA.length || lengthB > matchedB.length) {
    const size = Math.max(lengthA, lengthB) * 2;
    matchedA = new Uint8Array(size);
    matchedB = new Uint8Array(size);
    return;
  }
  matchedA.fill(0, 0, lengthA);
  matchedB.fill(0, 0, lengthB);
}
