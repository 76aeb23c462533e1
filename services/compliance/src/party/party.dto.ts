import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery, streamVersion } from '@specie/nest-platform';
import { z } from 'zod';
import type { PartyRow } from './party.table.js';

export const name = z
  .string()
  .max(350)
  .regex(/^\S(?:.*\S)?$/u, 'Expected text without blanks at its ends.')
  .meta({ description: 'The name of the party.', examples: ['Aurora Robotics'] });
/** Stored with all three fraction digits, however many were sent, so that instants compare as they read. */
const toMilliseconds = (text: string): string => new Date(text).toISOString();
export const partyStatus = z.enum(['registered', 'approved', 'frozen']).meta({
  description: 'Only an approved party may do anything; a freeze suspends all of it.',
});

/** For officers and the party itself: nobody else needs to know who a party is (ADR 0005). */
export const shownName = described(
  name,
  'Null once it was erased, and for everybody but officers and the party.',
).nullable();

export const partyParams = z.strictObject({ partyId: named.partyId });

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

/** As the party itself may know it: whatever is under way is under review. */
export function toPartyResponse(
  row: PartyRow,
  name: string | null,
): z.output<typeof partyResponse> {
  const { partyId, kind, country, accredited, validUntil, streamVersion } = row;
  const isApproved = row.status === 'approved';
  return {
    ...{ partyId, name, kind, country, accredited, validUntil, streamVersion },
    status: isApproved ? 'approved' : 'review_pending',
    actions: isApproved ? row.actions : [],
  };
}

export function toPartyRowResponse(
  row: PartyRow,
  name: string | null,
): z.output<typeof partyRowResponse> {
  const { partyId, kind, country, status, validUntil } = row;
  return { partyId, name, kind, country, status, validUntil };
}
