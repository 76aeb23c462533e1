import type { EligibilityPublished, PartyRegistered } from '@specie/contracts';
import type { EvidenceKind, PartyKind } from './party.commands.js';

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

/** The evidence without which a party of this kind is not known well enough. */
export const requiredEvidence: Readonly<Record<PartyKind, EvidenceKind>> = {
  person: 'identity',
  company: 'incorporation',
  fund: 'incorporation',
  provider: 'incorporation',
};

const providerActions: readonly EligibleAction[] = [
  'issue',
  'grant',
  'deal',
  'trade',
  'transfer',
  'redeem',
];
// A startup rarely passes the asset test of Rule 501(a); it is granted tokens and may sell or use them.
const companyActions: readonly EligibleAction[] = ['grant', 'deal', 'trade', 'transfer', 'redeem'];
const accreditedInvestorActions: readonly EligibleAction[] = [
  'deal',
  'trade',
  'transfer',
  'redeem',
];
// Redeeming what one holds needs a known and unsanctioned party, not an accredited one.
const otherInvestorActions: readonly EligibleAction[] = ['redeem'];

/** What a party of this kind may do once approved. */
export function actionsOf(kind: PartyKind, accredited: boolean): readonly EligibleAction[] {
  switch (kind) {
    case 'provider':
      return providerActions;
    case 'company':
      return companyActions;
    case 'person':
    case 'fund':
      return accredited ? accreditedInvestorActions : otherInvestorActions;
  }
}

/** True before the instant it ends; at that very instant it is over. */
export function isBefore(now: string, end: string): boolean {
  return Date.parse(now) < Date.parse(end);
}

/** Whether the party may do `action` at `at`. Fails closed: unknown, unapproved, frozen and expired mean no. */
export function isEligible(party: Party, action: EligibleAction, at: string): boolean {
  return (
    party.status === 'approved' &&
    party.eligibility !== null &&
    party.eligibility.actions.includes(action) &&
    isBefore(at, party.eligibility.validUntil)
  );
}
