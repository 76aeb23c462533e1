import { microTokensPerLot } from '@specie/quantities';

/**
 * What trading accounts hold beside the whole lots that the core counts: less than a lot in each series, and everything
 * in a series whose book is not open yet. In micro-tokens.
 */
export class TokenRemainders {
  private readonly bySeries = new Map<string, Map<string, bigint>>();

  of(seriesId: string, partyId: string): bigint {
    return this.bySeries.get(seriesId)?.get(partyId) ?? 0n;
  }

  set(seriesId: string, partyId: string, remainder: bigint): void {
    const parties = this.bySeries.get(seriesId) ?? new Map<string, bigint>();
    if (remainder === 0n) {
      parties.delete(partyId);
    } else {
      parties.set(partyId, remainder);
    }
    // What is empty has no place in the order of the others.
    if (parties.size === 0) {
      this.bySeries.delete(seriesId);
    } else {
      this.bySeries.set(seriesId, parties);
    }
  }

  /** Whole lots of a series whose book opens, by party in the order in which they came; they are taken out. */
  takeWholeLots(seriesId: string): readonly (readonly [partyId: string, lots: number])[] {
    const parties = [...(this.bySeries.get(seriesId) ?? [])];
    return parties.flatMap(([partyId, remainder]) => {
      const lots = remainder / microTokensPerLot;
      this.set(seriesId, partyId, remainder % microTokensPerLot);
      return lots > 0n ? [[partyId, Number(lots)] as const] : [];
    });
  }

  all(): readonly (readonly [seriesId: string, partyId: string, remainder: bigint])[] {
    return [...this.bySeries].flatMap(([seriesId, parties]) =>
      [...parties].map(([partyId, remainder]) => [seriesId, partyId, remainder] as const),
    );
  }
}
