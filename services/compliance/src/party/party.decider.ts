import { accept, reject, rejectAll, type Decision, type Violation } from '@specie/event-sourcing';
import { conflictRejections, conflictsOf } from './conflicts.js';
import { eligibilityFrom, isBefore, requiredEvidence } from './eligibility.js';
import type {
  ApproveParty,
  FreezeParty,
  RegisterParty,
  SubmitEvidence,
  UnfreezeParty,
} from './party.commands.js';
import {
  currentEvidence,
  type Eligibility,
  type Evidence,
  type KnownParty,
  type Party,
  type PartyEvent,
} from './party.state.js';

// I1: a party is cleared (alert dismissed, approved, unfrozen) only by someone who neither is it, nor registered it,
//     nor filed its evidence: every way asks `conflictsOf`; clearance.ts lists the ways.
// I2: an approval names the hash of exactly the evidence on file; other evidence needs another approval.
// I3: nobody is approved or unfrozen without a screening against the list in force, free of open alerts and true matches.
// I4: eligibility ends with the first evidence it rests on: refused at that instant, allowed one millisecond before.
// I5: an alert on an approved party, and a true match, freeze it in the same append (fail closed).
// I6: a refusal lists every rule that is violated, in the order of its tuple; the first one is its code.

export const registerRejections = ['already_registered_differently'] as const;
export type RegisterRejection = (typeof registerRejections)[number];

export const evidenceRejections = [
  'party_unknown',
  'evidence_filed_differently',
  'evidence_expired',
] as const;
export type EvidenceRejection = (typeof evidenceRejections)[number];

export const approvalRejections = [
  'party_unknown',
  'subject_frozen',
  'kyc_missing',
  'kyc_expired',
  'accreditation_expired',
  'evidence_changed',
  'sanctions_list_missing',
  'screening_missing',
  'screening_stale',
  'screening_pending',
  'sanctions_hit',
  ...conflictRejections,
] as const;
export type ApprovalRejection = (typeof approvalRejections)[number];

export const freezeRejections = ['party_unknown'] as const;
export type FreezeRejection = (typeof freezeRejections)[number];

export const unfreezeRejections = [
  'party_unknown',
  'not_frozen',
  'sanctions_list_missing',
  'screening_missing',
  'screening_stale',
  'screening_pending',
  'sanctions_hit',
  ...conflictRejections,
] as const;
export type UnfreezeRejection = (typeof unfreezeRejections)[number];

export function registerParty(
  command: RegisterParty,
  state: Party,
): Decision<PartyEvent, RegisterRejection> {
  const { data, metadata } = command;
  const { particularsHashOnFile, ...registration } = data;
  if (state.status !== 'unknown') {
    const { kind, country, nameHash, particularsHash = particularsHashOnFile } = state.registration;
    const same =
      kind === data.kind &&
      country === data.country &&
      nameHash === data.nameHash &&
      particularsHash === data.particularsHash;
    return same ? accept() : reject('already_registered_differently');
  }
  return accept({
    type: 'compliance.party-registered',
    data: { ...registration, registeredBy: metadata.actor },
  });
}

export function submitEvidence(
  command: SubmitEvidence,
  state: Party,
): Decision<PartyEvent, EvidenceRejection> {
  const { data, metadata } = command;
  if (state.status === 'unknown') return reject('party_unknown');
  const filed = state.evidence.find((item) => item.evidenceId === data.evidenceId);
  if (filed) {
    const same =
      filed.kind === data.kind &&
      filed.documentHash === data.documentHash &&
      filed.expiresAt === data.expiresAt;
    return same ? accept() : reject('evidence_filed_differently');
  }
  if (!isBefore(metadata.now, data.expiresAt)) return reject('evidence_expired');
  return accept({
    type: 'compliance.evidence-submitted',
    data: { ...data, submittedBy: metadata.actor },
  });
}

export function approveParty(
  command: ApproveParty,
  state: Party,
): Decision<PartyEvent, ApprovalRejection> {
  const { data, metadata } = command;
  if (state.status === 'unknown') return reject('party_unknown');
  const violations = approvalViolations(command, state);
  if (violations.length > 0) return rejectAll(violations);
  return accept<PartyEvent>(
    {
      type: 'compliance.party-approved',
      data: { partyId: data.partyId, approvedBy: metadata.actor, evidenceHash: data.evidenceHash },
    },
    published(data.partyId, eligibilityFrom(state)),
  );
}

export function freezeParty(
  command: FreezeParty,
  state: Party,
): Decision<PartyEvent, FreezeRejection> {
  const { data, metadata } = command;
  if (state.status === 'unknown') return reject('party_unknown');
  if (state.status === 'frozen') return accept();
  return accept(frozen(data.partyId, metadata.actor, data.reason));
}

export function unfreezeParty(
  command: UnfreezeParty,
  state: Party,
): Decision<PartyEvent, UnfreezeRejection> {
  const { data, metadata } = command;
  if (state.status === 'unknown') return reject('party_unknown');
  if (state.status !== 'frozen') return reject('not_frozen');
  const violations = unfreezeViolations(command, state);
  if (violations.length > 0) return rejectAll(violations);
  const unfrozen: PartyEvent = {
    type: 'compliance.party-unfrozen',
    data: { partyId: data.partyId, unfrozenBy: metadata.actor },
  };
  return state.eligibility
    ? accept(unfrozen, published(data.partyId, state.eligibility))
    : accept<PartyEvent>(unfrozen);
}

export function frozen(partyId: string, frozenBy: string, reason: string): PartyEvent {
  return { type: 'compliance.party-frozen', data: { partyId, frozenBy, reason } };
}

/** Everything that stands between a party and its approval, in the order of `approvalRejections`. */
function approvalViolations(
  { data, metadata }: ApproveParty,
  state: KnownParty,
): readonly Violation<ApprovalRejection>[] {
  const evidence = currentEvidence(state.evidence);
  const identity = evidence.find((item) => item.kind === requiredEvidence[state.registration.kind]);
  const accreditation = evidence.find((item) => item.kind === 'accreditation');
  const isOver = (item: Evidence | undefined): boolean =>
    item !== undefined && !isBefore(metadata.now, item.expiresAt);
  const violated: Record<Exclude<ApprovalRejection, 'party_unknown'>, boolean> = {
    subject_frozen: state.status === 'frozen',
    kyc_missing: identity === undefined,
    kyc_expired: isOver(identity),
    accreditation_expired: isOver(accreditation),
    evidence_changed: data.evidenceHash !== data.evidenceHashOnFile,
    ...screeningViolations(state, data.listVersion),
    ...conflictsOf(metadata.actor, state),
  };
  return approvalRejections
    .filter((code) => code !== 'party_unknown' && violated[code])
    .map((code) => ({ code }));
}

function unfreezeViolations(
  { data, metadata }: UnfreezeParty,
  state: KnownParty,
): readonly Violation<UnfreezeRejection>[] {
  const violated: Record<Exclude<UnfreezeRejection, 'party_unknown' | 'not_frozen'>, boolean> = {
    ...screeningViolations(state, data.listVersion),
    ...conflictsOf(metadata.actor, state),
  };
  return unfreezeRejections
    .filter((code) => code !== 'party_unknown' && code !== 'not_frozen' && violated[code])
    .map((code) => ({ code }));
}

function screeningViolations(
  state: KnownParty,
  listVersion: string | null,
): Record<
  | 'sanctions_list_missing'
  | 'screening_missing'
  | 'screening_stale'
  | 'screening_pending'
  | 'sanctions_hit',
  boolean
> {
  const { screening } = state;
  return {
    sanctions_list_missing: listVersion === null,
    screening_missing: screening === null,
    screening_stale: screening !== null && screening.listVersion !== listVersion,
    screening_pending: screening?.verdict === 'alert',
    sanctions_hit: screening?.verdict === 'true_match',
  };
}

function published(partyId: string, eligibility: Eligibility): PartyEvent {
  const { actions, accredited, validUntil } = eligibility;
  return {
    type: 'compliance.eligibility-published',
    data: { partyId, actions: [...actions], accredited, validUntil },
  };
}
