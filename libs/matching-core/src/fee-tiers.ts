import type { BookConfig, TierFees } from './types.js';

/** Tiers are numbered from 0. */
export const FEE_TIERS = 16;

/**
 * What a tier pays in a book: four doubles, `values[(tier * DOUBLES) | MAKER]`; see RECORD in orders.ts for the style. Not
 * 32-bit words: as long as all products with a fee stay small the compiler would multiply integers, and drop the code at
 * the first large one.
 */
export const FEE_RECORD = {
  DOUBLES: 4,
  MAKER: 0,
  TAKER: 1,
  AUCTION: 2,
  /** 1 = set_fees has set the tier; 0 = it pays what the config of the book says. */
  SET: 3,
} as const;
const { AUCTION, MAKER, SET, TAKER, DOUBLES } = FEE_RECORD;

/** SPEC 9.7: the fees of every tier in one book, none above those of the book's config. */
export class FeeTiers {
  readonly values = new Float64Array(FEE_TIERS * DOUBLES);

  /** The tiers that set_fees has not set pay what the config says. */
  follow(config: BookConfig): void {
    const { values } = this;
    for (let at = 0; at < values.length; at += DOUBLES) {
      if (values[at | SET] !== 0) continue;
      values[at | MAKER] = config.makerFeePpm;
      values[at | TAKER] = config.takerFeePpm;
      values[at | AUCTION] = config.auctionFeePpm;
    }
  }

  set({ tier, makerFeePpm, takerFeePpm, auctionFeePpm }: TierFees): void {
    this.values.set([makerFeePpm, takerFeePpm, auctionFeePpm, 1], tier * DOUBLES);
  }

  /** Does the tier, paying these fees, leave no trade in which a rebate exceeds the fee of the other side? */
  isCovered({ tier, makerFeePpm, takerFeePpm }: TierFees): boolean {
    const { values } = this;
    let least = makerFeePpm + takerFeePpm;
    for (let at = 0; at < values.length; at += DOUBLES) {
      if (at === tier * DOUBLES) continue;
      const withTaker = makerFeePpm + (values[at | TAKER] as number);
      least = Math.min(least, withTaker, takerFeePpm + (values[at | MAKER] as number));
    }
    return least >= 0;
  }

  /** The tiers that set_fees has set, ascending. */
  listSet(): TierFees[] {
    const { values } = this;
    const list: TierFees[] = [];
    for (let tier = 0; tier < FEE_TIERS; tier++) {
      const at = tier * DOUBLES;
      if (values[at | SET] === 0) continue;
      list.push({
        tier,
        makerFeePpm: values[at | MAKER] as number,
        takerFeePpm: values[at | TAKER] as number,
        auctionFeePpm: values[at | AUCTION] as number,
      });
    }
    return list;
  }
}

/** The fees of a book's config are the most that a tier pays, so that what orders reserve covers them (SPEC 2.2). */
export function isWithinCaps(fees: Omit<TierFees, 'tier'>, config: BookConfig): boolean {
  return (
    fees.makerFeePpm <= config.makerFeePpm &&
    fees.takerFeePpm <= config.takerFeePpm &&
    fees.auctionFeePpm <= config.auctionFeePpm
  );
}
