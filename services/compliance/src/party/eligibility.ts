import type { EvidenceKind, PartyKind } from './party.commands.js';
import {
  currentEvidence,
  type Eligibility,
  type EligibleAction,
  type KnownParty,
  type Party,
} from './party.state.js';

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
function actionsOf(kind: PartyKind, accredited: boolean): readonly EligibleAction[] {
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

/** What an approval of the party publishes. */
export function eligibilityFrom(state: KnownParty): Eligibility {
  const evidence = currentEvidence(state.evidence);
  const { kind } = state.registration;
  const accredited = evidence.some((item) => item.kind === 'accreditation');
  const relied = evidence.filter(
    (item) => item.kind === requiredEvidence[kind] || item.kind === 'accreditation',
  );
  const ends = relied.map((item) => item.expiresAt).sort((a, b) => Date.parse(a) - Date.parse(b));
  return { actions: actionsOf(kind, accredited), accredited, validUntil: ends[0] ?? '' };
}
