import { microTokens, quantityMax, type MicroTokens } from '@specie/quantities';
import { mintableOf, mintables } from '../coverage/coverage.js';
import { coverageProblem } from './coverage-problem.js';
import type { BurnedBySeries } from './provider.commands.js';
import type { RegisteredProvider, Series } from './provider.state.js';

interface Asked {
  readonly burned: BurnedBySeries;
  readonly now: string;
}

/** The largest mint of a series that would be accepted now. */
export function mintableNow(
  state: RegisteredProvider,
  seriesId: string,
  { burned, now }: Asked,
): MicroTokens {
  const series = state.series.get(seriesId);
  if (!series) return microTokens(0n);
  return withinLimit(series, mintableOf(coverageProblem(state, burned, now), seriesId));
}

/** The same of every series whose window is not over, one after another; see `mintables`. */
export function* allMintableNow(
  state: RegisteredProvider,
  { burned, now }: Asked,
): Generator<{ readonly seriesId: string; readonly quantity: MicroTokens }> {
  for (const { seriesId, quantity } of mintables(coverageProblem(state, burned, now))) {
    const series = state.series.get(seriesId);
    if (series) yield { seriesId, quantity: withinLimit(series, quantity) };
  }
}

function withinLimit({ minted }: Series, mintable: bigint): MicroTokens {
  const untilLimit = quantityMax - 1n - minted;
  return microTokens(mintable < untilLimit ? mintable : untilLimit);
}
