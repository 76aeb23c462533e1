import { randomUUID } from 'node:crypto';
import { eventCodec, streamIds } from '@specie/contracts';
import { derivedId } from '@specie/nest-platform';
import { gpuSkus, microTokens } from '@specie/quantities';
import type { ProviderEvent } from '../src/provider/provider.state.js';
import type { World } from './world.js';

const dayAfter = (start: number, days: number): string =>
  new Date(start + days * 86_400_000).toISOString().slice(0, 10);

/**
 * Records a provider with `seriesCount` series and as many attested commitments: windows of a month to a year,
 * staggered over five years, each series with two or three SKUs of its own choice and one token outstanding.
 */
export async function recordCrowdedProvider(
  world: World,
  seriesCount: number,
): Promise<{ readonly providerId: string; readonly seriesIds: readonly string[] }> {
  const providerId = randomUUID();
  const start = Date.parse(world.clock.now());
  const skuOf = (index: number) => gpuSkus[index % gpuSkus.length] ?? 'H200';
  const events: ProviderEvent[] = [
    { type: 'issuance.provider-registered', data: { providerId, uptimeHaircutBps: 0 } },
  ];
  const seriesIds: string[] = [];
  for (let index = 0; index < seriesCount; index += 1) {
    const commitmentId = randomUUID();
    const seriesId = randomUUID();
    seriesIds.push(seriesId);
    const firstDay = (index * 1_613) % 1_500;
    events.push(
      {
        type: 'issuance.capacity-committed',
        data: {
          ...{ providerId, commitmentId, sku: skuOf(index), gpuCount: 1, uptimeHaircutBps: 0 },
          ...{ fromOn: dayAfter(start, firstDay), toOn: dayAfter(start, firstDay + 200) },
          ...{ weightVersion: 1, weightPpm: 1_000_000, tokensPerDay: microTokens(24_000_000n) },
        },
      },
      {
        type: 'issuance.capacity-attested',
        data: { providerId, commitmentId, attestedBy: randomUUID(), evidenceHash: 'ab'.repeat(32) },
      },
      {
        type: 'issuance.series-opened',
        data: {
          ...{ providerId, seriesId, region: 'eu-north', transferable: true },
          treasuryAccountId: derivedId('account', seriesId, providerId),
          windowFromOn: dayAfter(start, firstDay),
          windowToOn: dayAfter(start, firstDay + 30 + ((index * 37) % 335)),
          skus: [...new Set([index, index + 1, index * 7].map(skuOf))],
        },
      },
      {
        type: 'issuance.tokens-minted',
        data: {
          ...{ providerId, seriesId, mintId: randomUUID(), quantity: microTokens(1_000_000n) },
          ...{ outstandingAfter: microTokens(1_000_000n), coveredOn: dayAfter(start, 0) },
        },
      },
    );
  }
  const outcome = await world.service.store.append({
    commandId: randomUUID(),
    streams: [
      {
        streamId: streamIds.provider(providerId),
        expectedVersion: 'no_stream',
        events: events.map((event) => eventCodec.encode(event)),
      },
    ],
    metadata: {
      correlationId: randomUUID(),
      causationId: randomUUID(),
      actor: providerId,
      idempotencyKey: null,
    },
    occurredAt: world.clock.now(),
  });
  if (outcome.outcome !== 'appended') throw new Error(`not appended: ${outcome.outcome}`);
  return { providerId, seriesIds };
}
