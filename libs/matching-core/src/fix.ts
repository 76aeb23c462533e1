import type { CancelReason, CommandKind, MatchingEvent, RejectReason, Side } from './types.js';

/** The FIX field and value that answer a refused command: CxlRejReason(102) for cancel and replace, else OrdRejReason(103). */
export interface FixReject {
  readonly tag: 102 | 103;
  readonly value: number;
}

interface Codes {
  readonly ord: number;
  readonly cxl: number;
}

/** SPEC 3. 99 is "other". */
export const FIX_REJECT: Readonly<Record<RejectReason, Codes>> = {
  malformed_command: { ord: 99, cxl: 99 },
  unknown_book: { ord: 1, cxl: 99 },
  unknown_account: { ord: 15, cxl: 99 },
  account_killed: { ord: 0, cxl: 2 },
  duplicate_order_id: { ord: 6, cxl: 99 },
  unknown_order: { ord: 5, cxl: 1 },
  too_late: { ord: 4, cxl: 0 },
  phase_refuses_orders: { ord: 2, cxl: 2 },
  phase_refuses_cancel: { ord: 2, cxl: 2 },
  combination_invalid: { ord: 11, cxl: 99 },
  phase_refuses_combination: { ord: 11, cxl: 99 },
  stp_required: { ord: 11, cxl: 99 },
  order_not_replaceable: { ord: 99, cxl: 2 },
  quantity_out_of_range: { ord: 13, cxl: 99 },
  quantity_not_on_lot: { ord: 13, cxl: 99 },
  display_quantity_invalid: { ord: 13, cxl: 99 },
  price_out_of_range: { ord: 99, cxl: 99 },
  price_not_on_tick: { ord: 18, cxl: 18 },
  price_outside_band: { ord: 16, cxl: 8 },
  stop_price_out_of_range: { ord: 99, cxl: 99 },
  stop_price_not_on_tick: { ord: 18, cxl: 18 },
  notional_out_of_range: { ord: 3, cxl: 99 },
  expire_time_passed: { ord: 4, cxl: 99 },
  oco_partner_invalid: { ord: 99, cxl: 99 },
  post_only_would_take: { ord: 99, cxl: 99 },
  open_orders_limit: { ord: 3, cxl: 99 },
  order_capacity_reached: { ord: 3, cxl: 99 },
  insufficient_cash: { ord: 3, cxl: 99 },
  insufficient_tokens: { ord: 3, cxl: 99 },
  amount_out_of_range: { ord: 99, cxl: 99 },
  balance_overflow: { ord: 99, cxl: 99 },
  config_invalid: { ord: 99, cxl: 99 },
  book_has_orders: { ord: 99, cxl: 99 },
  bands_invalid: { ord: 99, cxl: 99 },
  time_not_increasing: { ord: 99, cxl: 99 },
  phase_unchanged: { ord: 99, cxl: 99 },
  phase_not_auction: { ord: 99, cxl: 99 },
  book_crossed: { ord: 99, cxl: 99 },
  unknown_trade: { ord: 99, cxl: 99 },
  trade_already_busted: { ord: 99, cxl: 99 },
  fees_invalid: { ord: 99, cxl: 99 },
};

export function fixReject(command: CommandKind, reason: RejectReason): FixReject {
  const codes = FIX_REJECT[reason];
  return command === 'cancel' || command === 'replace'
    ? { tag: 102, value: codes.cxl }
    : { tag: 103, value: codes.ord };
}

/** ExecType(150) says why a report is sent, OrdStatus(39) what the order is after it. */
export interface ExecutionReport {
  readonly orderId: number;
  readonly account: number;
  readonly execType: '0' | '4' | '5' | '8' | 'C' | 'D' | 'F' | 'L';
  readonly ordStatus: '0' | '1' | '2' | '4' | '8' | 'C';
  readonly cumQuantity: number;
  readonly leavesQuantity: number;
  /** Quantity and price of this fill; 0 unless execType is F. */
  readonly lastQuantity: number;
  readonly lastPrice: number;
  readonly fee: number;
  readonly reject?: FixReject;
  readonly cancelReason?: CancelReason;
  readonly side?: Side;
}

/** The execution reports that an event means, none for events that concern no order. A trade means two, maker first. */
export function executionReports(event: MatchingEvent): ExecutionReport[] {
  switch (event.type) {
    case 'accepted':
      return [{ ...report(event, '0', 0, event.quantity), ordStatus: '0', side: event.side }];
    case 'rejected': {
      const reject = fixReject(event.command, event.reason);
      return [{ ...report(event, '8', 0, 0), ordStatus: '8', reject }];
    }
    case 'trade':
      return [
        {
          ...report(
            { orderId: event.makerOrderId, account: event.makerAccount },
            'F',
            event.makerCumQuantity,
            event.makerLeavesQuantity,
          ),
          lastQuantity: event.quantity,
          lastPrice: event.price,
          fee: event.makerFee,
        },
        {
          ...report(
            { orderId: event.takerOrderId, account: event.takerAccount },
            'F',
            event.takerCumQuantity,
            event.takerLeavesQuantity,
          ),
          lastQuantity: event.quantity,
          lastPrice: event.price,
          fee: event.takerFee,
        },
      ];
    case 'canceled': {
      const expired = event.reason === 'expired_day' || event.reason === 'expired_time';
      return [
        {
          ...report(event, expired ? 'C' : '4', event.cumQuantity, 0),
          ordStatus: expired ? 'C' : '4',
          cancelReason: event.reason,
          side: event.side,
        },
      ];
    }
    case 'replaced':
      return [{ ...report(event, '5', event.cumQuantity, event.leavesQuantity), side: event.side }];
    case 'restated':
      return [{ ...report(event, 'D', event.cumQuantity, event.leavesQuantity), side: event.side }];
    case 'triggered':
      return [{ ...report(event, 'L', 0, event.leavesQuantity), side: event.side }];
    default:
      return [];
  }
}

function report(
  order: { readonly orderId: number; readonly account: number },
  execType: ExecutionReport['execType'],
  cumQuantity: number,
  leavesQuantity: number,
): ExecutionReport {
  return {
    orderId: order.orderId,
    account: order.account,
    execType,
    ordStatus: statusOf(cumQuantity, leavesQuantity),
    cumQuantity,
    leavesQuantity,
    lastQuantity: 0,
    lastPrice: 0,
    fee: 0,
  };
}

const statusOf = (cum: number, leaves: number): '0' | '1' | '2' =>
  leaves === 0 ? '2' : cum > 0 ? '1' : '0';
