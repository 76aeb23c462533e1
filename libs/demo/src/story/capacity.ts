import { createHash, randomUUID } from 'node:crypto';
import { ApiProblem, type Json } from '../api-client.js';
import { dayFromToday, postOnceKnown, type Stage } from './stage.js';
import { tokensFor } from './usage.js';

/** The series of the story and what was minted. */
export interface Issued {
  readonly seriesId: string;
  readonly treasuryAccountId: string;
  readonly commitmentId: string;
  readonly gpuCount: number;
  readonly minted: bigint;
}

/** Tokens beyond metered use: for the deal, the market and a margin. */
const tokensBeyondUse = 250_000n;
const windowDays = 60;
const uptimeHaircutBps = 500;

/** Capacity committed, attested and sold as tokens; one mint beyond coverage is refused. */
export async function issueAgainstCapacity({ api, cast, usage, say }: Stage): Promise<Issued> {
  const { provider, capacityAuditor } = cast;
  const seriesId = randomUUID();
  const commitmentId = randomUUID();
  const minted = ((tokensFor(usage.gpuSeconds) + tokensBeyondUse) / 1_000n + 1n) * 1_000n;
  const perGpu = BigInt(windowDays * 24 * (10_000 - uptimeHaircutBps)) / 10_000n;
  const gpuCount = Number((minted * 11n) / (10n * perGpu) + 1n);

  await postOnceKnown(api, {
    actor: provider,
    service: 'issuance',
    path: '/providers',
    body: { uptimeHaircutBps },
  });
  const commitments = `/providers/${provider.partyId}/capacity-commitments`;
  await api.post(provider, 'issuance', commitments, {
    commitmentId,
    sku: 'H100-SXM',
    gpuCount,
    fromOn: dayFromToday(0),
    toOn: dayFromToday(windowDays - 1),
  });
  await api.post(capacityAuditor, 'issuance', `${commitments}/${commitmentId}/attestations`, {
    evidenceHash: createHash('sha256').update(`inventory ${commitmentId}`).digest('hex'),
  });
  say(
    `${gpuCount} H100 for ${windowDays} days committed by ${provider.name} and attested by an auditor`,
  );
  await api.post(provider, 'issuance', '/series', {
    seriesId,
    windowFromOn: dayFromToday(0),
    windowToOn: dayFromToday(windowDays - 1),
    skus: ['H100-SXM'],
    region: 'eu-north',
    transferable: true,
  });
  const mint = `/series/${seriesId}/mints`;
  const refusal = await refused(
    api.post(provider, 'issuance', mint, { quantity: `${minted * 2n}.000000` }),
  );
  say(`mint of ${minted * 2n} tokens refused: ${refusal.code}`);
  await api.post(provider, 'issuance', mint, { quantity: `${minted}.000000` });
  const series = await api.get(provider, 'issuance', `/series/${seriesId}`);
  say(`${minted} tokens minted within coverage`);
  const treasuryAccountId = String(series['treasuryAccountId']);
  return { seriesId, treasuryAccountId, commitmentId, gpuCount, minted };
}

async function refused(request: Promise<Json>): Promise<ApiProblem> {
  try {
    await request;
  } catch (error) {
    if (error instanceof ApiProblem && error.status < 500) return error;
    throw error;
  }
  throw new Error('a request that must be refused was accepted');
}
