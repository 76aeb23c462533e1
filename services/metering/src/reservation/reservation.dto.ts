import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery, streamVersion } from '@specie/nest-platform';
import { atoms, gpuSeconds, microTokens } from '@specie/quantities';
import { z } from 'zod';
import { isHoldOverdue } from './hold-deadline.js';
import type { ReservationRow } from './reservation.table.js';

const status = z.enum(['requested', 'refused', 'confirmed', 'closed']).meta({
  description: '`requested`: the issuer has not answered; `confirmed`: use can be metered.',
});
const sequence = z.int().min(0);

export const reservationParams = z.strictObject({ reservationId: named.reservationId });

export const redemptionRequest = z.strictObject({
  reservationId: chosenId(named.reservationId),
  seriesId: named.seriesId,
  sku: fields.sku,
  quantity: described(
    fields.tokenQuantity,
    'How much to hold: the most that the reservation can cost.',
    '10.000000',
  ),
  usageFromAt: described(
    fields.instant,
    'Use counts from this instant on; from the request on where it is left out.',
  ).optional(),
  expiresAt: described(
    fields.instant,
    'Use that ends later does not count. Not beyond the delivery window of the series.',
    '2026-03-02T08:00:00.000Z',
  ),
});

export const reservationsQuery = pageQuery.extend({
  status: status.optional(),
  partyId: named.partyId.optional(),
  holdOverdue: z
    .enum(['true'])
    .meta({
      description:
        'Only those whose tokens the issuer has not held for longer than it should take.',
    })
    .optional(),
});
export const reservationResponse = z.strictObject({
  reservationId: named.reservationId,
  partyId: named.partyId,
  seriesId: named.seriesId,
  sku: fields.sku,
  weightVersion: named.weightVersion,
  weightPpm: named.weightPpm,
  quantity: described(fields.tokenQuantity, 'How much was asked for.', '10.000000'),
  status,
  reason: described(
    fields.reasonCode,
    'Why it was refused or closed; null otherwise.',
    'expired',
  ).nullable(),
  held: described(fields.tokenQuantity, 'How much the issuer holds for it.', '10.000000'),
  captured: named.captured,
  released: named.released,
  open: described(fields.tokenQuantity, 'Held and not captured or released yet.', '7.000000'),
  usageCount: described(sequence, 'How many usage records were counted.', 3),
  gpuSeconds: named.gpuSeconds,
  atoms: named.atoms,
  requestedAt: described(fields.instant, 'When it was asked for.'),
  usageFromAt: described(
    fields.instant,
    'Use that began earlier does not count; null for reservations from before there was such a rule.',
  ).nullable(),
  expiresAt: described(
    fields.instant,
    'Use that ends later does not count.',
    '2026-03-02T08:00:00.000Z',
  ),
  graceEndsAt: described(
    fields.instant,
    'Finished use may be reported until then; then what was not captured is released.',
    '2026-03-02T09:00:00.000Z',
  ),
  closedAt: described(
    fields.instant,
    'When it was closed; null before.',
    '2026-03-02T09:00:00.000Z',
  ).nullable(),
  holdOverdue: z
    .boolean()
    .meta({ description: 'Whether the issuer has not answered for longer than it should.' }),
  streamVersion,
});
export const reservationsResponse = pageOf(reservationResponse);

export type ReservationResponse = z.output<typeof reservationResponse>;

export function toReservationResponse(row: ReservationRow, now: string): ReservationResponse {
  const ended = row.status === 'closed' || row.status === 'refused';
  return {
    reservationId: row.reservationId,
    partyId: row.partyId,
    seriesId: row.seriesId,
    sku: row.sku,
    weightVersion: row.weightVersion,
    weightPpm: row.weightPpm,
    quantity: microTokens(row.quantity),
    status: row.status,
    reason: row.reason,
    held: microTokens(row.held),
    captured: microTokens(row.captured),
    released: microTokens(row.released),
    open: microTokens(ended ? 0n : row.held - row.captured - row.released),
    usageCount: row.usageCount,
    gpuSeconds: gpuSeconds(row.gpuSeconds),
    atoms: atoms(row.atoms),
    requestedAt: row.requestedAt.toISOString(),
    usageFromAt: row.usageFromAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    graceEndsAt: new Date(row.expiresAt.getTime() + row.graceSeconds * 1_000).toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    holdOverdue: isHoldOverdue(row, now),
    streamVersion: row.streamVersion,
  };
}
