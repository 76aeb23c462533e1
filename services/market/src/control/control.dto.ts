import { described, fields, named } from '@specie/contracts';
import { z } from 'zod';
import type { ControlRow } from './control.table.js';

export const killSwitchRequest = z.strictObject({
  engaged: z.boolean().meta({
    description:
      'Whether the switch is on: engaged, all open orders are cancelled and no new one is accepted.',
  }),
});
export const killSwitchResponse = z.strictObject({
  partyId: named.partyId,
  engaged: z.boolean().meta({ description: 'Whether orders of the party are refused.' }),
  byParty: z.boolean().meta({ description: 'Whether the party itself engaged the switch.' }),
  byOperator: z.boolean().meta({
    description: 'Whether an operator engaged it; then only an operator releases it.',
  }),
});

const openOrdersMax = described(
  fields.count,
  'The most open orders of the party; 0 is no limit.',
  1_000,
);
export const orderLimitRequest = z.strictObject({ openOrdersMax });
export const orderLimitResponse = z.strictObject({ partyId: named.partyId, openOrdersMax });

export function toKillSwitchResponse(
  partyId: string,
  row: ControlRow | null,
): z.output<typeof killSwitchResponse> {
  const { byParty, byOperator } = row ?? { byParty: false, byOperator: false };
  return { partyId, engaged: byParty || byOperator, byParty, byOperator };
}

export function toOrderLimitResponse(
  partyId: string,
  row: ControlRow | null,
): z.output<typeof orderLimitResponse> {
  return { partyId, openOrdersMax: row?.openOrdersMax ?? 0 };
}
