import {
  defineTable,
  int32,
  oneOf,
  text,
  uuid,
  uuids,
  whole,
  type RowOf,
} from '@specie/postgres-event-store';

export const companyTable = defineTable({
  name: 'companies',
  columns: {
    companyId: uuid(),
    partyId: uuid(),
    directorPartyIds: uuids(),
    streamVersion: int32(),
  },
  primaryKey: ['companyId'],
});
export type CompanyRow = RowOf<typeof companyTable>;

/** The checks are the last line of S5: an event that would break it does not commit. */
export const shareClassTable = defineTable({
  name: 'share_classes',
  columns: {
    classId: uuid(),
    companyId: uuid(),
    kind: oneOf('common', 'preferred'),
    authorised: whole(),
    issued: whole(),
    cancelled: whole(),
    reserved: whole().default(0n),
  },
  primaryKey: { name: 'share_classes_once', columns: ['classId'] },
  references: { companyId: companyTable },
  checks: {
    share_classes_issued_check: 'issued >= 0',
    share_classes_cancelled_check: 'cancelled >= 0',
    share_classes_reserved_check: 'reserved >= 0',
    share_classes_within_authorised:
      'issued >= cancelled and issued - cancelled + reserved <= authorised',
  },
  indexes: { share_classes_company_id_class_id_idx: '(company_id, class_id)' },
});
export type ShareClassRow = RowOf<typeof shareClassTable>;

export const holdingTable = defineTable({
  name: 'holdings',
  columns: { classId: uuid(), partyId: uuid(), companyId: uuid(), shares: whole() },
  primaryKey: ['classId', 'partyId'],
  references: { classId: shareClassTable },
  checks: { holdings_not_negative: 'shares >= 0' },
  indexes: { holdings_by_holder: '(company_id, party_id) where shares > 0' },
});
export type HoldingRow = RowOf<typeof holdingTable>;

/** The ids of issuances and cancellations, each used once for a cause in a company. */
export const shareEntryTable = defineTable({
  name: 'share_entries',
  columns: { entryId: uuid(), companyId: uuid(), cause: text() },
  primaryKey: { name: 'share_entries_once', columns: ['entryId', 'companyId', 'cause'] },
});

/** What is reserved by deal; a deal that was signed before shares were reserved has no row. */
export const reservationTable = defineTable({
  name: 'share_reservations',
  columns: { dealId: uuid(), classId: uuid(), shares: whole() },
  primaryKey: ['dealId'],
  references: { classId: shareClassTable },
  checks: { share_reservations_shares_check: 'shares >= 0' },
});
export type ReservationRow = RowOf<typeof reservationTable>;
