import {
  boolean,
  defineTable,
  int32,
  int64,
  text,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';
import type { ScreeningCandidate } from '../matcher/screening-index.js';
import type { Screening } from '../party/party.state.js';

export const screeningTable = defineTable({
  name: 'screenings',
  columns: {
    screeningId: uuid(),
    partyId: uuid(),
    listVersion: text(),
    bestScorePpm: int32(),
    candidateCount: int32(),
    verdict: text<Screening['verdict']>(),
    /** Null when clear. */
    alertReason: text<'name_match' | 'name_not_comparable'>().nullable(),
    resolvedBy: uuid().nullable(),
    /** False once the party was screened again: only the last alert can be resolved. */
    isLatest: boolean().default(true),
    position: int64(),
  },
  primaryKey: ['screeningId'],
  indexes: {
    screenings_party: '(party_id, position)',
    screenings_open: "(position) where verdict = 'alert' and is_latest",
  },
});
export type ScreeningRow = RowOf<typeof screeningTable>;

/** What an officer must look at; like the names, it stays out of the log. */
export const candidateTable = defineTable({
  name: 'screening_candidates',
  columns: {
    screeningId: uuid(),
    entryNumber: int32(),
    listedName: text(),
    nameKind: text<ScreeningCandidate['nameKind']>(),
    scorePpm: int32(),
  },
  primaryKey: ['screeningId', 'entryNumber'],
});
export type CandidateRow = RowOf<typeof candidateTable>;
