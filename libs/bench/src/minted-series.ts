import type { Platform } from '@specie/local-platform';
import { admit, callerOf, dayFromNow, untilTaken, type BenchCaller } from './bench-platform.js';

/** A series with tokens to sell or to use, all of them in the treasury of its provider. */
export interface MintedSeries {
  readonly provider: BenchCaller;
  readonly seriesId: string;
  /** Transfers tokens from the treasury to an admitted party; resolves to the party's account. */
  readonly transfer: (to: BenchCaller, tokens: number) => Promise<string>;
}

const sku = 'H100-SXM';
const days = 100;

/** Admits a provider that mints `tokens` within its attested capacity. */
export async function mintSeries(platform: Platform, tokens: number): Promise<MintedSeries> {
  // A provider that meters usage itself.
  const provider = await callerOf(platform, ['provider-admin', 'gpu-agent']);
  const auditor = await callerOf(platform, ['auditor']);
  await admit(provider, 'provider');
  await untilTaken(() => provider.post('issuance', '/providers', { uptimeHaircutBps: 0 }));
  const commitments = `/providers/${provider.partyId}/capacity-commitments`;
  const { id } = await provider.post('issuance', commitments, {
    sku,
    gpuCount: Math.ceil(tokens / (24 * days)),
    fromOn: dayFromNow(0),
    toOn: dayFromNow(days),
  });
  await auditor.post('issuance', `${commitments}/${String(id)}/attestations`, {
    evidenceHash: 'ab'.repeat(32),
  });
  const opened = await provider.post('issuance', '/series', {
    windowFromOn: dayFromNow(0),
    windowToOn: dayFromNow(days),
    skus: [sku],
    region: 'eu-north',
    transferable: true,
  });
  const seriesId = String(opened['id']);
  const quantity = `${tokens}.000000`;
  await provider.post('issuance', `/series/${seriesId}/mints`, { quantity });
  const { treasuryAccountId } = await provider.get('issuance', `/series/${seriesId}`);
  return {
    provider,
    seriesId,
    transfer: async (to, amount) => {
      const sent = { toPartyId: to.partyId, quantity: `${amount}.000000` };
      const path = `/accounts/${String(treasuryAccountId)}/transfers`;
      await untilTaken(() => provider.post('issuance', path, sent));
      const owned = `/accounts?partyId=${to.partyId}&seriesId=${seriesId}`;
      const { items } = await to.get('issuance', owned);
      const [account] = items as readonly { readonly accountId: string }[];
      return account?.accountId ?? '';
    },
  };
}
