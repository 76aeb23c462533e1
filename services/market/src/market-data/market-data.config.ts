import { z } from 'zod';

function wholeNumber(min: number, max: number, byDefault: number) {
  const expected = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .default(String(byDefault))
    .transform(Number)
    .pipe(z.int().min(min, expected).max(max, expected));
}

/** Settings of the market data; see README.md. */
export const marketDataSettings = {
  MARKET_DATA_TURN_MS: wholeNumber(1, 1_000, 5),
  MARKET_DATA_HEARTBEAT_MS: wholeNumber(100, 60_000, 5_000),
  MARKET_DATA_CONNECTIONS_MAX: wholeNumber(1, 100_000, 2_000),
  MARKET_DATA_CONNECTIONS_PER_ADDRESS_MAX: wholeNumber(1, 100_000, 1_000),
  MARKET_DATA_WAITING_BYTES_MAX: wholeNumber(65_536, 268_435_456, 4_194_304),
  MARKET_DATA_CHANGES_KEPT: wholeNumber(1, 1_000_000, 16_384),
  REFERENCE_PRICE_WINDOW_MINUTES: wholeNumber(1, 10_080, 60),
  REFERENCE_PRICE_TRADES_MIN: wholeNumber(1, 1_000_000, 3),
} as const;
export type MarketDataConfig = {
  readonly [Name in keyof typeof marketDataSettings]: z.output<(typeof marketDataSettings)[Name]>;
};
