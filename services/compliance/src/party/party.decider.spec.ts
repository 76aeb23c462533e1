import { describe, expect, it } from 'vitest';
import {
  accreditation,
  accreditationEnds,
  ada,
  alert,
  approved,
  clear,
  eligible,
  evidenceId,
  falsePositive,
  filer,
  fold,
  frozen,
  hash,
  identity,
  identityEnds,
  known,
  listVersion,
  newerList,
  now,
  officer,
  quiet,
  refuses,
  registered,
  registrar,
  secondFiler,
  trueMatch,
} from '../../test/party-story.js';
import { isEligible } from './eligibility.js';
import type { ApproveParty, RegisterParty } from './party.commands.js';
import {
  approvalRejections,
  approveParty,
  evidenceRejections,
  freezeParty,
  freezeRejections,
  registerParty,
  registerRejections,
  submitEvidence,
  unfreezeParty,
  unfreezeRejections,
  type ApprovalRejection,
  type EvidenceRejection,
  type FreezeRejection,
  type RegisterRejection,
  type UnfreezeRejection,
} from './party.decider.js';
import { evidenceManifest, type PartyEvent } from './party.state.js';

describe('Party', () => {
  describe('registration', () => {
    it('records who registered it and no name', () => {
      expect(register([])).toEqual({ outcome: 'accepted', events: [registered] });
    });
    it('stays quiet when repeated', () => {
      expect(register([registered])).toEqual(quiet);
    });
    const cases: Record<RegisterRejection, () => unknown> = {
      already_registered_differently: () => register([registered], { country: 'DE' }),
    };
    it.each([
      { kind: 'fund' } as const,
      { nameHash: 'd'.repeat(64) },
      { particularsHash: 'd'.repeat(64) },
      { particularsHash: 'd'.repeat(64), particularsHashOnFile: 'd'.repeat(64) },
    ])('refuses with already_registered_differently: %o', (changed) => {
      expect(register([registered], changed)).toMatchObject({
        violations: [{ code: 'already_registered_differently' }],
      });
    });
    it('compares with what is on file where the event is older than the hash', () => {
      const { particularsHash: _absent, ...data } = registered.data;
      const older: PartyEvent = { type: registered.type, data };
      expect(register([older], { particularsHashOnFile: hash })).toMatchObject({ events: [] });
      expect(register([older])).toMatchObject({
        violations: [{ code: 'already_registered_differently' }],
      });
    });
    refuses(registerRejections, cases);
  });

  describe('evidence', () => {
    const submit = (given: readonly PartyEvent[], data = {}): unknown =>
      submitEvidence(
        {
          data: {
            partyId: ada,
            evidenceId,
            kind: 'identity',
            documentHash: hash,
            expiresAt: identityEnds,
            ...data,
          },
          metadata: { now, actor: filer },
        },
        fold(given),
      );
    it('is recorded with who filed it', () => {
      expect(submit([registered])).toEqual({ outcome: 'accepted', events: [identity] });
    });
    it('stays quiet when repeated', () => {
      expect(submit([registered, identity])).toEqual(quiet);
    });
    it('counts one millisecond before it expires', () => {
      expect(submit([registered], { expiresAt: '2026-03-01T12:00:00.001Z' })).toMatchObject({
        outcome: 'accepted',
      });
    });
    const cases: Record<EvidenceRejection, () => unknown> = {
      party_unknown: () => submit([]),
      evidence_filed_differently: () =>
        submit([registered, identity], { documentHash: 'd'.repeat(64) }),
      evidence_expired: () => submit([registered], { expiresAt: now }),
    };
    refuses(evidenceRejections, cases);
  });

  describe('approval', () => {
    it('publishes what the party may do until its first evidence ends (I4)', () => {
      expect(approve(known)).toEqual({ outcome: 'accepted', events: [approved, eligible] });
    });
    it('lets a party without accreditation only redeem', () => {
      const decision = approve([registered, identity, clear]);
      expect(decision.outcome === 'accepted' && decision.events[1]?.data).toEqual({
        partyId: ada,
        actions: ['redeem'],
        accredited: false,
        validUntil: identityEnds,
      });
    });
    it('accepts an alert that was a false positive', () => {
      expect(approve([registered, identity, alert, falsePositive]).outcome).toBe('accepted');
    });
    it('lists every rule that is violated, in order (I6)', () => {
      expect(approve([registered], { evidenceHash: 'd'.repeat(64) }, registrar)).toEqual({
        outcome: 'rejected',
        violations: [
          { code: 'kyc_missing' },
          { code: 'evidence_changed' },
          { code: 'screening_missing' },
          { code: 'self_approval' },
        ],
      });
    });
    const cases: Record<ApprovalRejection, () => unknown> = {
      party_unknown: () => approve([]),
      subject_frozen: () => approve([...known, frozen('court_order')]),
      kyc_missing: () => approve([registered, accreditation, clear]),
      kyc_expired: () => approve([registered, identity, clear], {}, officer, identityEnds),
      accreditation_expired: () => approve(known, {}, officer, accreditationEnds),
      evidence_changed: () => approve(known, { evidenceHash: 'd'.repeat(64) }),
      sanctions_list_missing: () => approve(known, { listVersion: null }),
      screening_missing: () => approve([registered, identity]),
      screening_stale: () => approve(known, { listVersion: newerList }),
      screening_pending: () => approve([registered, identity, alert]),
      sanctions_hit: () => approve([registered, identity, alert, trueMatch]),
      self_approval: () => approve(known, {}, registrar),
      four_eyes_required: () => approve(known, {}, filer),
    };
    refuses(approvalRejections, cases);
    it.each([filer, secondFiler])('is not for who filed one of two documents (I1): %s', (by) => {
      expect(approve(known, {}, by)).toMatchObject({
        violations: [{ code: 'four_eyes_required' }],
      });
    });
  });

  describe('freeze', () => {
    const freeze = (given: readonly PartyEvent[]): unknown =>
      freezeParty(
        { data: { partyId: ada, reason: 'court_order' }, metadata: { now, actor: officer } },
        fold(given),
      );
    it('suspends everything', () => {
      expect(freeze(known)).toEqual({ outcome: 'accepted', events: [frozen('court_order')] });
      expect(
        isEligible(fold([...known, approved, eligible, frozen('court_order')]), 'trade', now),
      ).toBe(false);
    });
    it('stays quiet when repeated', () => {
      expect(freeze([...known, frozen('court_order')])).toEqual(quiet);
    });
    const cases: Record<FreezeRejection, () => unknown> = { party_unknown: () => freeze([]) };
    refuses(freezeRejections, cases);
  });

  describe('the end of a freeze', () => {
    const unfreeze = (
      given: readonly PartyEvent[],
      version: string | null = listVersion,
      actor = officer,
    ): unknown =>
      unfreezeParty(
        { data: { partyId: ada, listVersion: version }, metadata: { now, actor } },
        fold(given),
      );
    const frozenParty = [...known, approved, eligible, frozen('court_order')];
    const unfrozen: PartyEvent = {
      type: 'compliance.party-unfrozen',
      data: { partyId: ada, unfrozenBy: officer },
    };
    it('publishes eligibility again', () => {
      expect(unfreeze(frozenParty)).toEqual({ outcome: 'accepted', events: [unfrozen, eligible] });
    });
    it('publishes nothing for a party that was never approved', () => {
      expect(unfreeze([...known, frozen('court_order')])).toEqual({
        outcome: 'accepted',
        events: [unfrozen],
      });
    });
    const cases: Record<UnfreezeRejection, () => unknown> = {
      party_unknown: () => unfreeze([]),
      not_frozen: () => unfreeze(known),
      sanctions_list_missing: () => unfreeze(frozenParty, null),
      screening_missing: () => unfreeze([registered, frozen('court_order')]),
      screening_stale: () => unfreeze(frozenParty, newerList),
      screening_pending: () => unfreeze([registered, alert, frozen('court_order')]),
      sanctions_hit: () => unfreeze([registered, alert, trueMatch, frozen('screening_match')]),
      self_approval: () => unfreeze(frozenParty, listVersion, registrar),
      four_eyes_required: () => unfreeze(frozenParty, listVersion, filer),
    };
    refuses(unfreezeRejections, cases);
  });

  describe('eligibility', () => {
    const party = fold([...known, approved, eligible]);
    it('holds one millisecond before its end and is refused at that instant (I4)', () => {
      expect(isEligible(party, 'trade', '2026-05-31T23:59:59.999Z')).toBe(true);
      expect(isEligible(party, 'trade', accreditationEnds)).toBe(false);
    });
    it('fails closed for other actions and unknown parties', () => {
      expect(isEligible(party, 'issue', now)).toBe(false);
      expect(isEligible(fold([]), 'trade', now)).toBe(false);
    });
  });

  it('binds an approval to every field of the current evidence (I2)', () => {
    const state = fold([registered, identity, accreditation]);
    const manifest = state.status === 'unknown' ? '' : evidenceManifest(state.evidence);
    expect(manifest.split('\n')).toHaveLength(2);
    expect(manifest).toContain(`identity ${evidenceId} ${hash} ${identityEnds} ${filer}`);
  });

  it('refuses an impossible history', () => {
    expect(() => fold([identity])).toThrow('impossible history');
    expect(() => fold([registered, registered])).toThrow('impossible history');
    expect(() => fold([registered, falsePositive])).toThrow('impossible history');
  });
});

function register(
  given: readonly PartyEvent[],
  changed: Partial<RegisterParty['data']> = {},
): unknown {
  return registerParty(
    {
      data: {
        partyId: ada,
        kind: 'person',
        country: 'US',
        nameHash: hash,
        particularsHash: hash,
        particularsHashOnFile: null,
        ...changed,
      },
      metadata: { now, actor: registrar },
    },
    fold(given),
  );
}

function approve(
  given: readonly PartyEvent[],
  changed: Partial<ApproveParty['data']> = {},
  actor = officer,
  at = now,
): ReturnType<typeof approveParty> {
  const data = {
    partyId: ada,
    evidenceHash: hash,
    evidenceHashOnFile: hash,
    listVersion,
    ...changed,
  };
  return approveParty({ data, metadata: { now: at, actor } }, fold(given));
}
