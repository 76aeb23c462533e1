import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf } from '@specie/nest-platform';
import { z } from 'zod';
import { partyStatus, shownName } from '../party/party.dto.js';
import type { CandidateRow, ScreeningRow } from './screening.table.js';

const verdict = z.enum(['clear', 'alert', 'false_positive', 'true_match']).meta({
  description: 'What came of the screening; an alert waits for an officer.',
});
const alertReason = z
  .enum(['name_match', 'name_not_comparable'])
  .meta({
    description:
      'Why it is an alert; null when clear. `name_not_comparable`: no letter of a name could be read, or nothing but company words is left of it.',
  })
  .nullable();

export const alertParams = z.strictObject({
  partyId: named.partyId,
  screeningId: named.screeningId,
});
export const screeningRequest = z.strictObject({ screeningId: chosenId(named.screeningId) });
export const resolutionRequest = z.strictObject({
  resolution: named.resolution,
});

export const candidateResponse = z.strictObject({
  entryNumber: z
    .int()
    .min(1)
    .meta({ description: 'The number of the entry in the list.', examples: [36] }),
  listedName: z
    .string()
    .max(1_000)
    .meta({ description: 'The name in the list.', examples: ['BOUT, Viktor Anatolijevitch'] }),
  nameKind: z
    .enum(['primary', 'aka', 'fka', 'nka'])
    .meta({ description: 'Which of its names: the main one, or also, formerly or now known as.' }),
  scorePpm: described(fields.ppm, 'How alike the names are.', 960000),
});
export const screeningResponse = z.strictObject({
  screeningId: named.screeningId,
  listVersion: named.listVersion,
  isCurrentList: z.boolean().meta({ description: 'Whether the list is still the one in force.' }),
  bestScorePpm: named.bestScorePpm,
  verdict,
  alertReason,
  resolvedBy: named.resolvedBy.nullable(),
  candidates: z
    .array(candidateResponse)
    .max(1_000)
    .meta({ description: 'The entries that are alike enough, the most alike first.' }),
});

export const alertResponse = z.strictObject({
  screeningId: named.screeningId,
  partyId: named.partyId,
  name: shownName,
  alertReason,
  bestScorePpm: named.bestScorePpm,
  candidateCount: named.candidateCount,
});
export const alertsResponse = pageOf(alertResponse);

export const staleScreeningResponse = z.strictObject({
  partyId: named.partyId,
  status: partyStatus,
  screenedListVersion: described(fields.sha256Hex, 'The list that the party was screened against.'),
});
export const staleResponse = pageOf(staleScreeningResponse);

export function toAlertResponse(
  { screeningId, partyId, alertReason, bestScorePpm, candidateCount }: ScreeningRow,
  name: string | null,
): z.output<typeof alertResponse> {
  return { screeningId, partyId, name, alertReason, bestScorePpm, candidateCount };
}

export function toScreeningResponse(
  row: ScreeningRow,
  {
    candidates,
    versionInForce,
  }: { readonly candidates: readonly CandidateRow[]; readonly versionInForce: string | null },
): z.output<typeof screeningResponse> {
  const { screeningId, listVersion, bestScorePpm, verdict, alertReason, resolvedBy } = row;
  return {
    ...{ screeningId, listVersion, bestScorePpm, verdict, alertReason, resolvedBy },
    isCurrentList: listVersion === versionInForce,
    candidates: candidates.map(({ entryNumber, listedName, nameKind, scorePpm }) => {
      return { entryNumber, listedName, nameKind, scorePpm };
    }),
  };
}
