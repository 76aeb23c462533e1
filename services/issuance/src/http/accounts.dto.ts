import { fields } from '@specie/contracts';
import { pageOf, pageQuery } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { z } from 'zod';
import { balancesOf, type Account } from '../domain/account/index.js';
import type { AccountRow, HoldRow, MovementRow } from '../projections/tables.js';

const { id, instant, tokenQuantity } = fields;

export const accountParams = z.strictObject({ accountId: id });
export const accountsQuery = pageQuery.extend({ partyId: id.optional(), seriesId: id.optional() });

export const transferRequest = z.strictObject({
  movementId: id.optional(),
  toPartyId: id,
  quantity: tokenQuantity,
});
export const escrowDepositRequest = z.strictObject({
  movementId: id.optional(),
  quantity: tokenQuantity,
});

const kind = z.enum(['party', 'treasury', 'escrow']);

export const accountResponse = z.strictObject({
  accountId: id,
  seriesId: id,
  partyId: id,
  kind,
  available: tokenQuantity,
  held: tokenQuantity,
  streamVersion: z.int().min(1),
});
export const accountDetailResponse = accountResponse.extend({
  /** The part of `available` that cannot be sent yet. */
  locked: tokenQuantity,
  lots: z
    .array(z.strictObject({ lotId: id, quantity: tokenQuantity, lockupEndsAt: instant.nullable() }))
    .max(10_000),
});
export const holdResponse = z.strictObject({
  holdId: id,
  accountId: id,
  quantity: tokenQuantity,
  captured: tokenQuantity,
  released: tokenQuantity,
  status: z.enum(['open', 'closed']),
  expiresAt: instant,
});
export const movementResponse = z.strictObject({
  movementId: id,
  position: z.int().min(1),
  movement: z.enum(['mint', 'grant', 'transfer', 'escrow', 'withdrawal', 'redemption']),
  direction: z.enum(['received', 'sent', 'burned']),
  counterPartyId: id,
  quantity: tokenQuantity,
  occurredAt: instant,
});
export const accountsPage = pageOf(accountResponse);
export const holdsPage = pageOf(holdResponse);
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
