import { formatMicro } from '@specie/quantities';
import type { Collection } from '../digest.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventFacts, EventOfService, WireData } from '../wire-events.js';
import {
  dayOf,
  dayOfInstant,
  dayText,
  findShortfall,
  type CoverageObligation,
} from './coverage.js';

type Event = EventOfService<'issuance'>;

/** A report names a shortfall in one line. */
const seriesNamedMax = 8;

interface Commitment {
  readonly data: WireData<'issuance.capacity-committed'>;
  readonly tokensPerDay: bigint;
  status: 'committed' | 'attested' | 'withdrawn';
}

/** What providers promised, and whether it covers what they owe. */
export class Capacity {
  private readonly commitments = new Map<string, Commitment>();

  constructor(private readonly invariants: Invariants) {}

  commit(data: WireData<'issuance.capacity-committed'>): void {
    const { commitmentId, tokensPerDay } = data;
    this.commitments.set(commitmentId, {
      data,
      tokensPerDay: micro(tokensPerDay),
      status: 'committed',
    });
  }

  /** True if there is less capacity afterwards, so that coverage must hold without it (S2). */
  change(
    event: Extract<Event, { type: 'issuance.capacity-attested' | 'issuance.capacity-withdrawn' }>,
  ): boolean {
    const commitment = this.commitments.get(event.data.commitmentId);
    if (commitment === undefined) {
      this.invariants.violatedAt('S8', event, 'the capacity was never committed');
      return false;
    }
    const wasAttested = commitment.status === 'attested';
    commitment.status = event.type === 'issuance.capacity-attested' ? 'attested' : 'withdrawn';
    return wasAttested && commitment.status === 'withdrawn';
  }

  /** S2 of one provider on the day of the event. */
  checkCoverage(
    event: EventFacts,
    providerId: string,
    obligationsOfSeries: readonly CoverageObligation[],
  ): void {
    const today = dayOfInstant(event.occurredAtMs);
    const shortfall = findShortfall(
      today,
      [...this.commitments.values()]
        .filter(({ data, status }) => data.providerId === providerId && status === 'attested')
        .map(({ data: { sku, fromOn, toOn }, tokensPerDay }) => {
          return { sku, fromDay: dayOf(fromOn), toDay: dayOf(toOn), tokensPerDay };
        }),
      obligationsOfSeries,
    );
    if (shortfall !== null) {
      const { fromDay, toDay, seriesIds, obligations, capacity } = shortfall;
      const more =
        seriesIds.length > seriesNamedMax ? ` and ${seriesIds.length - seriesNamedMax} more` : '';
      const named = `series ${seriesIds.slice(0, seriesNamedMax).join(' ')}${more}`;
      const days = `${named}: ${dayText(fromDay)}..${dayText(toDay)}`;
      const amounts = `${formatMicro(obligations)} due, ${formatMicro(capacity)} there`;
      this.invariants.violatedAt('S2', event, `${days} are not covered: ${amounts}`);
    }
  }

  collection(): Collection {
    return {
      name: 'capacity',
      rows: [...this.commitments].map(([id, { data, tokensPerDay, status }]) => {
        const { providerId, sku, fromOn, toOn } = data;
        return [
          id,
          { providerId, sku, fromOn, toOn, tokensPerDay: formatMicro(tokensPerDay), status },
        ];
      }),
    };
  }
}
