import { named } from '@specie/contracts';
import { pageOf, streamVersion } from '@specie/nest-platform';
import { z } from 'zod';
import type { ProviderRow } from './provider.table.js';

export const providerParams = z.strictObject({ providerId: named.providerId });
export const registerProviderRequest = z.strictObject({
  uptimeHaircutBps: named.uptimeHaircutBps,
});
export const providerResponse = z.strictObject({
  providerId: named.providerId,
  uptimeHaircutBps: named.uptimeHaircutBps,
  streamVersion,
});
export const providersPage = pageOf(providerResponse);

export function toProviderResponse(row: ProviderRow): z.output<typeof providerResponse> {
  const { providerId, uptimeHaircutBps, streamVersion } = row;
  return { providerId, uptimeHaircutBps, streamVersion };
}
