import { Inject, Injectable } from '@nestjs/common';
import { streamIds } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import { Clock, inSlices } from '@specie/nest-platform';
import { microTokens, type MicroTokens } from '@specie/quantities';
import { coverageOf, maturityLadder, type Coverage, type LadderStep } from './coverage.js';
import { dayOf } from './days.js';
import { type BurnedBySeries } from '../provider/provider.commands.js';
import { allMintableNow, coverageProblem } from '../provider/provider.decider.js';
import { providerAggregate, type RegisteredProvider } from '../provider/provider.state.js';
import { ProvidersQuery } from '../provider/provider.query.js';

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
export class CoverageReads {
  private readonly commands: CommandHandler;
  private readonly providers: ProvidersQuery;
  private readonly clock: Clock;
  private readonly kept = new Map<
    string,
    { readonly state: string; readonly read: Promise<CoverageRead> }
  >();

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
    @Inject(Clock) clock: Clock,
  ) {
    this.commands = commands;
    this.providers = providers;
    this.clock = clock;
  }

  /** Null for a party that is no provider. */
  async of(providerId: string): Promise<CoverageRead | null> {
    const { state, version } = await this.commands.load(
      streamIds.provider(providerId),
      providerAggregate,
    );
    if (state.status === 'unregistered') return null;
    const now = this.clock.now();
    const burned = await this.providers.burned(providerId, dayOf(now));
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
