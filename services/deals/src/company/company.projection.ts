import type { SharesCancelled, SharesIssued } from '@specie/contracts';
import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import { In, type EntityManager } from 'typeorm';
import { FoldedRows } from '../folded-rows.js';
import type { CompanyEvent } from './company.state.js';
import {
  companyTable,
  holdingTable,
  reservationTable,
  shareClassTable,
  shareEntryTable,
  type CompanyRow,
  type HoldingRow,
  type ReservationRow,
  type ShareClassRow,
} from './company.table.js';

interface Entry {
  readonly entryId: string;
  readonly companyId: string;
  readonly cause: string;
}

interface Changes {
  readonly registered: CompanyRow[];
  readonly versions: Map<string, number>;
  readonly classes: FoldedRows<ShareClassRow>;
  readonly reservations: FoldedRows<ReservationRow>;
  /** What holders got and gave up, by class and holder. */
  readonly holdings: Map<string, HoldingRow>;
  readonly entries: Entry[];
}

export const companyProjection = defineProjection<CompanyEvent, Changes>({
  name: 'companies',
  changes: async (manager, events) => ({
    registered: [],
    versions: new Map(),
    ...(await rowsOf(manager, events)),
    holdings: new Map(),
    entries: [],
  }),
  events: {
    'deals.company-registered': ({ registered }, { data, streamVersion }) => {
      const { companyId, partyId, directorPartyIds } = data;
      registered.push({ companyId, partyId, directorPartyIds, streamVersion });
    },
    'deals.share-class-authorised': (changes, event) => {
      noteVersion(changes, event);
      const { companyId, classId, kind, authorised } = event.data;
      const known = changes.classes.find(classId);
      if (known?.companyId === companyId) {
        known.authorised = authorised;
      } else {
        // A class id that another company uses meets the primary key.
        const none = { issued: 0n, cancelled: 0n, reserved: 0n };
        changes.classes.add({ classId, companyId, kind, authorised, ...none });
      }
    },
    'deals.shares-reserved': (changes, event) => {
      noteVersion(changes, event);
      const { dealId, classId, shares } = event.data;
      changes.reservations.add({ dealId, classId, shares: 0n });
      reserve(changes, dealId, shares);
    },
    'deals.shares-released': (changes, event) => {
      noteVersion(changes, event);
      reserve(changes, event.data.dealId, 0n - event.data.shares);
    },
    'deals.shares-issued': (changes, event) => {
      noteVersion(changes, event);
      const { data } = event;
      if (data.dealId !== null) {
        reserve(changes, data.dealId, 0n - data.shares);
      }
      changes.classes.get(data.classId).issued += data.shares;
      hold(changes, data, data.shares);
      const { issuanceId: entryId, companyId, cause } = data;
      changes.entries.push({ entryId, companyId, cause });
    },
    'deals.shares-cancelled': (changes, event) => {
      noteVersion(changes, event);
      const { data } = event;
      changes.classes.get(data.classId).cancelled += data.shares;
      hold(changes, data, 0n - data.shares);
      const { cancellationId: entryId, companyId } = data;
      changes.entries.push({ entryId, companyId, cause: 'cancellation' });
    },
  },
  write: async (manager, changes) => {
    const { registered, versions, classes, reservations, holdings, entries } = changes;
    await companyTable.insert(manager, registered);
    await companyTable.set(
      manager,
      [...versions].map(([companyId, streamVersion]) => ({ companyId, streamVersion })),
    );
    await shareClassTable.insert(manager, classes.added);
    await shareClassTable.set(manager, classes.known());
    await reservationTable.insert(manager, reservations.added);
    await reservationTable.set(manager, reservations.known());
    await holdingTable.addOrInsert(manager, [...holdings.values()]);
    await shareEntryTable.insert(manager, entries);
  },
});

/** The classes and reservations that the events are about. */
async function rowsOf(
  manager: EntityManager,
  events: readonly PlacedEvent<CompanyEvent>[],
): Promise<Pick<Changes, 'classes' | 'reservations'>> {
  const classIds = events.flatMap(({ data }) => ('classId' in data ? [data.classId] : []));
  const dealIds = events.flatMap(({ data }) =>
    'dealId' in data && data.dealId !== null ? [data.dealId] : [],
  );
  const classes = await manager.findBy(shareClassTable.entity, { classId: In(classIds) });
  const reservations = await manager.findBy(reservationTable.entity, { dealId: In(dealIds) });
  return {
    classes: new FoldedRows(classes, ({ classId }) => classId),
    reservations: new FoldedRows(reservations, ({ dealId }) => dealId),
  };
}

function noteVersion(
  { versions }: Changes,
  { data, streamVersion }: PlacedEvent<CompanyEvent>,
): void {
  versions.set(data.companyId, streamVersion);
}

/** Adds to what a deal reserved and to its class; a deal signed before shares were reserved has no row. */
function reserve({ classes, reservations }: Changes, dealId: string, shares: bigint): void {
  const reservation = reservations.find(dealId);
  if (reservation) {
    reservation.shares += shares;
    classes.get(reservation.classId).reserved += shares;
  }
}

function hold(
  { holdings }: Changes,
  data: Pick<
    SharesIssued['data'] | SharesCancelled['data'],
    'classId' | 'holderPartyId' | 'companyId'
  >,
  shares: bigint,
): void {
  const { classId, holderPartyId: partyId, companyId } = data;
  const key = `${classId} ${partyId}`;
  const change = holdings.get(key) ?? { classId, partyId, companyId, shares: 0n };
  change.shares += shares;
  holdings.set(key, change);
}
