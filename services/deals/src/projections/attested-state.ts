import type { AttestedRows } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import { DealEntity, HoldingEntity, ShareClassEntity } from './tables.js';

/** What the service itself holds, as docs/architecture.md names it; read in one transaction. */
export const attested: readonly AttestedRows[] = [
  {
    name: 'classes',
    read: async (manager) =>
      (await manager.find(ShareClassEntity)).map(
        ({ classId, companyId, authorised, issued, cancelled, reserved }) => [
          classId,
          {
            companyId,
            authorised: authorised.toString(),
            issued: issued.toString(),
            cancelled: cancelled.toString(),
            // Absent where nothing is reserved: what was attested before shares were reserved stays comparable.
            ...(reserved > 0n ? { reserved: reserved.toString() } : {}),
          },
        ],
      ),
  },
  {
    name: 'holdings',
    read: async (manager) =>
      (await manager.find(HoldingEntity)).map(({ classId, partyId, companyId, shares }) => [
        `${classId}/${partyId}`,
        { companyId, shares: shares.toString() },
      ]),
  },
  {
    name: 'deals',
    read: async (manager) =>
      (await manager.find(DealEntity)).map(({ dealId, status, tokensAccepted, sharesIssued }) => [
        dealId,
        {
          status,
          tokensAccepted: formatMicro(tokensAccepted),
          sharesIssued: sharesIssued.toString(),
        },
      ]),
  },
];
