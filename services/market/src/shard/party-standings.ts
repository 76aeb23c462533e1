import type { PartyStanding, TimedStanding } from '@specie/eligibility';
import type { OpenOrders } from './open-orders.js';
import type { FactSources } from './fact-sources.js';

/**
 * How the parties that matter to the shard stand: those that ask and those with open orders. A standing is asked for
 * once, and again when anything changed that standings rest on; that it ends is known.
 */
export class PartyStandings {
  private readonly known = new Map<string, TimedStanding>();
  private mark: string | null = null;
  /** Whether orders may stand in the books that should not. */
  private isScanDue = true;
  private nextEndMs = Infinity;

  constructor(private readonly sources: Pick<FactSources, 'partyStandings' | 'standingsMark'>) {}

  /** Reads what may have changed, and what is not known yet of these parties. */
  async refresh(
    asking: readonly string[],
    { orders, at }: { readonly orders: OpenOrders; readonly at: string },
  ): Promise<void> {
    // The first time, orders may stand in the books whose parties nobody asked about.
    const partyIds = this.mark === null ? [...asking, ...orders.partiesWithOrders()] : asking;
    const mark = await this.sources.standingsMark();
    const hasChanged = mark !== this.mark;
    const asked = [
      ...new Set(
        hasChanged
          ? [...partyIds, ...this.known.keys()]
          : partyIds.filter((partyId) => !this.isKnown(partyId)),
      ),
    ];
    if (asked.length > 0) {
      const found = await this.sources.partyStandings(asked, at);
      for (const [partyId, timed] of found) {
        this.known.set(partyId, timed);
      }
      this.isScanDue = true;
    }
    this.mark = mark;
  }

  of(partyId: string, at: string): PartyStanding {
    const timed = this.known.get(partyId);
    if (!timed) return 'unknown';
    const { standing, validUntil } = timed;
    const hasEnded = validUntil !== null && validUntil.getTime() <= Date.parse(at);
    return standing === 'eligible' && hasEnded ? 'expired' : standing;
  }

  /** Whether orders have to leave the books though no command asks about them; what it reads is not kept. */
  async isDue(orders: OpenOrders, at: string): Promise<boolean> {
    if (orders.size === 0) return false;
    if ((await this.sources.standingsMark()) === this.mark) {
      return this.barredByCompliance(orders, at).length > 0;
    }
    const found = await this.sources.partyStandings([...orders.partiesWithOrders()], at);
    return [...found.values()].some(
      ({ standing }) => standing !== 'eligible' && standing !== 'unknown',
    );
  }

  /** Whether `barred` may find somebody: something was read, or a standing ended. */
  mayBar(at: string): boolean {
    return this.isScanDue || Date.parse(at) >= this.nextEndMs;
  }

  /** The parties with open orders that may not trade, in the order of their ids. */
  barred(orders: OpenOrders, at: string): readonly string[] {
    if (!this.mayBar(at)) return [];
    const barred: string[] = [];
    for (const partyId of orders.partiesWithOrders()) {
      if (this.known.has(partyId) && this.of(partyId, at) !== 'eligible') barred.push(partyId);
    }
    if (barred.length === 0) {
      this.isScanDue = false;
      this.nextEndMs = this.firstEnd(Date.parse(at));
    }
    return barred.sort();
  }

  /** Those of `barred` whom compliance told of: after a restore it may not have told of the others yet. */
  barredByCompliance(orders: OpenOrders, at: string): readonly string[] {
    return this.barred(orders, at).filter((partyId) => this.of(partyId, at) !== 'unknown');
  }

  /** Unknown to compliance may be known in a moment, so it is asked for again. */
  private isKnown(partyId: string): boolean {
    return (this.known.get(partyId)?.standing ?? 'unknown') !== 'unknown';
  }

  private firstEnd(afterMs: number): number {
    let first = Infinity;
    for (const { standing, validUntil } of this.known.values()) {
      const endMs = standing === 'eligible' && validUntil ? validUntil.getTime() : Infinity;
      if (endMs > afterMs && endMs < first) first = endMs;
    }
    return first;
  }
}
