import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery, streamVersion } from '@specie/nest-platform';
import { z } from 'zod';

const name = z
  .string()
  .max(350)
  .regex(/^\S(?:.*\S)?$/u, 'Expected text without blanks at its ends.')
  .meta({ description: 'The name of the party.', examples: ['Aurora Robotics'] });
/** Stored with all three fraction digits, however many were sent, so that instants compare as they read. */
const toMilliseconds = (text: string): string => new Date(text).toISOString();
const partyStatus = z.enum(['registered', 'approved', 'frozen']).meta({
  description: 'Only an approved party may do anything; a freeze suspends all of it.',
});
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

/** For officers and the party itself: nobody else needs to know who a party is (ADR 0005). */
const shownName = described(
  name,
  'Null once it was erased, and for everybody but officers and the party.',
).nullable();

export const partyParams = z.strictObject({ partyId: named.partyId });
export const alertParams = z.strictObject({
  partyId: named.partyId,
  screeningId: named.screeningId,
});

export const registerRequest = z.strictObject({
  partyId: chosenId(named.partyId),
  kind: named.partyKind,
  country: fields.country,
  name,
  aliases: z.array(name).max(20).meta({ description: 'Other names of the party.' }).default([]),
  dateOfBirth: described(
    fields.day,
    'Of a person: tells apart people of the same name.',
    '1980-05-17',
  )
    .nullable()
    .default(null),
  address: z
    .string()
    .min(1)
    .max(500)
    .meta({
      description: 'Where the party lives or is registered.',
      examples: ['Storgatan 1, Stockholm'],
    })
    .nullable()
    .default(null),
});

export const evidenceRequest = z.strictObject({
  evidenceId: chosenId(named.evidenceId),
  kind: named.evidenceKind,
  documentHash: named.documentHash,
  expiresAt: named.evidenceExpiresAt.transform(toMilliseconds),
});

export const screeningRequest = z.strictObject({ screeningId: chosenId(named.screeningId) });
export const resolutionRequest = z.strictObject({
  resolution: named.resolution,
});
export const approvalRequest = z.strictObject({
  evidenceHash: described(
    fields.sha256Hex,
    'What you saw: evidenceHash of the case. Evidence filed since then stops the approval.',
  ),
});
export const freezeRequest = z.strictObject({
  reason: described(fields.reasonCode, 'Why, as a code for the file.', 'court_order'),
});

/** What the party itself may know: never a reason that would tip it off. */
export const partyResponse = z.strictObject({
  partyId: named.partyId,
  name: shownName,
  kind: named.partyKind,
  country: fields.country,
  status: z
    .enum(['review_pending', 'approved'])
    .meta({ description: 'Whether the party may do anything; never why not.' }),
  actions: named.actions,
  accredited: named.accredited,
  validUntil: named.validUntil.nullable(),
  streamVersion,
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
const screeningResponse = z.strictObject({
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

export const partiesQuery = pageQuery.extend({
  status: partyStatus.optional(),
});
export const partyRowResponse = z.strictObject({
  partyId: named.partyId,
  name: shownName,
  kind: named.partyKind,
  country: fields.country,
  status: partyStatus,
  validUntil: named.validUntil.nullable(),
});
export const partiesResponse = pageOf(partyRowResponse);
export const partyCursor = fields.id;

export const alertsQuery = pageQuery;
export const alertsResponse = pageOf(
  z.strictObject({
    screeningId: named.screeningId,
    partyId: named.partyId,
    name: shownName,
    alertReason,
    bestScorePpm: named.bestScorePpm,
    candidateCount: named.candidateCount,
  }),
);
export const alertCursor = z.int().min(0);

export const eligibilityQuery = z.strictObject({
  action: named.action,
  at: described(fields.instant, 'The instant asked about; now where it is left out.')
    .transform(toMilliseconds)
    .optional(),
});
export const eligibilityResponse = z.strictObject({
  partyId: named.partyId,
  action: named.action,
  at: described(fields.instant, 'The instant that was asked about.'),
  eligible: z.boolean().meta({ description: 'Whether the party may do it then.' }),
});
export const listResponse = z.strictObject({
  version: described(
    fields.sha256Hex,
    'The list in force: the hash of its files. Null while there is none; nobody can be screened or approved then.',
  ).nullable(),
  entryCount: described(fields.count, 'How many entries it has.', 18712),
  refused: z
    .strictObject({
      version: described(
        fields.sha256Hex,
        'The hash of the files; null where they cannot be read.',
      ).nullable(),
      problems: z
        .array(
          z
            .string()
            .max(200)
            .meta({
              description: 'One problem.',
              examples: ['sdn.csv: line 4 has 3 columns, not 12'],
            }),
        )
        .max(100)
        .meta({ description: 'What is wrong with the files.' }),
    })
    .meta({
      description: 'The files at hand where they are not in force, and why; null otherwise.',
    })
    .nullable(),
});
export const staleQuery = pageQuery;
export const staleResponse = pageOf(
  z.strictObject({
    partyId: named.partyId,
    status: partyStatus,
    screenedListVersion: described(
      fields.sha256Hex,
      'The list that the party was screened against.',
    ),
  }),
);
