import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import { In, type EntityManager } from 'typeorm';
import { FoldedRows } from '../folded-rows.js';
import type { DealEvent, DealTerms } from './deal.state.js';
import { dealTable, trancheTable, type DealRow, type TrancheRow } from './deal.table.js';

interface Changes {
  readonly deals: FoldedRows<DealRow>;
  readonly tranches: FoldedRows<TrancheRow>;
}

export const dealProjection = defineProjection<DealEvent, Changes>({
  name: 'deals',
  changes: rowsOf,
  events: {
    'deals.deal-offered': ({ deals, tranches }, { data, streamVersion }) => {
      deals.add(offeredRow(data, streamVersion));
      trancheRowsOf(data).forEach((row) => {
        tranches.add(row);
      });
    },
    'deals.deal-signed': (changes, event) => {
      const deal = changedDeal(changes, event);
      deal.signedBy = [...deal.signedBy, event.data.side];
      if (deal.signedBy.length === 2) {
        deal.status = 'signed';
      }
    },
    'deals.deal-cancelled': (changes, event) => {
      changedDeal(changes, event).status = 'cancelled';
    },
    'deals.board-approved': (changes, event) => {
      changedDeal(changes, event).status = 'approved';
    },
    'deals.deal-activated': (changes, event) => {
      changedDeal(changes, event).status = 'active';
    },
    'deals.tranche-opened': (changes, event) => {
      const openedAt = new Date(event.occurredAt);
      changeTranche(changes, event, { status: 'opened', openedAt, failureReason: null });
    },
    'deals.tranche-delivered': (changes, event) => {
      changeTranche(changes, event, { status: 'delivered', grantId: event.data.grantId });
    },
    'deals.tranche-failed': (changes, event) => {
      changeTranche(changes, event, { status: 'failed', failureReason: event.data.reason });
    },
    'deals.tranche-accepted': (changes, event) => {
      const { tokens } = changeTranche(changes, event, { status: 'accepted' });
      const deal = changedDeal(changes, event);
      deal.tokensAccepted += tokens;
      deal.sharesIssued += event.data.shares;
    },
    'deals.deal-completed': (changes, event) => {
      changedDeal(changes, event).status = 'completed';
    },
  },
  write: async (manager, { deals, tranches }) => {
    await dealTable.insert(manager, deals.added);
    await dealTable.set(manager, deals.known());
    await trancheTable.insert(manager, tranches.added);
    await trancheTable.set(manager, tranches.known());
  },
});

/** The deals and tranches that the events are about. */
async function rowsOf(
  manager: EntityManager,
  events: readonly PlacedEvent<DealEvent>[],
): Promise<Changes> {
  const dealIds = events.map(({ data }) => data.dealId);
  const trancheIds = events.flatMap(({ data }) => ('trancheId' in data ? [data.trancheId] : []));
  const deals = await manager.findBy(dealTable.entity, { dealId: In(dealIds) });
  const tranches = await manager.findBy(trancheTable.entity, { trancheId: In(trancheIds) });
  return {
    deals: new FoldedRows(deals, ({ dealId }) => dealId),
    tranches: new FoldedRows(tranches, ({ trancheId }) => trancheId),
  };
}

function changedDeal({ deals }: Changes, { data, streamVersion }: PlacedEvent<DealEvent>): DealRow {
  const deal = deals.get(data.dealId);
  deal.streamVersion = streamVersion;
  return deal;
}

function changeTranche(
  changes: Changes,
  event: PlacedEvent<Extract<DealEvent, { readonly data: { readonly trancheId: string } }>>,
  change: Partial<TrancheRow>,
): TrancheRow {
  changedDeal(changes, event);
  return Object.assign(changes.tranches.get(event.data.trancheId), change);
}

function offeredRow({ tranches: _tranches, ...terms }: DealTerms, streamVersion: number): DealRow {
  const nothing = { signedBy: [], tokensAccepted: 0n, sharesIssued: 0n };
  return { ...terms, status: 'offered', ...nothing, streamVersion };
}

function trancheRowsOf({ dealId, tranches }: DealTerms): readonly TrancheRow[] {
  return tranches.map((tranche, index) => ({
    ...tranche,
    dealId,
    number: index + 1,
    status: 'pending',
    openedAt: null,
    failureReason: null,
    grantId: null,
  }));
}
