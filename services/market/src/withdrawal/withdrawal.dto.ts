import { described, fields, named } from '@specie/contracts';
import { chosenId } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { z } from 'zod';
import type { WithdrawalRow } from './withdrawal.table.js';

export const withdrawalParams = z.strictObject({ withdrawalId: named.withdrawalId });

export const tokenWithdrawalRequest = z.strictObject({
  withdrawalId: chosenId(named.withdrawalId),
  seriesId: named.seriesId,
  quantity: described(fields.tokenQuantity, 'How much to take out.'),
});
export const withdrawalResponse = z.strictObject({
  withdrawalId: named.withdrawalId,
  partyId: named.partyId,
  seriesId: named.seriesId,
  quantity: described(fields.tokenQuantity, 'How much is taken out.'),
  status: z.enum(['requested', 'completed', 'reverted']).meta({
    description:
      '`completed`: the tokens are at the issuer; `reverted`: they are back in the trading account.',
  }),
  reason: described(fields.reasonCode, 'Why the issuer refused; null otherwise.').nullable(),
  requestedAt: described(fields.instant, 'When it was asked for.'),
  endedAt: described(
    fields.instant,
    'When it was completed or reverted; null while it waits.',
  ).nullable(),
});

export function toWithdrawalResponse(row: WithdrawalRow): z.output<typeof withdrawalResponse> {
  return {
    withdrawalId: row.withdrawalId,
    partyId: row.partyId,
    seriesId: row.seriesId,
    quantity: microTokens(row.quantity),
    status: row.status,
    reason: row.reason,
    requestedAt: row.requestedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
