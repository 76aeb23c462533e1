import type { ScreeningRun } from '@specie/contracts';
import { accept, reject, rejectAll, type Decision } from '@specie/event-sourcing';
import { conflictRejections, conflictsOf } from '../party/conflicts.js';
import { frozen } from '../party/party.decider.js';
import type { Party, PartyEvent } from '../party/party.state.js';
import type { RecordScreening, ResolveAlert } from './screening.commands.js';

// Screenings and their alerts stand on the stream of the party; for I1, I5 and I6 see party.decider.ts.

export const screeningRejections = ['party_unknown'] as const;
export type ScreeningRejection = (typeof screeningRejections)[number];

export const alertRejections = [
  'party_unknown',
  'screening_unknown',
  'no_open_alert',
  ...conflictRejections,
] as const;
export type AlertRejection = (typeof alertRejections)[number];

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

export function resolveAlert(
  { data, metadata }: ResolveAlert,
  state: Party,
): Decision<PartyEvent, AlertRejection> {
  if (state.status === 'unknown') return reject('party_unknown');
  const { screening } = state;
  if (screening?.screeningId !== data.screeningId) return reject('screening_unknown');
  if (screening.verdict === data.resolution) return accept();
  if (screening.verdict !== 'alert') return reject('no_open_alert');
  const conflicts = conflictsOf(metadata.actor, state);
  const violations = conflictRejections.filter((code) => conflicts[code]);
  if (data.resolution === 'false_positive' && violations.length > 0)
    return rejectAll(violations.map((code) => ({ code })));
  const resolved: PartyEvent = {
    type: 'compliance.alert-resolved',
    data: { ...data, resolvedBy: metadata.actor },
  };
  return data.resolution === 'true_match' && state.status !== 'frozen'
    ? accept(resolved, frozen(data.partyId, metadata.actor, 'screening_match'))
    : accept(resolved);
}
