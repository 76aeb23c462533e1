import { describe, expect, it } from 'vitest';
import {
  ada,
  alert,
  approved,
  clear,
  eligible,
  falsePositive,
  filer,
  fold,
  frozen,
  identity,
  known,
  now,
  officer,
  quiet,
  refuses,
  registered,
  registrar,
  screening,
  screeningId,
  trueMatch,
} from '../../test/party-story.js';
import type { PartyEvent } from '../party/party.state.js';
import {
  alertRejections,
  recordScreening,
  resolveAlert,
  screeningRejections,
  type AlertRejection,
  type ScreeningRejection,
} from './screening.decider.js';

describe('A screening', () => {
  it('is clear below the threshold', () => {
    expect(screen([registered], 120_000)).toEqual({ outcome: 'accepted', events: [clear] });
  });
  it('raises an alert at the threshold', () => {
    expect(screen([registered], 800_000)).toEqual({
      outcome: 'accepted',
      events: [screening('alert', 800_000)],
    });
  });
  it('raises an alert on a name that cannot be compared, and freezes an approved party', () => {
    const run = screening('alert', 0, 'c2');
    expect(screen([...known, approved, eligible], 0, 'c2', false)).toEqual({
      outcome: 'accepted',
      events: [
        { ...run, data: { ...run.data, alertReason: 'name_not_comparable' } },
        frozen('screening_alert'),
      ],
    });
  });
  it('freezes an approved party in the same append (I5)', () => {
    expect(screen([...known, approved, eligible], 910_000, 'c2')).toEqual({
      outcome: 'accepted',
      events: [screening('alert', 910_000, 'c2'), frozen('screening_alert')],
    });
  });
  it('stays quiet when repeated', () => {
    expect(screen([registered, clear], 120_000)).toEqual(quiet);
  });
  const cases: Record<ScreeningRejection, () => unknown> = { party_unknown: () => screen([], 0) };
  refuses(screeningRejections, cases);
});

describe('An alert', () => {
  it('is resolved as a false positive', () => {
    expect(resolve([registered, alert], 'false_positive')).toEqual({
      outcome: 'accepted',
      events: [falsePositive],
    });
  });
  it('that proves true freezes the party (I5)', () => {
    expect(resolve([registered, alert], 'true_match')).toEqual({
      outcome: 'accepted',
      events: [trueMatch, frozen('screening_match')],
    });
  });
  it('stays quiet when the same resolution is repeated', () => {
    expect(resolve([registered, alert, falsePositive], 'false_positive')).toEqual(quiet);
  });
  const cases: Record<AlertRejection, () => unknown> = {
    party_unknown: () => resolve([], 'false_positive'),
    screening_unknown: () => resolve([registered], 'false_positive'),
    no_open_alert: () => resolve([registered, clear], 'false_positive'),
    self_approval: () => resolve([registered, alert], 'false_positive', registrar),
    four_eyes_required: () => resolve([registered, identity, alert], 'false_positive', filer),
  };
  refuses(alertRejections, cases);
});

function screen(
  given: readonly PartyEvent[],
  bestScorePpm: number,
  id = 'c1',
  isComparable = true,
): unknown {
  const { data } = screening('clear', bestScorePpm, id);
  const { listVersion: version, candidateCount, thresholdPpm } = data;
  return recordScreening(
    {
      data: {
        partyId: ada,
        screeningId: data.screeningId,
        listVersion: version,
        candidateCount,
        thresholdPpm,
        bestScorePpm,
        isComparable,
      },
      metadata: { now, actor: officer },
    },
    fold(given),
  );
}

function resolve(
  given: readonly PartyEvent[],
  verdict: 'false_positive' | 'true_match',
  actor = officer,
): unknown {
  return resolveAlert(
    { data: { partyId: ada, screeningId, resolution: verdict }, metadata: { now, actor } },
    fold(given),
  );
}
