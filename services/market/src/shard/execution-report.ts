import type { OrderCancelled } from '@specie/contracts';
import type { OpenOrder } from './open-orders.js';

/** FIX 5.0 SP2, ExecType(150): why a report is sent. */
export type ExecType = '0' | '4' | '5' | 'C' | 'D' | 'F' | 'L';
/** FIX 5.0 SP2, OrdStatus(39): what the order is after it. */
export type OrdStatus = '0' | '1' | '2' | '4' | 'C';

/** What happened to an order, for its owner. Quantities in lots, prices in ticks, money in micro-dollars. */
export interface ExecutionReport {
  readonly partyId: string;
  readonly orderId: string;
  readonly clientOrderId: string | undefined;
  readonly seriesId: string;
  readonly side: OpenOrder['side'];
  readonly execType: ExecType;
  readonly ordStatus: OrdStatus;
  readonly cumQty: number;
  readonly leavesQty: number;
  /** Sum of price times quantity of all its fills. */
  readonly cumNotional: number;
  /** Of this fill. */
  readonly fill?: {
    readonly tradeId: string;
    readonly lastQty: number;
    readonly lastPx: number;
    /** Negative is a rebate. */
    readonly fee: number;
  };
  /** Why it ended. */
  readonly reason?: OrderCancelled['data']['reason'];
}

export function reportOn(
  order: OpenOrder,
  execType: ExecType,
  { cumQty, leavesQty }: { readonly cumQty: number; readonly leavesQty: number },
): ExecutionReport {
  const { partyId, orderId, clientOrderId, seriesId, side } = order;
  return {
    ...{ partyId, orderId, clientOrderId, seriesId, side, execType, cumQty, leavesQty },
    ordStatus: statusOf(execType, cumQty, leavesQty),
    cumNotional: order.filledNotional,
  };
}

function statusOf(execType: ExecType, cumQty: number, leavesQty: number): OrdStatus {
  if (execType === '4' || execType === 'C') return execType;
  if (leavesQty > 0 || cumQty === 0) return cumQty > 0 ? '1' : '0';
  return '2';
}
