import { assertPossible } from '@specie/event-sourcing';
import { add, microTokens, min, subtract, type MicroTokens } from '@specie/quantities';

/**
 * Tokens of one account with the same terms. Tokens with equal terms cannot be told apart, so they merge into
 * the lot that was there first: an account holds as many lots as terms, however many movements it saw.
 */
export interface Lot {
  readonly lotId: string;
  readonly quantity: MicroTokens;
  readonly lockupEndsAt: string | null;
}

export interface Draw {
  readonly lotId: string;
  readonly quantity: MicroTokens;
}

/** When a lot becomes free, in milliseconds; never locked counts as free from the beginning. */
function freeFrom({ lockupEndsAt }: Pick<Lot, 'lockupEndsAt'>): number {
  return lockupEndsAt === null ? Number.NEGATIVE_INFINITY : Date.parse(lockupEndsAt);
}

export function isLocked(lot: Lot, now: string): boolean {
  return freeFrom(lot) > Date.parse(now);
}

/** Lots with `lot` added, ordered by when they become free. */
export function addLot(lots: readonly Lot[], lot: Lot): readonly Lot[] {
  if (lot.quantity === 0n) {
    return lots;
  }
  const same = lots.find((other) => freeFrom(other) === freeFrom(lot));
  if (same) {
    return lots.map((other) =>
      other === same ? { ...same, quantity: add(same.quantity, lot.quantity) } : other,
    );
  }
  return [...lots, lot].sort((a, b) => (freeFrom(a) < freeFrom(b) ? -1 : 1));
}

/** Lots without what was drawn; a lot that is used up is gone. */
export function takeDraws(lots: readonly Lot[], draws: readonly Draw[]): readonly Lot[] {
  let left = lots;
  for (const { lotId, quantity } of draws) {
    const lot = left.find((other) => other.lotId === lotId);
    assertPossible(lot !== undefined && lot.quantity >= quantity, 'a draw exceeds its lot');
    left = left
      .map((other) =>
        other === lot ? { ...lot, quantity: subtract(lot.quantity, quantity) } : other,
      )
      .filter((other) => other.quantity > 0n);
  }
  return left;
}

/** `quantity` from lots in the order given; null if they do not hold as much. */
export function drawInOrder(lots: readonly Lot[], quantity: MicroTokens): readonly Draw[] | null {
  const draws: Draw[] = [];
  let missing = quantity;
  for (const lot of lots) {
    if (missing === 0n) break;
    const drawn = min(lot.quantity, missing);
    draws.push({ lotId: lot.lotId, quantity: drawn });
    missing = subtract(missing, drawn);
  }
  return missing === 0n ? draws : null;
}

export function totalOf(parts: readonly { readonly quantity: MicroTokens }[]): MicroTokens {
  return parts.reduce((total, { quantity }) => add(total, quantity), microTokens(0n));
}
