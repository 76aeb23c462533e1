import type { OrderAccepted } from '@specie/contracts';
import { assertPossible } from '@specie/event-sourcing';
import type { OrderName, Side } from './shard.commands.js';

/** What must be known of an order to follow its reservation and its fills. */
export interface Followed extends OrderName {
  readonly seriesId: string;
  readonly side: Side;
  priceTicks: number;
  quantityLots: number;
  readonly quoteAmount: number | null;
  stopPriceTicks: number | null;
  /** Micro-dollars of a buy, micro-tokens of a sell. */
  reservedPerLot: bigint;
  filledLots: number;
  /** Micro-dollars. */
  filledNotional: bigint;
  leavesLots: number;
  visibleLots: number;
  readonly displayLots: number | null;
  isPending: boolean;
  status: 'open' | 'filled' | 'cancelled';
  cancelReason: string | null;
  askedPriceTicks: number | null;
  askedQuantityLots: number | null;
  askedStopPriceTicks: number | null;
  /** Whether more than its fills changed. */
  hasNewTerms: boolean;
}

/** An order as it is accepted. */
export function acceptedOrder(data: OrderAccepted['data']): Followed {
  const { seriesId, partyId, orderId, side, quantityLots, priceTicks } = data;
  return {
    ...{ seriesId, partyId, orderId, side, priceTicks, quantityLots },
    quoteAmount: data.quoteAmount ?? null,
    stopPriceTicks: data.stopPriceTicks ?? null,
    // An order by amount reserves nothing between commands.
    reservedPerLot: quantityLots === 0 ? 0n : BigInt(data.reserved) / BigInt(quantityLots),
    filledLots: 0,
    filledNotional: 0n,
    leavesLots: quantityLots,
    displayLots: data.displayLots ?? null,
    visibleLots: Math.min(data.displayLots ?? quantityLots, quantityLots),
    isPending: data.kind === 'stop' || data.kind === 'stop_limit',
    status: 'open',
    cancelReason: null,
    askedPriceTicks: data.askedPriceTicks ?? null,
    askedQuantityLots: null,
    askedStopPriceTicks: null,
    hasNewTerms: false,
  };
}

/** Takes a fill into the order, which rested or took. */
export function fill(
  order: Followed,
  { lots, notional, rested }: { lots: number; notional: bigint; rested: boolean },
): void {
  order.filledLots += lots;
  order.filledNotional += notional;
  if (order.quoteAmount === null) {
    order.leavesLots -= lots;
    show(order, rested ? order.visibleLots - lots : 0);
    order.status = order.leavesLots === 0 ? 'filled' : 'open';
  }
}

/** Shows what is left of the peak; an iceberg without any shows the next. */
function show(order: Followed, visibleLots: number): void {
  const peak = Math.min(order.displayLots ?? order.leavesLots, order.leavesLots);
  order.visibleLots = visibleLots > 0 ? Math.min(visibleLots, order.leavesLots) : peak;
}

/** Ends the order. One by amount that spent it is filled. */
export function end(order: Followed, reason: string): void {
  order.leavesLots = 0;
  order.visibleLots = 0;
  order.status = reason === 'quote_spent' && order.filledLots > 0 ? 'filled' : 'cancelled';
  order.cancelReason = reason;
}

interface Changed {
  readonly priceTicks?: number;
  readonly stopPriceTicks?: number | undefined;
  readonly quantityLots: number;
  readonly leavesLots: number;
  /** Whether the order goes on to show what it shows, less what was taken away. */
  readonly keptPriority: boolean;
}

/** Changes what the order asks for, and keeps what it asked at first. */
export function change(order: Followed, changed: Changed): void {
  const { priceTicks = order.priceTicks, stopPriceTicks, quantityLots, leavesLots } = changed;
  const { keptPriority } = changed;
  order.hasNewTerms = true;
  if (priceTicks !== order.priceTicks) {
    order.askedPriceTicks ??= order.priceTicks;
    order.priceTicks = priceTicks;
  }
  if (stopPriceTicks !== undefined && stopPriceTicks !== order.stopPriceTicks) {
    order.askedStopPriceTicks ??= order.stopPriceTicks;
    order.stopPriceTicks = stopPriceTicks;
  }
  if (quantityLots !== order.quantityLots) {
    order.askedQuantityLots ??= order.quantityLots;
    order.quantityLots = quantityLots;
  }
  order.leavesLots = leavesLots;
  show(order, keptPriority ? order.visibleLots : 0);
  order.status = leavesLots === 0 ? (order.filledLots > 0 ? 'filled' : 'cancelled') : 'open';
}

/** The sum that an order has set aside, stated by an event, for each of its lots. */
export function perLot(reserved: number, leavesLots: number): bigint {
  if (leavesLots === 0) return 0n;
  const each = BigInt(reserved) / BigInt(leavesLots);
  assertPossible(each * BigInt(leavesLots) === BigInt(reserved), 'a reservation is whole per lot');
  return each;
}
