/** `tokensPerDay` of a pool on every day of a range, both ends included. */
export interface Capacity {
  readonly pool: string;
  readonly fromDay: number;
  readonly toDay: number;
  readonly tokensPerDay: bigint;
}

export interface Obligation {
  readonly seriesId: string;
  readonly pools: readonly string[];
  readonly fromDay: number;
  readonly toDay: number;
  readonly outstanding: bigint;
}

export interface CoverageProblem {
  readonly today: number;
  readonly capacities: readonly Capacity[];
  readonly obligations: readonly Obligation[];
}

/** Series whose obligations exceed all the capacity that they may draw on in [fromDay, toDay]. */
export interface Shortfall {
  readonly fromDay: number;
  readonly toDay: number;
  readonly pools: readonly string[];
  readonly seriesIds: readonly string[];
  readonly obligations: bigint;
  readonly capacity: bigint;
}
