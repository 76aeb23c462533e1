import { described, fields } from '@specie/contracts';
import type { JsonValue } from '@specie/event-sourcing';
import { formatMicro, microMoney } from '@specie/quantities';
import { z } from 'zod';
import type { OrderRow } from '../shard/shard.table.js';

/** FIX 5.0 SP2, OrdStatus(39). */
export const ordStatus = z.enum(['0', '1', '2', '4', '8', 'C']).meta({
  description:
    'FIX OrdStatus(39): 0 new, 1 partially filled, 2 filled, 4 cancelled, 8 rejected, C expired.',
});
/** FIX 5.0 SP2, ExecType(150). */
export const execType = z.enum(['0', '4', '5', '8', 'C', 'D', 'F', 'L']).meta({
  description:
    'FIX ExecType(150), why the report is sent: 0 new, 4 cancelled, 5 replaced, 8 rejected, C expired, D restated, F trade, L triggered.',
});

/** How an order stands, in the names and values of FIX. */
export const execution = z
  .strictObject({
    ordStatus,
    cumQty: described(fields.lots, 'CumQty(14): what is filled.', 1_500),
    leavesQty: described(fields.lots, 'LeavesQty(151): what is not filled yet.', 500),
    avgPx: described(
      fields.moneyQuantity,
      'AvgPx(6): the average price of its fills, in dollars per token; null without a fill.',
      '2.495000',
    ).nullable(),
  })
  .meta({ description: 'How the order stands, in the names and values of FIX 5.0 SP2.' });
export type Execution = z.output<typeof execution>;

type Standing = Pick<
  OrderRow,
  'status' | 'cancelReason' | 'filledLots' | 'leavesLots' | 'filledNotional'
>;

export function executionOf(order: Standing): Execution {
  return {
    ordStatus: ordStatusOf(order),
    cumQty: order.filledLots,
    leavesQty: order.leavesLots,
    avgPx: averagePrice(order.filledLots, order.filledNotional),
  };
}

export function ordStatusOf({
  status,
  cancelReason,
  filledLots,
}: Pick<Standing, 'status' | 'cancelReason' | 'filledLots'>): z.output<typeof ordStatus> {
  switch (status) {
    case 'open':
      return filledLots > 0 ? '1' : '0';
    case 'filled':
      return '2';
    case 'cancelled':
      return cancelReason === 'expired_day' || cancelReason === 'expired_time' ? 'C' : '4';
  }
}

/**
 * In micro-dollars per token, rounded down; null without a fill.
 * `notional` is in ticks times lots: a tick per lot is a micro-dollar, and a token has 100 lots.
 */
export function averagePrice(lots: number, notional: bigint): Execution['avgPx'] {
  return lots === 0 ? null : microMoney((notional * 100n) / BigInt(lots));
}

/** The same as it is stored with an answer: decimal strings. */
export function executionWire(order: Standing): z.input<typeof execution> {
  const { avgPx, ...rest } = executionOf(order);
  return { ...rest, avgPx: avgPx === null ? null : formatMicro(avgPx) };
}

/** An order's standing as it is answered and stored. */
export function standingWire(order: Standing): { readonly [key: string]: JsonValue } {
  const { status, filledLots, leavesLots } = order;
  return { status, filledLots, leavesLots, execution: executionWire(order) };
}
