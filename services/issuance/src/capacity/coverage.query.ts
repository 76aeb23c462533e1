import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler } from '@specie/event-sourcing';
import { Clock, inSlices, NotFound } from '@specie/nest-platform';
import { microTokens, type MicroTokens } from '@specie/quantities';
import type { z } from 'zod';
import {
  coverageOf,
  maturityLadder,
  type Coverage,
  type LadderStep,
} from '../coverage/coverage.js';
import { dayOf } from '../coverage/days.js';
import { coverageProblem } from '../provider/coverage-problem.js';
import { allMintableNow } from '../provider/mintable.js';
import type { BurnedBySeries } from '../provider/provider.commands.js';
import { providerStream, type RegisteredProvider } from '../provider/provider.state.js';
import { SeriesQuery } from '../series/series.query.js';
import { toLadderResponse, toShortfallResponse, type coverageResponse } from './coverage.dto.js';

/** How a provider stands on a day. */
export interface CoverageRead {
  readonly asOfOn: string;
  readonly coverage: Coverage;
  readonly ladder: readonly LadderStep[];
  readonly mintable: readonly { readonly seriesId: string; readonly quantity: MicroTokens }[];
}

/** Providers whose latest result is kept. */
const keptCountMax = 256;

/**
 * Computes coverage once for each state of a provider, whoever asks how often: the state is the version of its stream,
 * the day and what was burned. What the largest mints cost to find grows with the square of what a provider has, so it
 * is found in slices between which others are served.
 */
@Injectable()
export class CoverageQuery {
  private readonly kept = new Map<
    string,
    { readonly state: string; readonly read: Promise<CoverageRead> }
  >();

  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws NotFound `provider_unregistered` */
  async shown(providerId: string): Promise<z.output<typeof coverageResponse>> {
    const read = await this.of(providerId);
    if (!read) throw new NotFound('provider_unregistered');
    const { asOfOn, coverage, ladder, mintable } = read;
    return {
      providerId,
      asOfOn,
      covered: coverage.covered,
      shortfall: toShortfallResponse(coverage),
      ladder: ladder.map(toLadderResponse),
      mintable: [...mintable],
    };
  }

  /** Null for a party that is no provider. */
  private async of(providerId: string): Promise<CoverageRead | null> {
    const { streamId, aggregate } = providerStream(providerId);
    const { state, version } = await this.commands.load(streamId, aggregate);
    if (state.status === 'unregistered') return null;
    const now = this.clock.now();
    const burned = await this.series.burned(providerId, dayOf(now));
    // What is burned of a series only grows, so equal sums are equal parts.
    const burnedInAll = [...burned.values()].reduce((sum, each) => sum + each, 0n);
    const key = `${version}/${dayOf(now)}/${burnedInAll}`;
    const earlier = this.kept.get(providerId);
    if (earlier?.state === key) return earlier.read;
    const read = compute(state, burned, now);
    read.catch(() => this.kept.delete(providerId));
    this.keep(providerId, { state: key, read });
    return read;
  }

  private keep(
    providerId: string,
    entry: { readonly state: string; readonly read: Promise<CoverageRead> },
  ): void {
    this.kept.delete(providerId);
    this.kept.set(providerId, entry);
    const [oldest] = this.kept.keys();
    if (this.kept.size > keptCountMax && oldest !== undefined) {
      this.kept.delete(oldest);
    }
  }
}

async function compute(
  state: RegisteredProvider,
  burned: BurnedBySeries,
  now: string,
): Promise<CoverageRead> {
  const problem = coverageProblem(state, burned, now);
  const asOfOn = dayOf(now);
  const coverage = coverageOf(problem);
  const ladder = maturityLadder(problem);
  const found = await inSlices(allMintableNow(state, { burned, now }));
  const bySeries = new Map(found.map(({ seriesId, quantity }) => [seriesId, quantity]));
  const mintable = problem.obligations.map(({ seriesId }) => ({
    seriesId,
    quantity: bySeries.get(seriesId) ?? microTokens(0n),
  }));
  return { asOfOn, coverage, ladder, mintable };
}
