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
import {
  accept,
  assertNever,
  assertPossible,
  reject,
  type Aggregate,
  type Decision,
} from '@specie/event-sourcing';
import { conflictRejections, conflictsOf } from './clearance.js';
import { refuse, type FullDecision } from './full-decision.js';
import type {
  ApproveParty,
  FreezeParty,
  RecordScreening,
  RegisterParty,
  ResolveAlert,
  SubmitEvidence,
  UnfreezeParty,
} from './party.commands.js';
import {
  actionsOf,
  currentEvidence,
  isBefore,
  requiredEvidence,
  type Eligibility,
  type Evidence,
  type KnownParty,
  type Party,
} from './party.state.js';

// I1: a party is cleared (alert dismissed, approved, unfrozen) only by someone who neither is it, nor registered it,
//     nor filed its evidence: every way asks `conflictsOf`, see clearance.ts.
// I2: an approval names the hash of exactly the evidence on file; other evidence needs another approval.
// I3: nobody is approved or unfrozen without a screening against the list in force, free of open alerts and true matches.
// I4: eligibility ends with the first evidence it rests on: refused at that instant, allowed one millisecond before.
// I5: an alert on an approved party, and a true match, freeze it in the same append (fail closed).
// I6: a refusal lists every rule that is violated, in the order of its tuple; the first one is its code.

export type PartyEvent =
  | PartyRegistered
  | EvidenceSubmitted
  | ScreeningRun
  | AlertResolved
  | PartyApproved
  | EligibilityPublished
  | PartyFrozen
  | PartyUnfrozen;

export const registerRejections = ['already_registered_differently'] as const;
export type RegisterRejection = (typeof registerRejections)[number];

export const evidenceRejections = [
  'party_unknown',
  'evidence_filed_differently',
  'evidence_expired',
] as const;
export type EvidenceRejection = (typeof evidenceRejections)[number];

export const screeningRejections = ['party_unknown'] as const;
export type ScreeningRejection = (typeof screeningRejections)[number];

export const alertRejections = [
  'party_unknown',
  'screening_unknown',
  'no_open_alert',
  ...conflictRejections,
] as const;
export type AlertRejection = (typeof alertRejections)[number];

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

export function recordScreening(
  command: RecordScreening,
  state: Party,
): Decision<PartyEvent, ScreeningRejection> {
  const { data, metadata } = command;
  if (state.status === 'unknown') return reject('party_unknown');
  if (state.screening?.screeningId === data.screeningId) return accept();
  const { isComparable: _compared, ...compared } = data;
  const alertReason = alertReasonOf(data);
  const run: PartyEvent = {
    type: 'compliance.screening-run',
    data: {
      ...compared,
      algorithm: 'ofac-emulation',
      outcome: alertReason === null ? 'clear' : 'alert',
      ...(alertReason === null ? {} : { alertReason }),
    },
  };
  return alertReason !== null && state.status === 'approved'
    ? accept(run, frozen(data.partyId, metadata.actor, 'screening_alert'))
    : accept(run);
}

/** Every party is screened against a new list without being asked; once, whoever was quicker. */
export function screenAgainstList(
  command: RecordScreening,
  state: Party,
): Decision<PartyEvent, ScreeningRejection> {
  const isDone =
    state.status !== 'unknown' && state.screening?.listVersion === command.data.listVersion;
  return isDone ? accept() : recordScreening(command, state);
}

/** A name that cannot be compared is never clear: it could be any name. */
function alertReasonOf({
  bestScorePpm,
  thresholdPpm,
  isComparable,
}: RecordScreening['data']): ScreeningRun['data']['alertReason'] | null {
  if (bestScorePpm >= thresholdPpm) return 'name_match';
  return isComparable ? null : 'name_not_comparable';
}

export function resolveAlert(command: ResolveAlert, state: Party): FullDecision<AlertRejection> {
  const { data, metadata } = command;
  if (state.status === 'unknown') return refuse(['party_unknown']);
  const { screening } = state;
  if (screening?.screeningId !== data.screeningId) return refuse(['screening_unknown']);
  if (screening.verdict === data.resolution) return accept();
  if (screening.verdict !== 'alert') return refuse(['no_open_alert']);
  const conflicts = conflictsOf(metadata.actor, state);
  const violations = conflictRejections.filter((code) => conflicts[code]);
  if (data.resolution === 'false_positive' && violations.length > 0) return refuse(violations);
  const resolved: PartyEvent = {
    type: 'compliance.alert-resolved',
    data: { ...data, resolvedBy: metadata.actor },
  };
  return data.resolution === 'true_match' && state.status !== 'frozen'
    ? accept(resolved, frozen(data.partyId, metadata.actor, 'screening_match'))
    : accept(resolved);
}

/** Everything that stands between a party and its approval, in the order of `approvalRejections`. */
export function approvalViolations(
  command: ApproveParty,
  state: Party,
): readonly ApprovalRejection[] {
  const { data, metadata } = command;
  if (state.status === 'unknown') return ['party_unknown'];
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
  return approvalRejections.filter((code) => code !== 'party_unknown' && violated[code]);
}

export function approveParty(command: ApproveParty, state: Party): FullDecision<ApprovalRejection> {
  const { data, metadata } = command;
  const violations = approvalViolations(command, state);
  if (state.status === 'unknown' || violations[0] !== undefined) {
    return refuse(violations);
  }
  const eligibility = eligibilityFrom(state);
  return accept<PartyEvent>(
    {
      type: 'compliance.party-approved',
      data: { partyId: data.partyId, approvedBy: metadata.actor, evidenceHash: data.evidenceHash },
    },
    published(data.partyId, eligibility),
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

export function unfreezeViolations(
  command: UnfreezeParty,
  state: Party,
): readonly UnfreezeRejection[] {
  const { data, metadata } = command;
  if (state.status === 'unknown') return ['party_unknown'];
  if (state.status !== 'frozen') return ['not_frozen'];
  const violated: Record<Exclude<UnfreezeRejection, 'party_unknown' | 'not_frozen'>, boolean> = {
    ...screeningViolations(state, data.listVersion),
    ...conflictsOf(metadata.actor, state),
  };
  return unfreezeRejections.filter(
    (code) => code !== 'party_unknown' && code !== 'not_frozen' && violated[code],
  );
}

export function unfreezeParty(
  command: UnfreezeParty,
  state: Party,
): FullDecision<UnfreezeRejection> {
  const { data, metadata } = command;
  const violations = unfreezeViolations(command, state);
  if (state.status === 'unknown' || violations[0] !== undefined) {
    return refuse(violations);
  }
  const unfrozen: PartyEvent = {
    type: 'compliance.party-unfrozen',
    data: { partyId: data.partyId, unfrozenBy: metadata.actor },
  };
  return state.eligibility
    ? accept(unfrozen, published(data.partyId, state.eligibility))
    : accept<PartyEvent>(unfrozen);
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

function eligibilityFrom(state: KnownParty): Eligibility {
  const evidence = currentEvidence(state.evidence);
  const { kind } = state.registration;
  const accredited = evidence.some((item) => item.kind === 'accreditation');
  const relied = evidence.filter(
    (item) => item.kind === requiredEvidence[kind] || item.kind === 'accreditation',
  );
  const ends = relied.map((item) => item.expiresAt).sort((a, b) => Date.parse(a) - Date.parse(b));
  return { actions: actionsOf(kind, accredited), accredited, validUntil: ends[0] ?? '' };
}

function published(partyId: string, eligibility: Eligibility): PartyEvent {
  const { actions, accredited, validUntil } = eligibility;
  return {
    type: 'compliance.eligibility-published',
    data: { partyId, actions: [...actions], accredited, validUntil },
  };
}

function frozen(partyId: string, frozenBy: string, reason: string): PartyEvent {
  return { type: 'compliance.party-frozen', data: { partyId, frozenBy, reason } };
}
