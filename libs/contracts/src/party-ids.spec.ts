import { expect, it } from 'vitest';
import { wireSchemaOf } from './described.js';
import { eventDefinitions } from './registry.js';

interface Schema {
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Ids of things. A new field that holds an id goes here, or it names a party and ends in `PartyId`. */
const thingIds = [
  'accountId',
  'cancellationId',
  'captureId',
  'classId',
  'commitmentId',
  'companyId',
  'dealId',
  'depositId',
  'discardId',
  'escrowId',
  'eventId',
  'evidenceId',
  'grantId',
  'holdId',
  'issuanceId',
  'lotId',
  'makerOrderId',
  'mintId',
  'movementId',
  'ocoOrderId',
  'orderId',
  'requestId',
  'reservationId',
  'screeningId',
  'seriesId',
  'takerOrderId',
  'tradeId',
  'trancheId',
  'treasuryAccountId',
  'withdrawalId',
];

/** Names of parties from before ids of parties ended in `PartyId`; the wire keeps them, and there are no new ones. */
const olderPartyNames = [
  'acceptedBy',
  'approvedBy',
  'attestedBy',
  'frozenBy',
  'proposedBy',
  'providerId',
  'registeredBy',
  'requestedBy',
  'resolvedBy',
  'submittedBy',
  'unfrozenBy',
];

/** The names of all fields that hold an id. */
function idFieldsOf({ properties = {}, items, anyOf = [] }: Schema): readonly string[] {
  const own = Object.entries(properties).flatMap(([name, value]) => {
    const forms = [value, ...(value.anyOf ?? []), ...(value.items ? [value.items] : [])];
    const isId = forms.some(({ format }) => format === 'uuid');
    return [...(isId ? [name] : []), ...idFieldsOf(value)];
  });
  return [...own, ...(items ? idFieldsOf(items) : []), ...anyOf.flatMap(idFieldsOf)];
}

const idFields = new Set(
  [...eventDefinitions.values()].flatMap(({ data }) => idFieldsOf(wireSchemaOf(data) as Schema)),
);

it('ends an id that names a party in PartyId', () => {
  const known = new Set([...thingIds, ...olderPartyNames, 'partyId']);
  const unknown = [...idFields].filter((name) => !known.has(name) && !/PartyIds?$/.test(name));
  expect(unknown.sort()).toEqual([]);
});

it('lists no id that no event has', () => {
  const listed = [...thingIds, ...olderPartyNames];
  expect(listed.filter((name) => !idFields.has(name))).toEqual([]);
});
