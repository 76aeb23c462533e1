import type { WireData } from '../../wire-events.js';

type Accepted = WireData<'market.order-accepted'>;

/** An order as its events left it; one that ended has nothing left. */
export class Order {
  readonly orderId: string;
  readonly partyId: string;
  readonly seriesId: string;
  readonly side: Accepted['side'];
  readonly timeInForce: Accepted['timeInForce'];
  readonly isByAmount: boolean;
  readonly isPostOnly: boolean;
  readonly displayLots: number;
  readonly expiresAtMs: number;
  readonly selfTradePrevention: NonNullable<Accepted['selfTradePrevention']>;
  /** What it is now: a stop order that was triggered is a market or limit order. */
  kind: Accepted['kind'];
  priceTicks: number;
  stopPriceTicks: number;
  quantityLots: number;
  leavesLots: number;
  filledLots = 0;
  /** What is left of the amount of an order by amount, in micro-dollars. */
  amountLeft: bigint;
  /** Micro-dollars of a buy, micro-tokens of a sell. */
  reservedPerLot: bigint;
  isOpen = true;
  /** The other leg of an OCO pair. */
  partner: Order | null = null;
  /** What an iceberg shows while it rests, where that is less than what is left. */
  visibleLots = 0;
  /** Its place in time among the resting orders; 0 while it does not rest. */
  priority = 0;

  constructor(data: Accepted) {
    this.orderId = data.orderId;
    this.partyId = data.partyId;
    this.seriesId = data.seriesId;
    this.side = data.side;
    this.timeInForce = data.timeInForce;
    this.isByAmount = data.quoteAmount !== undefined;
    this.isPostOnly = data.postOnly !== undefined;
    this.displayLots = data.displayLots ?? 0;
    this.expiresAtMs = data.expiresAt === undefined ? Infinity : Date.parse(data.expiresAt);
    this.selfTradePrevention = data.selfTradePrevention ?? 'cancel_newest';
    this.kind = data.kind;
    this.priceTicks = data.priceTicks;
    this.stopPriceTicks = data.stopPriceTicks ?? 0;
    this.quantityLots = data.quantityLots;
    this.leavesLots = data.quantityLots;
    this.amountLeft = BigInt(data.quoteAmount ?? 0);
    this.reservedPerLot = perLot(data.reserved, data.quantityLots);
  }

  get reserved(): bigint {
    return this.reservedPerLot * BigInt(this.leavesLots);
  }

  /** Whether it waits for its stop price. */
  get isPending(): boolean {
    return this.kind === 'stop' || this.kind === 'stop_limit';
  }

  /** Limit and stop-limit orders have a price; for the others it is an option. */
  get hasPrice(): boolean {
    return this.kind === 'limit' || this.kind === 'stop_limit' || this.priceTicks > 0;
  }

  end(): void {
    this.isOpen = false;
    this.leavesLots = 0;
    this.priority = 0;
  }
}

/** What each of the lots that are left sets aside. */
export function perLot(reserved: number, lots: number): bigint {
  return lots === 0 ? 0n : BigInt(reserved) / BigInt(lots);
}

/** Who places an order chooses its id. */
export function orderKey(partyId: string, orderId: string): string {
  return `${partyId}/${orderId}`;
}
