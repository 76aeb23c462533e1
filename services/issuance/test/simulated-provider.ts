import { streamIds } from '@specie/contracts';
import type { CommandMetadata } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { h100eWeightVersion } from '@specie/quantities';
import { accountTerms } from '../src/account/account-terms.js';
import {
  attestCapacity,
  commitCapacity,
  registerProvider,
  withdrawCapacity,
  type ProviderDecision,
} from '../src/provider/provider.decider.js';
import { openSeries } from '../src/series/series.decider.js';
import { providerAggregate, type Provider } from '../src/provider/provider.state.js';
import { dayAfter, parties, provider, series, SimulatedLog } from './simulated-log.js';

/** The provider of the simulation: its series, and capacity that comes and goes. */
export abstract class SimulatedProvider extends SimulatedLog {
  protected onProvider(
    decide: (state: Provider, metadata: CommandMetadata) => ProviderDecision,
  ): Promise<unknown> {
    const streamId = streamIds.provider(provider);
    return this.twice((context) =>
      this.commands.handle({
        streamId,
        aggregate: providerAggregate,
        decide: (state) => decide(state, context),
        context,
      }),
    );
  }

  protected async setUp(): Promise<void> {
    const data = { providerId: provider, uptimeHaircutBps: 300, eligible: true };
    await this.onProvider((state, metadata) => registerProvider({ data, metadata }, state));
    for (const each of series) {
      const { providerId: _, ...window } = each;
      const treasuryAccountId = accountTerms(each, provider).accountId;
      const terms = { ...window, treasuryAccountId, region: 'eu-north', transferable: true };
      await this.onProvider((state, metadata) =>
        openSeries({ data: { ...terms, eligible: true }, metadata }, state),
      );
    }
    for (let count = 0; count < 4; count += 1) {
      await this.capacity(true);
    }
  }

  protected async capacity(attested = this.random(2) === 0): Promise<void> {
    const { state } = await this.commands.load(streamIds.provider(provider), providerAggregate);
    const known = state.status === 'registered' ? [...state.commitments.keys()] : [];
    if (known.length > 4 && this.random(2) === 0) {
      const withdrawal = {
        commitmentId: known[this.random(known.length)] ?? '',
        burned: this.burned(),
      };
      await this.onProvider((current, metadata) =>
        withdrawCapacity({ data: withdrawal, metadata }, current),
      );
      return;
    }
    const commitmentId = derivedId('commitment', String(this.commandCount));
    const from = this.random(30);
    const data = {
      commitmentId,
      sku: this.random(2) === 0 ? ('H100-SXM' as const) : ('B200' as const),
      gpuCount: 1 + this.random(20),
      fromOn: dayAfter('2026-03-01', from),
      toOn: dayAfter('2026-03-01', from + this.random(20)),
      weightVersion: h100eWeightVersion,
      eligible: true,
    };
    await this.onProvider((current, metadata) => commitCapacity({ data, metadata }, current));
    if (attested) {
      const evidence = {
        commitmentId,
        attestedBy: parties[0] ?? '',
        evidenceHash: 'ab'.repeat(32),
      };
      await this.onProvider((current, metadata) =>
        attestCapacity({ data: evidence, metadata }, current),
      );
    }
  }
}
