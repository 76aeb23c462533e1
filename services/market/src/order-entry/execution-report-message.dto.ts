import { formatMicro } from '@specie/quantities';
import { averagePrice } from '../order/execution.dto.js';
import type { ExecutionReport } from '../shard/execution-report.js';
import type { ExecutionReportMessage } from './order-entry.dto.js';

/** The report as its owner receives it. */
export function messageOf(report: ExecutionReport, at: string): ExecutionReportMessage {
  const { orderId, clientOrderId, seriesId, side, execType, ordStatus, fill, reason } = report;
  const { cumQty, leavesQty, cumNotional } = report;
  const avgPx = averagePrice(cumQty, BigInt(cumNotional));
  return {
    type: 'execution-report',
    orderId,
    clientOrderId: clientOrderId ?? null,
    ...{ seriesId, side, execType, ordStatus, cumQty, leavesQty },
    avgPx: avgPx === null ? null : formatMicro(avgPx),
    ...fill,
    ...(reason === undefined ? {} : { reason }),
    at,
  };
}
