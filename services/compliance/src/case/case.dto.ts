import { described, fields, named } from '@specie/contracts';
import { streamVersion } from '@specie/nest-platform';
import { z } from 'zod';
import { screeningResponse } from '../screening/screening.dto.js';
import { name, partyStatus } from '../party/party.dto.js';

export const approvalRequest = z.strictObject({
  evidenceHash: described(
    fields.sha256Hex,
    'What you saw: evidenceHash of the case. Evidence filed since then stops the approval.',
  ),
});
export const freezeRequest = z.strictObject({
  reason: described(fields.reasonCode, 'Why, as a code for the file.', 'court_order'),
});

/** What an officer decides on. */
export const caseResponse = z.strictObject({
  partyId: named.partyId,
  status: partyStatus,
  name: name.nullable(),
  aliases: z.array(name).max(20).meta({ description: 'Other names of the party.' }),
  dateOfBirth: described(
    fields.day,
    'Of a person; null where unknown or erased.',
    '1980-05-17',
  ).nullable(),
  address: z
    .string()
    .max(500)
    .meta({
      description: 'Where the party lives or is registered; null where unknown or erased.',
      examples: ['Storgatan 1, Stockholm'],
    })
    .nullable(),
  registeredBy: named.registeredBy,
  evidence: z
    .array(
      z.strictObject({
        evidenceId: named.evidenceId,
        kind: named.evidenceKind,
        documentHash: named.documentHash,
        expiresAt: named.evidenceExpiresAt,
        submittedBy: named.submittedBy,
      }),
    )
    .max(10_000)
    .meta({ description: 'The evidence on file.' }),
  evidenceHash: described(
    fields.sha256Hex,
    'The hash of all evidence on file: what an approval names.',
  ),
  screening: screeningResponse
    .meta({ description: 'The last screening; null before the first.' })
    .nullable(),
  violations: z
    .array(fields.reasonCode)
    .max(32)
    .meta({ description: 'What stands between the party and an approval by you, now.' }),
  streamVersion,
});
