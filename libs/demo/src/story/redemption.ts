import { randomUUID } from 'node:crypto';
import type { Actor, Json } from '../api-client.js';
import type { JobTraceRecord } from '../job-trace.js';
import { formatMicro } from '@specie/quantities';
import type { Issued } from './capacity.js';
import { inParallel, postOnceKnown, type Stage } from './stage.js';
import { accountOf } from './trading.js';
import { tokensFor } from './usage.js';

export interface Redeemed {
  readonly gpuSeconds: bigint;
  readonly gpuSecondsByTenant: Readonly<Record<string, bigint>>;
  readonly reservations: readonly { readonly tenant: string; readonly reservation: Json }[];
  readonly usageCount: number;
}

const batchRecords = 1_000;

/** Every tenant buys what it lacks, reserves, uses GPU time and has it metered; the rest is released. */
export async function redeemUsage(stage: Stage, issued: Issued): Promise<Redeemed> {
  const { cast, usage, say } = stage;
  const actors = new Map(cast.tenants.map(({ tenant, actor }) => [tenant, actor]));
  const reservations: { tenant: string; reservation: Json }[] = [];
  let metered = 0;
  let shown = 0;
  const progress = (count: number): void => {
    metered += count;
    const step = Math.floor((metered * 10) / usage.jobCount);
    if (step > shown) {
      shown = step;
      say(`${metered} of ${usage.jobCount} jobs metered`);
    }
  };
  await inParallel(usage.tenants, 3, async ({ tenant, records, gpuSeconds }) => {
    const actor = actors.get(tenant);
    if (!actor) throw new Error(`nobody plays the tenant ${tenant}`);
    const quantity = (tokensFor(gpuSeconds) + 1n) * 1_000_000n;
    await buyMissing(stage, issued, actor, quantity);
    const usageFromAt = earliestOf(records);
    const reservationId = await reserve(stage, issued, actor, { quantity, usageFromAt });
    for (let from = 0; from < records.length; from += batchRecords) {
      const batch = records.slice(from, from + batchRecords);
      await meter(stage, reservationId, batch);
      progress(batch.length);
    }
    // What a meter sends again, in another order, changes nothing.
    await meter(stage, reservationId, [...records.slice(0, 50)].reverse());
    const { api } = stage;
    await api.post(actor, 'metering', `/reservations/${reservationId}/closing`);
    const account = await accountOf({ api, seriesId: issued.seriesId }, actor);
    await api.until(
      { actor, service: 'issuance', path: `/accounts/${account}` },
      ({ held }) => held === '0.000000',
      120_000,
    );
    const reservation = await api.get(actor, 'metering', `/reservations/${reservationId}`);
    reservations.push({ tenant, reservation });
  });
  const gpuSecondsByTenant = Object.fromEntries(
    usage.tenants.map(({ tenant }) => [
      tenant,
      reservations
        .filter((row) => row.tenant === tenant)
        .reduce((sum, { reservation }) => sum + BigInt(String(reservation['gpuSeconds'])), 0n),
    ]),
  );
  return {
    gpuSeconds: Object.values(gpuSecondsByTenant).reduce((sum, part) => sum + part, 0n),
    gpuSecondsByTenant,
    reservations,
    usageCount: reservations.reduce(
      (sum, { reservation }) => sum + Number(reservation['usageCount']),
      0,
    ),
  };
}

/** A transfer from the provider's treasury for what the account lacks. */
async function buyMissing(
  { api, cast }: Stage,
  { seriesId, treasuryAccountId }: Issued,
  actor: Actor,
  quantity: bigint,
): Promise<void> {
  const [account] = await api.list(
    actor,
    'issuance',
    `/accounts?partyId=${actor.partyId}&seriesId=${seriesId}`,
  );
  const available = account ? BigInt(String(account['available']).replace('.', '')) : 0n;
  if (available >= quantity) return;
  const body = {
    toPartyId: actor.partyId,
    quantity: formatMicro(quantity - available),
  };
  const path = `/accounts/${treasuryAccountId}/transfers`;
  await postOnceKnown(api, { actor: cast.provider, service: 'issuance', path, body });
}

/** Reserves tokens for GPU time and waits until they are held. */
export async function reserve(
  { api }: Stage,
  { seriesId }: Issued,
  actor: Actor,
  { quantity, usageFromAt }: { readonly quantity: bigint; readonly usageFromAt: string },
): Promise<string> {
  const reservationId = randomUUID();
  const body = {
    reservationId,
    seriesId,
    sku: 'H100-SXM',
    quantity: formatMicro(quantity),
    usageFromAt,
    expiresAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
  };
  await postOnceKnown(api, { actor, service: 'metering', path: '/reservations', body });
  const reservation = await api.until(
    { actor, service: 'metering', path: `/reservations/${reservationId}` },
    ({ status }) => status === 'confirmed' || status === 'refused',
  );
  if (reservation['status'] === 'refused')
    throw new Error(`the reservation of ${actor.name} was refused`);
  return reservationId;
}

/** The trace is of finished jobs: the tenant agrees to pay for what it used before it reserves. */
function earliestOf(records: readonly JobTraceRecord[]): string {
  return records.reduce(
    (earliest, { startedAt }) => (startedAt < earliest ? startedAt : earliest),
    new Date().toISOString(),
  );
}

/** Sends one batch of finished jobs. */
export async function meter(
  { api, cast }: Stage,
  reservationId: string,
  records: readonly JobTraceRecord[],
): Promise<void> {
  const body = {
    backfill: true,
    records: records.map(({ recordId, startedAt, gpuCount, seconds }) => ({
      source: `trace/${reservationId}`,
      recordId,
      gpuCount,
      startedAt,
      seconds,
    })),
  };
  const path = `/reservations/${reservationId}/usage`;
  await postOnceKnown(api, { actor: cast.meter, service: 'metering', path, body });
}
