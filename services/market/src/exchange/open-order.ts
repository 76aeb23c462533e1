export type Side = 'buy' | 'sell';

/** An order that rests in a book. */
export interface OpenOrder {
  readonly orderId: string;
  readonly orderNumber: number;
  readonly seriesId: string;
  readonly partyId: string;
  readonly side: Side;
  readonly priceTicks: number;
  /** Micro-dollars of a buy, micro-tokens of a sell. */
  readonly reservedPerLot: bigint;
  leavesLots: number;
}
