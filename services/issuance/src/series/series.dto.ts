import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { z } from 'zod';
import type { SeriesRow } from './series.table.js';

/** A model by its name: capacity of before a table was changed is shown as it was. */
export const skuText = z
  .string()
  .max(32)
  .meta({ description: 'The GPU model.', examples: ['H100-SXM'] });

export const seriesParams = z.strictObject({ seriesId: named.seriesId });

export const openSeriesRequest = z.strictObject({
  seriesId: chosenId(named.seriesId),
  windowFromOn: named.windowFromOn,
  windowToOn: named.windowToOn,
  skus: named.skus,
  region: named.region,
  transferable: named.transferable,
});
export const seriesResponse = z.strictObject({
  seriesId: named.seriesId,
  providerId: named.providerId,
  treasuryAccountId: named.treasuryAccountId,
  windowFromOn: named.windowFromOn,
  windowToOn: named.windowToOn,
  skus: z
    .array(skuText)
    .max(32)
    .meta({ description: 'The GPU models on which the tokens can be redeemed.' }),
  region: named.region,
  transferable: named.transferable,
  minted: described(fields.tokenQuantity, 'Minted since the series was opened.', '254000.000000'),
  burned: described(fields.tokenQuantity, 'Used up by metered GPU time.', '3665.216669'),
  outstanding: named.outstanding,
});

export const seriesPage = pageOf(seriesResponse);
export const seriesQuery = pageQuery.extend({ providerId: named.providerId.optional() });

export function toSeriesResponse(row: SeriesRow): z.output<typeof seriesResponse> {
  return {
    seriesId: row.seriesId,
    providerId: row.providerId,
    treasuryAccountId: row.treasuryAccountId,
    windowFromOn: row.windowFromOn,
    windowToOn: row.windowToOn,
    skus: row.skus,
    region: row.region,
    transferable: row.transferable,
    minted: microTokens(row.minted),
    burned: microTokens(row.burned),
    outstanding: microTokens(row.minted - row.burned),
  };
}
