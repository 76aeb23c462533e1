import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, streamVersion } from '@specie/nest-platform';
import { shares as sharesOf } from '@specie/quantities';
import { z } from 'zod';
import { classCountMax, outstandingOf } from './company.decider.js';
import { decimalFraction } from '../equity/equity.js';
import type { CompanyRow, HoldingRow, ShareClassRow } from './company.table.js';

export const companyParams = z.strictObject({ companyId: named.companyId });

export const registerCompanyRequest = z.strictObject({
  companyId: chosenId(named.companyId),
  directorPartyIds: described(
    named.directorPartyIds,
    'At least one of them is not the party of the company.',
  ),
});
export const authoriseClassRequest = z.strictObject({
  classId: chosenId(named.classId),
  kind: named.shareClassKind,
  authorised: named.authorised,
});
export const foundingIssuanceRequest = z.strictObject({
  issuanceId: chosenId(named.issuanceId),
  classId: named.classId,
  holderPartyId: named.holderPartyId,
  shares: described(fields.shareQuantity, 'How many to issue.', '1000000'),
});
export const cancellationRequest = z.strictObject({
  cancellationId: chosenId(named.cancellationId),
  classId: named.classId,
  shares: described(fields.shareQuantity, 'How many to give up.', '1000'),
});

const ppmText = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})$/, 'Expected a whole number below 1000000.')
  .meta({ description: 'In parts per million: 100000 is 10 %.' });
export const equityQuoteQuery = z.strictObject({
  equityPpm: described(ppmText, 'The percentage of equity.', '100000').transform(Number),
  convertiblePpm: described(
    ppmText,
    'What convertibles outside the cap table will own together.',
    '50000',
  )
    .transform(Number)
    .prefault('0'),
});
export const equityQuoteResponse = z.strictObject({
  fullyDiluted: described(fields.shareQuantity, 'All shares that exist now.', '10000000'),
  excludingConvertibles: described(
    fields.shareQuantity,
    'Of the capitalization without convertibles.',
    '1111111',
  ),
  convertiblesFirst: described(
    fields.shareQuantity,
    'Of the capitalization after the convertibles have turned into shares.',
    '1169590',
  ),
  solvedTogether: described(
    fields.shareQuantity,
    'With both percentages of the same final capitalization.',
    '1176470',
  ),
});

export const classResponse = z.strictObject({
  classId: named.classId,
  kind: named.shareClassKind,
  authorised: named.authorised,
  issued: described(fields.shareQuantity, 'How many were issued.', '11111111'),
  cancelled: described(fields.shareQuantity, 'How many were given up.', '0'),
  outstanding: described(fields.shareQuantity, 'Issued and not given up.', '11111111'),
  reserved: described(fields.shareQuantity, 'Promised by signed deals and not issued yet.', '0'),
});
export const companyResponse = z.strictObject({
  companyId: named.companyId,
  partyId: described(named.partyId, 'The company itself, as a party.'),
  directorPartyIds: z
    .array(fields.id)
    .max(16)
    .meta({ description: 'The directors: the parties who may approve for the board.' }),
  streamVersion,
});
export const companyDetailResponse = companyResponse.extend({
  classes: z
    .array(classResponse)
    .max(classCountMax)
    .meta({ description: 'The classes of shares.' }),
});
export const companiesPage = pageOf(companyResponse);

const holderResponse = z.strictObject({
  partyId: described(named.partyId, 'The holder.'),
  shares: described(fields.shareQuantity, 'All shares of the holder.'),
  holdings: z
    .array(
      z.strictObject({
        classId: named.classId,
        shares: described(fields.shareQuantity, 'How many of the class.'),
      }),
    )
    .max(classCountMax)
    .meta({ description: 'The shares of the holder by class.' }),
  fraction: z
    .strictObject({
      numerator: described(fields.shareQuantity, 'The shares of the holder.'),
      denominator: described(fields.shareQuantity, 'All shares.', '11111111'),
    })
    .meta({ description: 'The part of the fully diluted capitalization, exact.' }),
  decimal: z
    .string()
    .max(16)
    .meta({ description: 'The same as a decimal, for display.', examples: ['0.10000000'] }),
});
const holdersPage = pageOf(holderResponse).shape;

export const capTableResponse = z.strictObject({
  companyId: named.companyId,
  streamVersion,
  fullyDiluted: described(fields.shareQuantity, 'All shares that exist.', '11111111'),
  classes: z
    .array(classResponse)
    .max(classCountMax)
    .meta({ description: 'The classes of shares.' }),
  holders: holdersPage.items.meta({ description: 'Who holds shares, by party.' }),
  nextCursor: holdersPage.nextCursor,
});

export function toClassResponse(row: ShareClassRow): z.output<typeof classResponse> {
  const { classId, authorised, issued, cancelled, reserved } = row;
  return {
    classId,
    kind: row.kind,
    authorised: sharesOf(authorised),
    issued: sharesOf(issued),
    cancelled: sharesOf(cancelled),
    outstanding: outstandingOf({ issued: sharesOf(issued), cancelled: sharesOf(cancelled) }),
    reserved: sharesOf(reserved),
  };
}

export function toCompanyResponse(row: CompanyRow): z.output<typeof companyResponse> {
  const { companyId, partyId, directorPartyIds, streamVersion } = row;
  return { companyId, partyId, directorPartyIds, streamVersion };
}

/** The holdings of each holder, in the order of the rows. */
export function byHolder(holdings: readonly HoldingRow[]): readonly (readonly HoldingRow[])[] {
  const holders = new Map<string, HoldingRow[]>();
  for (const holding of holdings) {
    const rows = holders.get(holding.partyId);
    if (rows) {
      rows.push(holding);
    } else {
      holders.set(holding.partyId, [holding]);
    }
  }
  return [...holders.values()];
}

/** One holder of a company whose classes have `whole` shares outstanding. */
export function toHolderResponse(
  rows: readonly HoldingRow[],
  whole: bigint,
): z.output<typeof holderResponse> {
  const held = rows.reduce((sum, { shares }) => sum + shares, 0n);
  return {
    partyId: rows[0]?.partyId ?? '',
    shares: sharesOf(held),
    holdings: rows.map(({ classId, shares }) => ({ classId, shares: sharesOf(shares) })),
    fraction: { numerator: sharesOf(held), denominator: sharesOf(whole) },
    decimal: decimalFraction(held, whole),
  };
}
