import { eventCodec } from '@specie/contracts';
import { assertNever } from '@specie/event-sourcing';
import type { Projection } from '@specie/nest-platform';
import type { EntityManager } from 'typeorm';
import type { ProviderEvent } from './provider.state.js';

const providerEventTypes: ReadonlySet<string> = new Set<ProviderEvent['type']>([
  'issuance.provider-registered',
  'issuance.capacity-committed',
  'issuance.capacity-attested',
  'issuance.capacity-withdrawn',
  'issuance.series-opened',
  'issuance.tokens-minted',
]);

/** Rare events, so one statement each. */
export const providersProjection: Projection = {
  name: 'providers',
  async apply(manager, events) {
    for (const recorded of events) {
      if (providerEventTypes.has(recorded.type)) {
        const event = eventCodec.decode(recorded) as ProviderEvent;
        await writeEvent(manager, event);
        await manager.query('UPDATE providers SET stream_version = $2 WHERE provider_id = $1', [
          event.data.providerId,
          recorded.streamVersion,
        ]);
      }
    }
  },
};

async function writeEvent(manager: EntityManager, { type, data }: ProviderEvent): Promise<void> {
  switch (type) {
    case 'issuance.provider-registered':
      await manager.query('INSERT INTO providers VALUES ($1, $2, 1)', [
        data.providerId,
        data.uptimeHaircutBps,
      ]);
      return;
    case 'issuance.capacity-committed':
      await manager.query(
        `INSERT INTO capacity_commitments (commitment_id, provider_id, sku, gpu_count, from_on, to_on,
           weight_version, weight_ppm, uptime_haircut_bps, tokens_per_day, status)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'committed')`,
        [
          data.commitmentId,
          data.providerId,
          data.sku,
          data.gpuCount,
          data.fromOn,
          data.toOn,
          data.weightVersion,
          data.weightPpm,
          data.uptimeHaircutBps,
          data.tokensPerDay.toString(),
        ],
      );
      return;
    case 'issuance.capacity-attested':
      await manager.query(
        `UPDATE capacity_commitments SET status = 'attested', attested_by = $2, evidence_hash = $3
         WHERE commitment_id = $1`,
        [data.commitmentId, data.attestedBy, data.evidenceHash],
      );
      return;
    case 'issuance.capacity-withdrawn':
      await manager.query(
        `UPDATE capacity_commitments SET status = 'withdrawn' WHERE commitment_id = $1`,
        [data.commitmentId],
      );
      return;
    case 'issuance.series-opened':
      await manager.query(
        `INSERT INTO token_series (series_id, provider_id, treasury_account_id, window_from_on, window_to_on,
           skus, region, transferable, minted, burned)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)`,
        [
          data.seriesId,
          data.providerId,
          data.treasuryAccountId,
          data.windowFromOn,
          data.windowToOn,
          data.skus,
          data.region,
          data.transferable,
        ],
      );
      return;
    case 'issuance.tokens-minted':
      await manager.query('UPDATE token_series SET minted = minted + $2 WHERE series_id = $1', [
        data.seriesId,
        data.quantity.toString(),
      ]);
      return;
    default:
      assertNever(type);
  }
}
