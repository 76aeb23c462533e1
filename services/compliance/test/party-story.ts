import { codeOf, type Decision } from '@specie/event-sourcing';
import { expect, it } from 'vitest';
import { partyAggregate, type Party, type PartyEvent } from '../src/party/party.state.js';

export const ada = '0192d1a0-0000-7000-8000-0000000000aa';
export const registrar = '0192d1a0-0000-7000-8000-000000000001';
export const officer = '0192d1a0-0000-7000-8000-000000000002';
export const filer = '0192d1a0-0000-7000-8000-000000000003';
export const secondFiler = '0192d1a0-0000-7000-8000-000000000004';
export const quiet = { outcome: 'accepted', events: [] };
export const evidenceId = '0192d1a0-0000-7000-8000-0000000000e1';
export const accreditationId = '0192d1a0-0000-7000-8000-0000000000e2';
export const screeningId = '0192d1a0-0000-7000-8000-0000000000c1';
export const listVersion = 'a'.repeat(64);
export const newerList = 'b'.repeat(64);
export const hash = 'c'.repeat(64);
export const now = '2026-03-01T12:00:00.000Z';
export const identityEnds = '2027-03-01T00:00:00.000Z';
export const accreditationEnds = '2026-06-01T00:00:00.000Z';

export const registered: Extract<PartyEvent, { type: 'compliance.party-registered' }> = {
  type: 'compliance.party-registered',
  data: {
    partyId: ada,
    kind: 'person',
    country: 'US',
    nameHash: hash,
    particularsHash: hash,
    registeredBy: registrar,
  },
};
export const identity: PartyEvent = {
  type: 'compliance.evidence-submitted',
  data: {
    partyId: ada,
    evidenceId,
    kind: 'identity',
    documentHash: hash,
    expiresAt: identityEnds,
    submittedBy: filer,
  },
};
export const accreditation: PartyEvent = {
  type: 'compliance.evidence-submitted',
  data: {
    partyId: ada,
    evidenceId: accreditationId,
    kind: 'accreditation',
    documentHash: hash,
    expiresAt: accreditationEnds,
    submittedBy: secondFiler,
  },
};
export const clear = screening('clear', 120_000);
export const alert = screening('alert', 910_000);
export const falsePositive = resolution('false_positive');
export const trueMatch = resolution('true_match');
export const approved: PartyEvent = {
  type: 'compliance.party-approved',
  data: { partyId: ada, approvedBy: officer, evidenceHash: hash },
};
export const eligible: PartyEvent = {
  type: 'compliance.eligibility-published',
  data: {
    partyId: ada,
    actions: ['deal', 'trade', 'transfer', 'redeem'],
    accredited: true,
    validUntil: accreditationEnds,
  },
};
export const frozen = (reason: string, by = officer): PartyEvent => ({
  type: 'compliance.party-frozen',
  data: { partyId: ada, frozenBy: by, reason },
});
export const known = [registered, identity, accreditation, clear];

export function fold(events: readonly PartyEvent[]): Party {
  return events.reduce(partyAggregate.evolve, partyAggregate.initialState());
}

export function screening(
  outcome: 'clear' | 'alert',
  bestScorePpm: number,
  id = 'c1',
): Extract<PartyEvent, { type: 'compliance.screening-run' }> {
  return {
    type: 'compliance.screening-run',
    data: {
      partyId: ada,
      screeningId: `0192d1a0-0000-7000-8000-0000000000${id}`,
      listVersion,
      algorithm: 'ofac-emulation',
      thresholdPpm: 800_000,
      bestScorePpm,
      outcome,
      candidateCount: 1,
      ...(outcome === 'alert' ? { alertReason: 'name_match' as const } : {}),
    },
  };
}

export function resolution(verdict: 'false_positive' | 'true_match'): PartyEvent {
  return {
    type: 'compliance.alert-resolved',
    data: { partyId: ada, screeningId, resolution: verdict, resolvedBy: officer },
  };
}

export function refuses<R extends string>(
  order: readonly R[],
  cases: Readonly<Record<R, () => unknown>>,
): void {
  it.each(order.map((code) => [code, cases[code]] as const))('refuses with %s', (code, decide) => {
    const decision = decide() as Decision<PartyEvent, R>;
    expect(decision.outcome === 'rejected' && codeOf(decision)).toBe(code);
  });
}
