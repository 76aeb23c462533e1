import { discrepancyText, type Discrepancy } from './hand-overs.js';
import { invariantNames, type InvariantName } from './invariant-names.js';
import type { EventFacts } from './wire-events.js';

export interface InvariantResult {
  readonly holds: boolean;
  /** The first case in which it does not hold. */
  readonly counterexample: string | null;
}

const discrepanciesMax = 1_000;

/** Collects counterexamples; an invariant without one holds. */
export class Invariants {
  /** Every hand-over whose sides do not match, up to a limit. */
  readonly discrepancies: Discrepancy[] = [];
  private readonly first = new Map<InvariantName, string>();

  /** Notes a counterexample; only the first of an invariant is kept. */
  violated(name: InvariantName, counterexample: string): void {
    if (!this.first.has(name)) {
      this.first.set(name, counterexample);
    }
  }

  /** `violated` at an event. */
  violatedAt(name: InvariantName, event: EventFacts, reason: string): void {
    if (!this.first.has(name)) {
      this.first.set(
        name,
        `${event.service} position ${event.position} event ${event.eventId}: ${reason}`,
      );
    }
  }

  /** `violated` by the two sides of a hand-over; all of these are kept. */
  disagree(found: Discrepancy): void {
    this.violated(found.invariant, discrepancyText(found));
    if (this.discrepancies.length < discrepanciesMax) {
      this.discrepancies.push(found);
    }
  }

  results(): Record<InvariantName, InvariantResult> {
    const entries = invariantNames.map((name) => {
      const counterexample = this.first.get(name) ?? null;
      return [name, { holds: counterexample === null, counterexample }] as const;
    });
    return Object.fromEntries(entries) as Record<InvariantName, InvariantResult>;
  }
}
