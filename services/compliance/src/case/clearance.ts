import type * as screeningDecider from '../screening/screening.decider.js';
import type * as partyDecider from '../party/party.decider.js';
import type { Party } from '../party/party.state.js';

type Deciders = typeof partyDecider & typeof screeningDecider;

/** Every command of a party: each function of the two deciders that decides. */
export type PartyCommandName = {
  [Name in keyof Deciders]: Deciders[Name] extends (
    command: never,
    state: Party,
  ) => { readonly outcome: unknown }
    ? Name
    : never;
}[keyof Deciders];

/**
 * Which commands can lead to a clearance and must therefore ask `conflictsOf`. A command that is not in the
 * table does not compile; the specification tries every one of them with every kind of conflict.
 */
export const clearances = {
  /** Says who is on trial, and by whom; the registrar is in conflict from then on. */
  registerParty: 'never',
  /** Puts something on file that somebody else has to judge; the filer is in conflict from then on. */
  submitEvidence: 'never',
  /** Compares; nobody's judgement enters. */
  recordScreening: 'never',
  screenAgainstList: 'never',
  resolveAlert: 'as_false_positive',
  approveParty: 'always',
  freezeParty: 'never',
  unfreezeParty: 'always',
} as const satisfies Record<PartyCommandName, 'never' | 'always' | 'as_false_positive'>;
