import { fields } from '@specie/contracts';
import { pageOf } from '@specie/nest-platform';
import { shares as sharesOf } from '@specie/quantities';
import { z } from 'zod';
import { outstandingOf } from '../domain/company/index.js';
import { decimalFraction } from '../domain/equity/index.js';
import type { CompanyRow, HoldingRow, ShareClassRow } from '../projections/tables.js';

const { id, shareQuantity } = fields;

export const companyParams = z.strictObject({ companyId: id });

export const registerCompanyRequest = z.strictObject({
  companyId: id.optional(),
  /** Who may approve for the board; at least one of them is not the company's own party. */
  directorPartyIds: z.array(id).min(1).max(16),
});
const kind = z.enum(['common', 'preferred']);
export const authoriseClassRequest = z.strictObject({
  classId: id.optional(),
  kind,
  authorised: shareQuantity,
});
export const foundingIssuanceRequest = z.strictObject({
  issuanceId: id.optional(),
  classId: id,
  holderPartyId: id,
  shares: shareQuantity,
});
export const cancellationRequest = z.strictObject({
  cancellationId: id.optional(),
  classId: id,
  shares: shareQuantity,
});

const ppmText = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})$/)
  .transform(Number);
export const equityQuoteQuery = z.strictObject({
  equityPpm: ppmText,
  /** What convertibles outside the cap table will own together. */
  convertiblePpm: ppmText.prefault('0'),
});
export const equityQuoteResponse = z.strictObject({
  fullyDiluted: shareQuantity,
  excludingConvertibles: shareQuantity,
  convertiblesFirst: shareQuantity,
  solvedTogether: shareQuantity,
});

export const classResponse = z.strictObject({
  classId: id,
  kind,
  authorised: shareQuantity,
  issued: shareQuantity,
  cancelled: shareQuantity,
  outstanding: shareQuantity,
  /** Promised by signed deals and not issued yet. */
  reserved: shareQuantity,
});
export const companyResponse = z.strictObject({
  companyId: id,
  partyId: id,
  directorPartyIds: z.array(id).max(16),
  streamVersion: z.int().min(1),
});
export const companyDetailResponse = companyResponse.extend({
  classes: z.array(classResponse).max(1_000),
});
export const companiesPage = pageOf(companyResponse);

export const capTableResponse = z.strictObject({
  companyId: id,
  streamVersion: z.int().min(1),
  fullyDiluted: shareQuantity,
  classes: z.array(classResponse).max(1_000),
  holders: z
    .array(
      z.strictObject({
        partyId: id,
        shares: shareQuantity,
        holdings: z.array(z.strictObject({ classId: id, shares: shareQuantity })).max(1_000),
        /** Part of the fully diluted capitalization: exact, and as a decimal for display. */
        fraction: z.strictObject({ numerator: shareQuantity, denominator: shareQuantity }),
        decimal: z.string().max(16),
      }),
    )
    .max(100_000),
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

export function toCapTableResponse(
  company: CompanyRow,
  classes: readonly ShareClassRow[],
  holdings: readonly HoldingRow[],
): z.output<typeof capTableResponse> {
  const whole = classes.reduce((sum, { issued, cancelled }) => sum + issued - cancelled, 0n);
  const byHolder = new Map<string, HoldingRow[]>();
  for (const holding of holdings) {
    const rows = byHolder.get(holding.partyId);
    if (rows) {
      rows.push(holding);
    } else {
      byHolder.set(holding.partyId, [holding]);
    }
  }
  return {
    companyId: company.companyId,
    streamVersion: company.streamVersion,
    fullyDiluted: sharesOf(whole),
    classes: classes.map(toClassResponse),
    holders: [...byHolder].map(([partyId, rows]) => {
      const held = rows.reduce((sum, { shares }) => sum + shares, 0n);
      return {
        partyId,
        shares: sharesOf(held),
        holdings: rows.map(({ classId, shares }) => ({ classId, shares: sharesOf(shares) })),
        fraction: { numerator: sharesOf(held), denominator: sharesOf(whole) },
        decimal: decimalFraction(held, whole),
      };
    }),
  };
}
