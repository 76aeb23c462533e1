import type { Collection } from '../digest.js';
import type { Invariants } from '../invariants.js';
import type { EventOfService, WireData } from '../wire-events.js';
import type { Fold } from './fold.js';

interface PartyRow {
  readonly kind: string;
  readonly country: string;
  status: 'registered' | 'approved' | 'frozen';
  actions: readonly string[];
  accredited: boolean;
  validUntil: string | null;
  readonly history: EligibilityFact[];
}

/** What became known about a party, and when it was recorded. */
type EligibilityFact =
  | {
      readonly atMs: number;
      readonly kind: 'published';
      readonly actions: readonly string[];
      readonly endsAtMs: number;
    }
  | { readonly atMs: number; readonly kind: 'frozen' | 'unfrozen' };

/** Parties, and what was known about them at any instant. */
export class ComplianceFold implements Fold<EventOfService<'compliance'>> {
  readonly service = 'compliance';
  private readonly parties = new Map<string, PartyRow>();

  constructor(private readonly invariants: Invariants) {}

  apply(event: EventOfService<'compliance'>): void {
    if (event.type === 'compliance.state-attested' || event.type === 'compliance.input-discarded') {
      return;
    }
    if (event.type === 'compliance.party-registered') {
      this.register(event.data, event);
      return;
    }
    const party = this.parties.get(event.data.partyId);
    if (party === undefined) {
      this.invariants.violatedAt('S8', event, 'the party was never registered');
      return;
    }
    const atMs = event.recordedAtMs;
    switch (event.type) {
      case 'compliance.evidence-submitted':
      case 'compliance.screening-run':
      case 'compliance.alert-resolved':
        return;
      case 'compliance.party-approved':
        party.status = 'approved';
        return;
      case 'compliance.eligibility-published': {
        const { actions, accredited, validUntil } = event.data;
        Object.assign(party, { actions, accredited, validUntil });
        party.history.push({ atMs, kind: 'published', actions, endsAtMs: Date.parse(validUntil) });
        return;
      }
      case 'compliance.party-frozen':
        party.status = 'frozen';
        party.history.push({ atMs, kind: 'frozen' });
        return;
      case 'compliance.party-unfrozen':
        party.status = party.validUntil === null ? 'registered' : 'approved';
        party.history.push({ atMs, kind: 'unfrozen' });
        return;
    }
  }

  /** Nothing spans the events of one command. */
  closeCommand(): void {
    return;
  }

  collections(): readonly Collection[] {
    return [
      {
        name: 'parties',
        rows: [...this.parties].map(([partyId, party]) => {
          const { kind, country, status, actions, accredited, validUntil } = party;
          return [partyId, { kind, country, status, actions, accredited, validUntil }];
        }),
      },
    ];
  }

  /**
   * Whether a service that knew everything older than `delayMs` had a reason to allow `action` at `atMs`.
   * An expiry is part of what was published, so it counts at once; a freeze counts once it could have arrived.
   */
  couldAllow(partyId: string, action: string, atMs: number, delayMs: number): boolean {
    const history = this.parties.get(partyId)?.history ?? [];
    let allowed = false;
    let frozen = false;
    for (const fact of history) {
      if (fact.atMs > atMs + delayMs) {
        break;
      }
      const couldBeUnknown = fact.atMs > atMs - delayMs;
      if (fact.kind === 'published') {
        const allows = fact.actions.includes(action) && atMs < fact.endsAtMs;
        allowed = couldBeUnknown ? allowed || allows : allows;
      } else if (fact.kind === 'unfrozen') {
        frozen = false;
      } else if (!couldBeUnknown) {
        frozen = true;
      }
    }
    return allowed && !frozen;
  }

  private register(
    data: WireData<'compliance.party-registered'>,
    event: EventOfService<'compliance'>,
  ): void {
    const { partyId, kind, country } = data;
    if (this.parties.has(partyId)) {
      this.invariants.violatedAt('S9', event, 'the party is registered twice');
      return;
    }
    this.parties.set(partyId, {
      kind,
      country,
      status: 'registered',
      actions: [],
      accredited: false,
      validUntil: null,
      history: [],
    });
  }
}
