import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery, streamVersion } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { z } from 'zod';
import { balancesOf } from './account.decider.js';
import { type Account } from './account.state.js';
import type { AccountRow, MovementRow } from './account.table.js';

export const accountParams = z.strictObject({ accountId: named.accountId });
export const accountsQuery = pageQuery.extend({
  partyId: named.partyId.optional(),
  seriesId: named.seriesId.optional(),
});

export const transferRequest = z.strictObject({
  movementId: chosenId(named.movementId),
  toPartyId: named.toPartyId,
  quantity: described(fields.tokenQuantity, 'How much to transfer.'),
});
export const escrowDepositRequest = z.strictObject({
  movementId: chosenId(named.movementId),
  quantity: described(fields.tokenQuantity, 'How much to put into the escrow.'),
});

export const accountResponse = z.strictObject({
  accountId: named.accountId,
  seriesId: named.seriesId,
  partyId: named.partyId,
  kind: named.accountKind,
  available: described(
    fields.tokenQuantity,
    'What can be used; a part of it may be locked up.',
    '245.000000',
  ),
  held: described(fields.tokenQuantity, 'What is set aside for reservations.', '5.000000'),
  streamVersion,
});
export const accountDetailResponse = accountResponse.extend({
  locked: described(
    fields.tokenQuantity,
    'The part of `available` that cannot be sent yet.',
    '100.000000',
  ),
  lots: z
    .array(
      z.strictObject({
        lotId: named.lotId,
        quantity: described(fields.tokenQuantity, 'How much is left of the lot.'),
        lockupEndsAt: named.lockupEndsAt,
      }),
    )
    .max(10_000)
    .meta({ description: 'The lots in the order in which they are spent, each with its lock-up.' }),
});
export const movementResponse = z.strictObject({
  movementId: named.movementId,
  position: z
    .int()
    .min(1)
    .meta({ description: 'The place of the movement in the log of the service.', examples: [379] }),
  movement: z
    .enum(['mint', 'grant', 'transfer', 'escrow', 'withdrawal', 'redemption'])
    .meta({ description: 'Why the tokens moved.' }),
  direction: z
    .enum(['received', 'sent', 'burned'])
    .meta({ description: 'Whether they came, went or were used up.' }),
  counterPartyId: named.counterPartyId,
  quantity: described(fields.tokenQuantity, 'How much moved.'),
  occurredAt: described(fields.instant, 'When.'),
});
export const accountsPage = pageOf(accountResponse);
export const movementsPage = pageOf(movementResponse);

export function toAccountResponse(row: AccountRow): z.output<typeof accountResponse> {
  const { accountId, seriesId, partyId, streamVersion } = row;
  return {
    accountId,
    seriesId,
    partyId,
    kind: row.kind,
    available: microTokens(row.available),
    held: microTokens(row.held),
    streamVersion,
  };
}

/** Built from the folded stream, so balances, lots and version are of one moment. */
export function toAccountDetailResponse(
  row: AccountRow,
  folded: { readonly state: Account; readonly version: number },
  now: string,
): z.output<typeof accountDetailResponse> {
  const lots = folded.state.status === 'open' ? folded.state.lots : [];
  return {
    ...toAccountResponse(row),
    ...balancesOf(folded.state, now),
    lots: lots.map(({ lotId, quantity, lockupEndsAt }) => ({ lotId, quantity, lockupEndsAt })),
    streamVersion: folded.version,
  };
}

export function toMovementResponse(row: MovementRow): z.output<typeof movementResponse> {
  const { movementId, position, movement, direction, counterPartyId } = row;
  return {
    movementId,
    position,
    movement,
    direction,
    counterPartyId,
    quantity: microTokens(row.quantity),
    occurredAt: row.occurredAt.toISOString(),
  };
}
