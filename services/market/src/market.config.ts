import { z } from 'zod';
import { marketDataSettings } from './market-data/market-data.config.js';

const openMaxLimit = 1_000_000;

/** The service's own settings; see README.md. */
export const marketConfig = z.object({
  ...marketDataSettings,
  /** So many token withdrawals may wait for the issuer; a new one is refused beyond that. */
  WITHDRAWALS_OPEN_MAX: z
    .string()
    .regex(/^\d{1,7}$/, `a whole number from 1 to ${openMaxLimit}`)
    .default('1000')
    .transform(Number)
    .pipe(z.int().min(1).max(openMaxLimit, `a whole number from 1 to ${openMaxLimit}`)),
});
export type MarketConfig = z.output<typeof marketConfig>;
