import { described, fields, named } from '@specie/contracts';
import { pageOf } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { z } from 'zod';
import type { HoldRow } from './hold.table.js';

export const holdResponse = z.strictObject({
  holdId: named.holdId,
  accountId: named.accountId,
  quantity: described(fields.tokenQuantity, 'How much was held.', '10.000000'),
  captured: named.captured,
  released: named.released,
  status: z.enum(['open', 'closed']).meta({ description: 'Whether it still holds tokens.' }),
  expiresAt: described(fields.instant, 'When the hold ends at the latest.'),
});
export const holdsPage = pageOf(holdResponse);

export function toHoldResponse(row: HoldRow): z.output<typeof holdResponse> {
  const { holdId, accountId, status } = row;
  return {
    holdId,
    accountId,
    quantity: microTokens(row.quantity),
    captured: microTokens(row.captured),
    released: microTokens(row.released),
    status,
    expiresAt: row.expiresAt.toISOString(),
  };
}
