import type { AttestedCollection } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import type { EntityManager } from 'typeorm';
import { DealEntity, HoldingEntity, ShareClassEntity } from './tables.js';

/** What the service itself holds, as docs/architecture.md names it; read in one transaction. */
export async function attestedState(
  manager: EntityManager,
): Promise<readonly AttestedCollection[]> {
  const classes = await manager.find(ShareClassEntity);
  const holdings = await manager.find(HoldingEntity);
  const deals = await manager.find(DealEntity);
  return [
    {
      name: 'classes',
      rows: classes.map(({ classId, companyId, authorised, issued, cancelled, reserved }) => [
        classId,
        {
          companyId,
          authorised: authorised.toString(),
          issued: issued.toString(),
          cancelled: cancelled.toString(),
          // Absent where nothing is reserved: what was attested before shares were reserved stays comparable.
          ...(reserved > 0n ? { reserved: reserved.toString() } : {}),
        },
      ]),
    },
    {
      name: 'holdings',
      rows: holdings.map(({ classId, partyId, companyId, shares }) => [
        `${classId}/${partyId}`,
        { companyId, shares: shares.toString() },
      ]),
    },
    {
      name: 'deals',
      rows: deals.map(({ dealId, status, tokensAccepted, sharesIssued }) => [
        dealId,
        {
          status,
          tokensAccepted: formatMicro(tokensAccepted),
          sharesIssued: sharesIssued.toString(),
        },
      ]),
    },
  ];
}
