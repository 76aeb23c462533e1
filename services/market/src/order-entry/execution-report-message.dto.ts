import { formatMicro, microMoney } from '@specie/quantities';
import type { ExecutionReport } from '../shard/execution-report.js';
import type { ExecutionReportMessage } from './order-entry.dto.js';

/** The report as its owner receives it. */
export function messageOf(report: ExecutionReport, at: string): ExecutionReportMessage {
  const { orderId, clientOrderId, seriesId, side, execType, ordStatus, fill, reason } = report;
  const { cumQty, leavesQty, cumNotional } = report;
  return {
    type: 'execution-report',
    orderId,
    clientOrderId: clientOrderId ?? null,
    ...{ seriesId, side, execType, ordStatus, cumQty, leavesQty },
    // A tick per lot is a micro-dollar, and a token has 100 lots.
    avgPx:
      cumQty === 0 ? null : formatMicro(microMoney((BigInt(cumNotional) * 100n) / BigInt(cumQty))),
    ...fill,
    ...(reason === undefined ? {} : { reason }),
    at,
  };
}
