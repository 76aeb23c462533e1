import { eventCodec } from '@specie/contracts';
import { assertNever, type RecordedEvent } from '@specie/event-sourcing';
import type { Projection } from '@specie/nest-platform';
import type { EntityManager } from 'typeorm';
import type { DealEvent, DealTerms } from '../../domain/deal/index.js';

const dealEventTypes: ReadonlySet<string> = new Set<DealEvent['type']>([
  'deals.deal-offered',
  'deals.deal-signed',
  'deals.deal-cancelled',
  'deals.board-approved',
  'deals.deal-activated',
  'deals.tranche-opened',
  'deals.tranche-delivered',
  'deals.tranche-failed',
  'deals.tranche-accepted',
  'deals.deal-completed',
]);

export const dealsProjection: Projection = {
  name: 'deals',
  async apply(manager, events) {
    for (const recorded of events) {
      if (dealEventTypes.has(recorded.type)) {
        const event = eventCodec.decode(recorded) as DealEvent;
        await writeEvent(manager, event, recorded);
        await manager.query('UPDATE deals SET stream_version = $2 WHERE deal_id = $1', [
          event.data.dealId,
          recorded.streamVersion,
        ]);
      }
    }
  },
};

async function writeEvent(
  manager: EntityManager,
  { type, data }: DealEvent,
  recorded: RecordedEvent,
): Promise<void> {
  switch (type) {
    case 'deals.deal-offered':
      return insertDeal(manager, data);
    case 'deals.deal-signed':
      await manager.query(
        `UPDATE deals SET signed_by = array_append(signed_by, $2),
           status = CASE WHEN cardinality(signed_by) = 1 THEN 'signed' ELSE status END
         WHERE deal_id = $1`,
        [data.dealId, data.side],
      );
      return;
    case 'deals.deal-cancelled':
      await manager.query(`UPDATE deals SET status = 'cancelled' WHERE deal_id = $1`, [
        data.dealId,
      ]);
      return;
    case 'deals.board-approved':
      await manager.query(`UPDATE deals SET status = 'approved' WHERE deal_id = $1`, [data.dealId]);
      return;
    case 'deals.deal-activated':
      await manager.query(`UPDATE deals SET status = 'active' WHERE deal_id = $1`, [data.dealId]);
      return;
    case 'deals.tranche-opened':
      await manager.query(
        `UPDATE tranches SET status = 'opened', opened_at = $2, failure_reason = NULL WHERE tranche_id = $1`,
        [data.trancheId, recorded.occurredAt],
      );
      return;
    case 'deals.tranche-delivered':
      await manager.query(
        `UPDATE tranches SET status = 'delivered', grant_id = $2 WHERE tranche_id = $1`,
        [data.trancheId, data.grantId],
      );
      return;
    case 'deals.tranche-failed':
      await manager.query(
        `UPDATE tranches SET status = 'failed', failure_reason = $2 WHERE tranche_id = $1`,
        [data.trancheId, data.reason],
      );
      return;
    case 'deals.tranche-accepted':
      await manager.query(`UPDATE tranches SET status = 'accepted' WHERE tranche_id = $1`, [
        data.trancheId,
      ]);
      await manager.query(
        `UPDATE deals SET shares_issued = shares_issued + $3,
           tokens_accepted = tokens_accepted + (SELECT tokens FROM tranches WHERE tranche_id = $2)
         WHERE deal_id = $1`,
        [data.dealId, data.trancheId, data.shares.toString()],
      );
      return;
    case 'deals.deal-completed':
      await manager.query(`UPDATE deals SET status = 'completed' WHERE deal_id = $1`, [
        data.dealId,
      ]);
      return;
    default:
      assertNever(type);
  }
}

async function insertDeal(manager: EntityManager, terms: DealTerms): Promise<void> {
  await manager.query(
    `INSERT INTO deals (deal_id, company_id, company_party_id, provider_party_id, series_id, class_id, tokens,
       equity_ppm, capitalization_rules, fully_diluted, shares, reference_price, currency, lockup_ends_at,
       terms_hash, status, signed_by, tokens_accepted, shares_issued, stream_version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'offered', '{}', 0, 0, 1)`,
    [
      terms.dealId,
      terms.companyId,
      terms.companyPartyId,
      terms.providerPartyId,
      terms.seriesId,
      terms.classId,
      terms.tokens.toString(),
      terms.equityPpm,
      terms.capitalizationRules,
      terms.fullyDiluted.toString(),
      terms.shares.toString(),
      terms.referencePrice.toString(),
      terms.currency,
      terms.lockupEndsAt,
      terms.termsHash,
    ],
  );
  for (const [index, { trancheId, tokens, shares }] of terms.tranches.entries()) {
    await manager.query(
      `INSERT INTO tranches (tranche_id, deal_id, number, tokens, shares, status) VALUES ($1, $2, $3, $4, $5, 'pending')`,
      [trancheId, terms.dealId, index + 1, tokens.toString(), shares.toString()],
    );
  }
}
