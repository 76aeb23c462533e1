import { fields } from '@specie/contracts';
import { pageOf, pageQuery } from '@specie/nest-platform';
import { z } from 'zod';

const name = z
  .string()
  .max(350)
  .regex(/^\S(?:.*\S)?$/u);
/** Stored with all three fraction digits, however many were sent, so that instants compare as they read. */
const instantInput = fields.instant.transform((text) => new Date(text).toISOString());
const partyKind = z.enum(['person', 'company', 'fund', 'provider']);
const verdict = z.enum(['clear', 'alert', 'false_positive', 'true_match']);
/** `name_not_comparable`: no letter of a name could be read, or nothing but company words is left of it. */
const alertReason = z.enum(['name_match', 'name_not_comparable']).nullable();
const action = z.enum(['issue', 'grant', 'deal', 'trade', 'transfer', 'redeem']);

export const partyParams = z.strictObject({ partyId: fields.id });
export const alertParams = z.strictObject({ partyId: fields.id, screeningId: fields.id });

export const registerRequest = z.strictObject({
  /** Chosen by the client, or derived from the idempotency key. A party that registers itself is itself. */
  partyId: fields.id.optional(),
  kind: partyKind,
  country: fields.country,
  name,
  aliases: z.array(name).max(20).default([]),
  dateOfBirth: fields.day.nullable().default(null),
  address: z.string().min(1).max(500).nullable().default(null),
});

export const evidenceRequest = z.strictObject({
  evidenceId: fields.id.optional(),
  kind: z.enum(['identity', 'accreditation', 'incorporation', 'beneficial_ownership']),
  documentHash: fields.sha256Hex,
  expiresAt: instantInput,
});

export const screeningRequest = z.strictObject({ screeningId: fields.id.optional() });
export const resolutionRequest = z.strictObject({
  resolution: z.enum(['false_positive', 'true_match']),
});
export const approvalRequest = z.strictObject({
  /** What the approver saw: `evidenceHash` of the party. */
  evidenceHash: fields.sha256Hex,
});
export const freezeRequest = z.strictObject({ reason: fields.reasonCode });

/** What the party itself may know: never a reason that would tip it off. */
export const partyResponse = z.strictObject({
  partyId: fields.id,
  kind: partyKind,
  country: fields.country,
  status: z.enum(['review_pending', 'approved']),
  actions: z.array(action).max(6),
  accredited: z.boolean(),
  validUntil: fields.instant.nullable(),
  streamVersion: z.int().min(0),
});

export const candidateResponse = z.strictObject({
  entryNumber: z.int().min(1),
  listedName: z.string().max(1_000),
  nameKind: z.enum(['primary', 'aka', 'fka', 'nka']),
  scorePpm: fields.ppm,
});
const screeningResponse = z.strictObject({
  screeningId: fields.id,
  listVersion: fields.sha256Hex,
  isCurrentList: z.boolean(),
  bestScorePpm: fields.ppm,
  verdict,
  alertReason,
  resolvedBy: fields.id.nullable(),
  candidates: z.array(candidateResponse).max(1_000),
});
/** What an officer decides on. */
export const caseResponse = z.strictObject({
  partyId: fields.id,
  status: z.enum(['registered', 'approved', 'frozen']),
  /** Null once it was erased. */
  name: name.nullable(),
  aliases: z.array(name).max(20),
  dateOfBirth: fields.day.nullable(),
  address: z.string().max(500).nullable(),
  registeredBy: fields.id,
  evidence: z
    .array(
      z.strictObject({
        evidenceId: fields.id,
        kind: z.enum(['identity', 'accreditation', 'incorporation', 'beneficial_ownership']),
        documentHash: fields.sha256Hex,
        expiresAt: fields.instant,
        submittedBy: fields.id,
      }),
    )
    .max(10_000),
  evidenceHash: fields.sha256Hex,
  screening: screeningResponse.nullable(),
  /** What stands between the party and an approval by the caller, now. */
  violations: z.array(fields.reasonCode).max(32),
  streamVersion: z.int().min(0),
});

export const partiesQuery = pageQuery.extend({
  status: z.enum(['registered', 'approved', 'frozen']).optional(),
});
export const partyRowResponse = z.strictObject({
  partyId: fields.id,
  kind: partyKind,
  country: fields.country,
  status: z.enum(['registered', 'approved', 'frozen']),
  validUntil: fields.instant.nullable(),
});
export const partiesResponse = pageOf(partyRowResponse);
export const partyCursor = fields.id;

export const alertsQuery = pageQuery;
export const alertsResponse = pageOf(
  z.strictObject({
    screeningId: fields.id,
    partyId: fields.id,
    alertReason,
    bestScorePpm: fields.ppm,
    candidateCount: fields.count,
  }),
);
export const alertCursor = z.int().min(0);

export const eligibilityQuery = z.strictObject({ action, at: instantInput.optional() });
export const eligibilityResponse = z.strictObject({
  partyId: fields.id,
  action,
  at: fields.instant,
  eligible: z.boolean(),
});
export const listResponse = z.strictObject({
  /** Null while no list is in force: nobody can be screened or approved then. */
  version: fields.sha256Hex.nullable(),
  entryCount: fields.count,
  /** The files at hand where they are not in force, and why. */
  refused: z
    .strictObject({
      version: fields.sha256Hex.nullable(),
      problems: z.array(z.string().max(200)).max(100),
    })
    .nullable(),
});
export const staleQuery = pageQuery;
export const staleResponse = pageOf(
  z.strictObject({
    partyId: fields.id,
    status: z.enum(['registered', 'approved', 'frozen']),
    screenedListVersion: fields.sha256Hex,
  }),
);
