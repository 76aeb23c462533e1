import {
  eventCodec,
  type ShareClassAuthorised,
  type SharesCancelled,
  type SharesIssued,
  type SharesReserved,
} from '@specie/contracts';
import { assertNever } from '@specie/event-sourcing';
import type { Projection } from '@specie/nest-platform';
import type { EntityManager } from 'typeorm';
import type { CompanyEvent } from '../../domain/company/index.js';

const companyEventTypes: ReadonlySet<string> = new Set<CompanyEvent['type']>([
  'deals.company-registered',
  'deals.share-class-authorised',
  'deals.shares-reserved',
  'deals.shares-released',
  'deals.shares-issued',
  'deals.shares-cancelled',
]);

export const companiesProjection: Projection = {
  name: 'companies',
  async apply(manager, events) {
    for (const recorded of events) {
      if (companyEventTypes.has(recorded.type)) {
        const event = eventCodec.decode(recorded) as CompanyEvent;
        await writeEvent(manager, event);
        await manager.query('UPDATE companies SET stream_version = $2 WHERE company_id = $1', [
          event.data.companyId,
          recorded.streamVersion,
        ]);
      }
    }
  },
};

async function writeEvent(manager: EntityManager, { type, data }: CompanyEvent): Promise<void> {
  switch (type) {
    case 'deals.company-registered':
      await manager.query('INSERT INTO companies VALUES ($1, $2, $3, 1)', [
        data.companyId,
        data.partyId,
        data.directorPartyIds,
      ]);
      return;
    case 'deals.share-class-authorised':
      await authorise(manager, data);
      return;
    case 'deals.shares-reserved':
      await manager.query('INSERT INTO share_reservations VALUES ($1, $2, 0)', [
        data.dealId,
        data.classId,
      ]);
      return reserve(manager, data, data.shares);
    case 'deals.shares-released':
      return reserve(manager, data, 0n - data.shares);
    case 'deals.shares-issued':
      if (data.dealId !== null) {
        await reserve(manager, { dealId: data.dealId }, 0n - data.shares);
      }
      await addShares(manager, {
        ...data,
        entryId: data.issuanceId,
        cause: data.cause,
        column: 'issued',
        held: data.shares,
      });
      return;
    case 'deals.shares-cancelled':
      await addShares(manager, {
        ...data,
        entryId: data.cancellationId,
        cause: 'cancellation',
        column: 'cancelled',
        held: 0n - data.shares,
      });
      return;
    default:
      assertNever(type);
  }
}

async function authorise(
  manager: EntityManager,
  data: ShareClassAuthorised['data'],
): Promise<void> {
  const { companyId, classId, kind, authorised } = data;
  const [, updatedCount] = await manager.query<[unknown, number]>(
    'UPDATE share_classes SET authorised = $3 WHERE class_id = $1 AND company_id = $2',
    [classId, companyId, authorised.toString()],
  );
  if (updatedCount === 0) {
    // A class id that another company uses hits the primary key here.
    await manager.query('INSERT INTO share_classes VALUES ($1, $2, $3, $4, 0, 0)', [
      classId,
      companyId,
      kind,
      authorised.toString(),
    ]);
  }
}

/** Adds to what a deal reserved and to the class; a deal signed before shares were reserved has no row. */
async function reserve(
  manager: EntityManager,
  { dealId }: Pick<SharesReserved['data'], 'dealId'>,
  shares: bigint,
): Promise<void> {
  await manager.query(
    `WITH changed AS (
       UPDATE share_reservations SET shares = shares + $2 WHERE deal_id = $1 RETURNING class_id
     ) UPDATE share_classes SET reserved = reserved + $2
        WHERE class_id = (SELECT class_id FROM changed)`,
    [dealId, shares.toString()],
  );
}

async function addShares(
  manager: EntityManager,
  change: Pick<
    SharesIssued['data'] | SharesCancelled['data'],
    'companyId' | 'classId' | 'holderPartyId' | 'shares'
  > & {
    readonly entryId: string;
    readonly cause: string;
    readonly column: 'issued' | 'cancelled';
    readonly held: bigint;
  },
): Promise<void> {
  const { companyId, classId, holderPartyId, shares, entryId, cause, column, held } = change;
  await manager.query('INSERT INTO share_entries VALUES ($1, $2, $3)', [entryId, companyId, cause]);
  await manager.query(`UPDATE share_classes SET ${column} = ${column} + $2 WHERE class_id = $1`, [
    classId,
    shares.toString(),
  ]);
  await manager.query(
    'INSERT INTO holdings VALUES ($1, $2, $3, 0) ON CONFLICT (class_id, party_id) DO NOTHING',
    [classId, holderPartyId, companyId],
  );
  await manager.query(
    'UPDATE holdings SET shares = shares + $3 WHERE class_id = $1 AND party_id = $2',
    [classId, holderPartyId, held.toString()],
  );
}
