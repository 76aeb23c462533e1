import type {
  AlertResolved,
  EligibilityPublished,
  EvidenceSubmitted,
  PartyApproved,
  PartyFrozen,
  PartyRegistered,
  PartyUnfrozen,
  ScreeningRun,
} from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  assertNever,
  assertPossible,
  type Aggregate,
  type StreamRef,
} from '@specie/event-sourcing';
import type { EvidenceKind } from './party.commands.js';

export type PartyEvent =
  | PartyRegistered
  | EvidenceSubmitted
  | ScreeningRun
  | AlertResolved
  | PartyApproved
  | EligibilityPublished
  | PartyFrozen
  | PartyUnfrozen;

export interface Evidence {
  readonly evidenceId: string;
  readonly kind: EvidenceKind;
  readonly documentHash: string;
  readonly expiresAt: string;
  readonly submittedBy: string;
}

/** The latest comparison with a sanctions list and what became of it. */
export interface Screening {
  readonly screeningId: string;
  readonly listVersion: string;
  readonly verdict: 'clear' | 'alert' | 'false_positive' | 'true_match';
}

export type EligibleAction = EligibilityPublished['data']['actions'][number];

export interface Eligibility {
  readonly actions: readonly EligibleAction[];
  readonly accredited: boolean;
  readonly validUntil: string;
}

export interface KnownParty {
  readonly status: 'registered' | 'approved' | 'frozen';
  readonly registration: PartyRegistered['data'];
  /** All evidence ever filed, in order. */
  readonly evidence: readonly Evidence[];
  readonly screening: Screening | null;
  /** What was last published; null before the first approval. */
  readonly eligibility: Eligibility | null;
}

export type Party = { readonly status: 'unknown' } | KnownParty;

/** The evidence that counts: of each kind the one filed last. */
export function currentEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  const latest = new Map(evidence.map((item) => [item.kind, item]));
  return [...latest.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

/** The text whose hash an approval binds: any change of the evidence changes it. */
export function evidenceManifest(evidence: readonly Evidence[]): string {
  return currentEvidence(evidence)
    .map((item) =>
      [item.kind, item.evidenceId, item.documentHash, item.expiresAt, item.submittedBy].join(' '),
    )
    .join('\n');
}

export const partyAggregate: Aggregate<Party, PartyEvent> = {
  initialState: () => ({ status: 'unknown' }),
  evolve: (state, event) => {
    if (event.type === 'compliance.party-registered') {
      assertPossible(state.status === 'unknown', 'a party is registered twice');
      return {
        status: 'registered',
        registration: event.data,
        evidence: [],
        screening: null,
        eligibility: null,
      };
    }
    assertPossible(state.status !== 'unknown', `${event.type} of an unknown party`);
    return evolveKnown(state, event);
  },
};

export function partyStream(partyId: string): StreamRef<Party, PartyEvent> {
  return { streamId: streamIds.party(partyId), aggregate: partyAggregate };
}

function evolveKnown(state: KnownParty, event: Exclude<PartyEvent, PartyRegistered>): KnownParty {
  switch (event.type) {
    case 'compliance.evidence-submitted': {
      const { evidenceId, kind, documentHash, expiresAt, submittedBy } = event.data;
      return {
        ...state,
        evidence: [...state.evidence, { evidenceId, kind, documentHash, expiresAt, submittedBy }],
      };
    }
    case 'compliance.screening-run': {
      const { screeningId, listVersion, outcome } = event.data;
      return { ...state, screening: { screeningId, listVersion, verdict: outcome } };
    }
    case 'compliance.alert-resolved':
      assertPossible(state.screening?.verdict === 'alert', 'an alert is resolved that is not open');
      return { ...state, screening: { ...state.screening, verdict: event.data.resolution } };
    case 'compliance.party-approved':
      assertPossible(state.status !== 'frozen', 'a frozen party is approved');
      return { ...state, status: 'approved' };
    case 'compliance.eligibility-published': {
      const { actions, accredited, validUntil } = event.data;
      return { ...state, eligibility: { actions, accredited, validUntil } };
    }
    case 'compliance.party-frozen':
      assertPossible(state.status !== 'frozen', 'a party is frozen twice');
      return { ...state, status: 'frozen' };
    case 'compliance.party-unfrozen':
      assertPossible(state.status === 'frozen', 'a party is unfrozen that was not frozen');
      return { ...state, status: state.eligibility ? 'approved' : 'registered' };
    default:
      return assertNever(event);
  }
}
