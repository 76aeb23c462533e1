import { describe, expect, it } from 'vitest';
import {
  ada,
  alert,
  approved,
  clear,
  eligible,
  filer,
  fold,
  frozen,
  hash,
  identity,
  accreditation,
  known,
  listVersion,
  newerList,
  now,
  officer,
  registered,
  registrar,
  screeningId,
  secondFiler,
} from '../../test/party-story.js';
import { clearances, type PartyCommandName } from './clearance.js';
import * as screeningDecider from '../screening/screening.decider.js';
import * as decider from '../party/party.decider.js';
import type { PartyEvent } from '../party/party.state.js';

interface Scenario {
  /** In which everything but a conflict speaks for the command. */
  readonly given: readonly PartyEvent[];
  readonly decide: (actor: string, given: readonly PartyEvent[]) => Outcome;
}
interface Outcome {
  readonly outcome: string;
  readonly violations?: readonly { readonly code: string }[];
  readonly events?: readonly PartyEvent[];
}

const open = [registered, identity, accreditation, alert];
const resolve =
  (resolution: 'false_positive' | 'true_match'): Scenario['decide'] =>
  (actor, given) =>
    screeningDecider.resolveAlert(
      { data: { partyId: ada, screeningId, resolution }, metadata: { now, actor } },
      fold(given),
    );

const scenarios: Readonly<Record<PartyCommandName, Scenario>> = {
  registerParty: {
    given: [],
    decide: (actor, given) => {
      const { registeredBy: _by, ...data } = registered.data;
      return decider.registerParty(
        {
          data: { ...data, particularsHash: hash, particularsHashOnFile: null },
          metadata: { now, actor },
        },
        fold(given),
      );
    },
  },
  submitEvidence: {
    given: [registered],
    decide: (actor, given) => {
      const evidence = {
        evidenceId: screeningId,
        documentHash: hash,
        expiresAt: '2027-03-01T00:00:00.000Z',
      };
      return decider.submitEvidence(
        { data: { partyId: ada, kind: 'identity', ...evidence }, metadata: { now, actor } },
        fold(given),
      );
    },
  },
  recordScreening: {
    given: [...known, approved, eligible, frozen('court_order')],
    decide: (actor, given) => {
      const scores = { thresholdPpm: 800_000, bestScorePpm: 0, candidateCount: 0 };
      const screening = { screeningId: filer, listVersion, isComparable: true, ...scores };
      return screeningDecider.recordScreening(
        { data: { partyId: ada, ...screening }, metadata: { now, actor } },
        fold(given),
      );
    },
  },
  screenAgainstList: {
    given: [...known, approved, eligible, frozen('court_order')],
    decide: (actor, given) =>
      screeningDecider.screenAgainstList(
        {
          data: {
            partyId: ada,
            screeningId: filer,
            listVersion: newerList,
            thresholdPpm: 800_000,
            bestScorePpm: 0,
            candidateCount: 0,
            isComparable: true,
          },
          metadata: { now, actor },
        },
        fold(given),
      ),
  },
  resolveAlert: { given: open, decide: resolve('false_positive') },
  approveParty: {
    given: known,
    decide: (actor, given) =>
      decider.approveParty(
        {
          data: { partyId: ada, evidenceHash: hash, evidenceHashOnFile: hash, listVersion },
          metadata: { now, actor },
        },
        fold(given),
      ),
  },
  freezeParty: {
    given: [...known, approved, eligible],
    decide: (actor, given) =>
      decider.freezeParty(
        { data: { partyId: ada, reason: 'court_order' }, metadata: { now, actor } },
        fold(given),
      ),
  },
  unfreezeParty: {
    given: [...known, approved, eligible, frozen('court_order')],
    decide: (actor, given) =>
      decider.unfreezeParty(
        { data: { partyId: ada, listVersion }, metadata: { now, actor } },
        fold(given),
      ),
  },
};

const conflicts = [
  ['the party itself', ada, 'self_approval'],
  ['its registrar', registrar, 'self_approval'],
  ['the filer of its first evidence', filer, 'four_eyes_required'],
  ['the filer of its second evidence', secondFiler, 'four_eyes_required'],
] as const;
const names = Object.keys(clearances) as PartyCommandName[];
const clearing = names.filter((name) => clearances[name] !== 'never');

describe('A way to a clearance', () => {
  it.each(clearing.flatMap((name) => conflicts.map((conflict) => [name, ...conflict] as const)))(
    '%s is closed to %s',
    (name, _who, actor, code) => {
      const { given, decide } = scenarios[name];
      expect(decide(actor, given)).toMatchObject({
        outcome: 'rejected',
        violations: [{ code }],
      });
    },
  );

  it.each(clearing)('%s is open to somebody who took no part', (name) => {
    const { given, decide } = scenarios[name];
    const decision = decide(officer, given);
    expect(decision.outcome).toBe('accepted');
    expect(clears(decision)).toBe(true);
  });

  it('is closed to both codes at once where one person is both', () => {
    const own = { ...identity, data: { ...identity.data, submittedBy: ada } } as PartyEvent;
    expect(scenarios.approveParty.decide(ada, [registered, own, clear])).toMatchObject({
      violations: [{ code: 'self_approval' }, { code: 'four_eyes_required' }],
    });
  });
});

describe('Any other command', () => {
  it.each(names.filter((name) => clearances[name] === 'never'))('%s clears nobody', (name) => {
    const { given, decide } = scenarios[name];
    for (const actor of [officer, ...conflicts.map(([, who]) => who)]) {
      const decision = decide(actor, given);
      expect(decision.outcome).toBe('accepted');
      expect(clears(decision)).toBe(false);
    }
  });

  it('is a true match too: it closes a case, whoever says so', () => {
    for (const [, actor] of conflicts) {
      expect(clears(resolve('true_match')(actor, open))).toBe(false);
    }
  });
});

function clears({ events = [] }: Outcome): boolean {
  return events.some(
    (event) =>
      event.type === 'compliance.party-approved' ||
      event.type === 'compliance.party-unfrozen' ||
      event.type === 'compliance.eligibility-published' ||
      (event.type === 'compliance.alert-resolved' && event.data.resolution === 'false_positive'),
  );
}
