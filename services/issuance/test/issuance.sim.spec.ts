import { eventCodec, streamIds } from '@specie/contracts';
import { accept, CommandHandler, reject, type CommandMetadata } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { h100eWeightVersion, microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import { accountTerms, escrowTerms } from '../src/account-terms.js';
import {
  accountAggregate,
  captureHold,
  depositToEscrow,
  receiveMint,
  releaseHold,
  totalOf,
  transferTokens,
  type AccountEvent,
} from '../src/domain/account/index.js';
import { grantAggregate, grantTokens } from '../src/domain/grant/index.js';
import { holdAggregate, holdTokens } from '../src/domain/hold/index.js';
import {
  attestCapacity,
  commitCapacity,
  coverageOf,
  coverageProblem,
  mintableNow,
  mintTokens,
  openSeries,
  providerAggregate,
  registerProvider,
  withdrawCapacity,
  type Provider,
  type ProviderDecision,
  type ProviderEvent,
} from '../src/domain/provider/index.js';
import { settleWithdrawal, withdrawalAggregate } from '../src/domain/withdrawal/index.js';
import {
  accountStream,
  bothStreams,
  dayAfter,
  parties,
  provider,
  seed,
  series,
  SimulatedLog,
  stepCount,
  type SimulatedSeries,
} from './simulated-log.js';

/** Random commands of every kind against the in-memory log, repeats and redeliveries included. */
class Simulation extends SimulatedLog {
  private readonly holds: {
    readonly holdId: string;
    readonly series: SimulatedSeries;
    readonly partyId: string;
  }[] = [];

  async run(): Promise<void> {
    await this.setUp();
    for (let step = 0; step < stepCount; step += 1) {
      this.now += this.random(90) * 60_000;
      await this.step();
      await this.check(`step ${step}`);
      if (this.random(50) === 0) {
        // A crash: another process goes on with nothing but the log.
        this.commands = new CommandHandler(this.store, eventCodec);
      }
    }
  }

  private async step(): Promise<void> {
    const kinds = [
      () => this.mint(),
      () => this.grant(),
      () => this.grant(),
      () => this.transfer(),
      () => this.transfer(),
      () => this.escrow(),
      () => this.withdraw(),
      () => this.hold(),
      () => this.capture(),
      () => this.capture(),
      () => this.release(),
      () => this.capacity(),
    ];
    await kinds[this.random(kinds.length)]?.();
  }

  private onProvider(
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

  private async setUp(): Promise<void> {
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

  private async capacity(attested = this.random(2) === 0): Promise<void> {
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

  private async mint(): Promise<void> {
    const each = this.anySeries();
    const stream = { streamId: streamIds.provider(provider), aggregate: providerAggregate };
    const { state } = await this.commands.load(stream.streamId, providerAggregate);
    const now = new Date(this.now).toISOString();
    const burned = this.burned();
    const most =
      state.status === 'registered' ? mintableNow(state, each.seriesId, { burned, now }) : 0n;
    // Half of the mints are at the edge: everything that fits, or one micro-token more.
    const quantity =
      this.random(2) === 0 ? microTokens(most + BigInt(this.random(2))) : this.quantity(500);
    const mintId = derivedId('mint', String(this.commandCount));
    const treasury = accountTerms(each, provider);
    await this.twice((context) =>
      this.commands.handleMany({
        streams: { provider: stream, treasury: accountStream(treasury) },
        decide: (states) => {
          const data = { seriesId: each.seriesId, mintId, quantity, burned, eligible: true };
          const minted = mintTokens({ data, metadata: context }, states.provider);
          if (minted.outcome === 'rejected') return reject(minted.code);
          const received = receiveMint({ data: { mintId, quantity, treasury } }, states.treasury);
          return accept<PlacedMint>(
            ...minted.events.map((event) => ({ stream: 'provider' as const, event })),
            ...received.events.map((event) => ({ stream: 'treasury' as const, event })),
          );
        },
        context,
      }),
    );
    const after = await this.commands.load(stream.streamId, providerAggregate);
    const last = (await this.store.readAll(this.position, 1_000)).some(
      ({ type }) => type === 'issuance.tokens-minted',
    );
    if (last && after.state.status === 'registered') {
      expect(coverageOf(coverageProblem(after.state, burned, now)).covered, 'S2').toBe(true);
    }
  }

  private async grant(): Promise<void> {
    const each = this.anySeries();
    const partyId = this.anyParty();
    // Some tranches are opened again, whether they were granted or refused before.
    const trancheId = derivedId(
      'tranche',
      String(this.random(4) === 0 ? this.random(this.commandCount) : this.commandCount),
    );
    const from = accountTerms(each, provider);
    const to = accountTerms(each, partyId);
    const grantId = derivedId('grant', trancheId);
    const lockupEndsAt =
      this.random(2) === 0 ? `${dayAfter('2026-03-01', this.random(40))}T00:00:00.000Z` : null;
    const named = {
      dealId: trancheId,
      trancheId,
      grantId,
      seriesId: each.seriesId,
      fromPartyId: provider,
      toPartyId: partyId,
    };
    const eligible = { senderEligible: true, recipientEligible: this.random(8) > 0 };
    const data = {
      ...named,
      ...eligible,
      tokens: this.quantity(400),
      lockupEndsAt,
      seriesProviderId: provider,
      from,
      to,
    };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: {
          grant: { streamId: streamIds.grant(grantId), aggregate: grantAggregate },
          ...bothStreams(from, to),
        },
        decide: (states) => grantTokens({ data, metadata: context }, states),
        context,
      }),
    );
  }

  private async transfer(): Promise<void> {
    const each = this.anySeries();
    const from = accountTerms(each, this.random(5) === 0 ? provider : this.anyParty());
    const to = accountTerms(each, this.anyParty());
    const eligible = {
      transferable: true,
      senderEligible: true,
      recipientEligible: this.random(10) > 0,
    };
    const movementId = derivedId('movement', String(this.commandCount));
    const data = { movementId, quantity: this.quantity(200), from, to, ...eligible };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: bothStreams(from, to),
        decide: (accounts) => transferTokens({ data, metadata: context }, accounts),
        context,
      }),
    );
  }

  private async escrow(): Promise<void> {
    const each = this.anySeries();
    const from = accountTerms(each, this.anyParty());
    const to = escrowTerms(each);
    const movementId = derivedId('movement', String(this.commandCount));
    const data = {
      movementId,
      quantity: this.quantity(150),
      from,
      to,
      transferable: true,
      senderEligible: true,
    };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: bothStreams(from, to),
        decide: (accounts) => depositToEscrow({ data, metadata: context }, accounts),
        context,
      }),
    );
  }

  private async withdraw(): Promise<void> {
    const each = this.anySeries();
    const from = escrowTerms(each);
    const to = accountTerms(each, this.anyParty());
    const withdrawalId = derivedId('withdrawal', String(this.commandCount));
    const data = { withdrawalId, quantity: this.quantity(150), from, to };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: {
          withdrawal: {
            streamId: streamIds.withdrawal(withdrawalId),
            aggregate: withdrawalAggregate,
          },
          ...bothStreams(from, to),
        },
        decide: (states) => settleWithdrawal({ data, metadata: context }, states),
        context,
      }),
    );
  }

  private async hold(): Promise<void> {
    const each = this.anySeries();
    const partyId = this.anyParty();
    const holdId = derivedId('hold', String(this.commandCount));
    const sku = this.random(4) === 0 ? ('B200' as const) : ('H100-SXM' as const);
    const expiresAt = new Date(this.now + (this.random(72) - 2) * 3_600_000).toISOString();
    const named = { holdId, seriesId: each.seriesId, partyId };
    const data = {
      ...named,
      sku,
      quantity: this.quantity(120),
      expiresAt,
      series: each,
      eligible: true,
    };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: {
          hold: { streamId: streamIds.hold(holdId), aggregate: holdAggregate },
          account: accountStream(accountTerms(each, partyId)),
        },
        decide: (states) => holdTokens({ data, metadata: context }, states),
        context,
      }),
    );
    this.holds.push({ holdId, series: each, partyId });
  }

  private async capture(): Promise<void> {
    const known = this.holds[this.random(Math.max(this.holds.length, 1))];
    if (!known) return;
    const stream = accountStream(accountTerms(known.series, known.partyId));
    const { state } = await this.commands.load(stream.streamId, accountAggregate);
    const hold = state.status === 'open' ? state.holds.get(known.holdId) : undefined;
    if (!hold) return;
    const left = totalOf(hold.lots);
    const quantity =
      this.random(3) === 0 ? left : microTokens((left * BigInt(this.random(100))) / 100n);
    const captureId = derivedId('capture', String(this.commandCount));
    let isBurned = false;
    await this.twice(async (context) => {
      // As the consumer does, which looks the capture up in the statement of the account.
      if (isBurned)
        return { outcome: 'accepted', answer: null, repeated: true, versions: new Map() };
      const handled = await this.commands.handle({
        ...stream,
        decide: (account) =>
          captureHold({ data: { holdId: known.holdId, captureId, quantity } }, account),
        context,
      });
      isBurned = quantity > 0n;
      return handled;
    });
  }

  private async release(): Promise<void> {
    const known = this.holds[this.random(Math.max(this.holds.length, 1))];
    if (!known) return;
    await this.twice((context) =>
      this.commands.handle({
        ...accountStream(accountTerms(known.series, known.partyId)),
        decide: (account) => releaseHold({ data: { holdId: known.holdId } }, account),
        context,
      }),
    );
  }
}

type PlacedMint =
  | { readonly stream: 'provider'; readonly event: ProviderEvent }
  | { readonly stream: 'treasury'; readonly event: AccountEvent };

describe('Issuance under random commands', () => {
  it(`keeps its invariants at every step (SEED=${seed})`, async () => {
    const simulation = new Simulation();
    await simulation.run();
    const { accepted, rejected, repeated } = simulation.counts;
    // The story must not degenerate: every kind of event happened, and many commands were refused and repeated.
    const types = new Set(
      (await simulation.store.readAll(0, Number.MAX_SAFE_INTEGER)).map(({ type }) => type),
    );
    expect([...types].sort()).toEqual([
      'issuance.account-opened',
      'issuance.capacity-attested',
      'issuance.capacity-committed',
      'issuance.capacity-withdrawn',
      'issuance.grant-refused',
      'issuance.hold-captured',
      'issuance.hold-refused',
      'issuance.hold-released',
      'issuance.provider-registered',
      'issuance.series-opened',
      'issuance.tokens-granted',
      'issuance.tokens-held',
      'issuance.tokens-minted',
      'issuance.tokens-received',
      'issuance.tokens-sent',
      'issuance.withdrawal-refused',
      'issuance.withdrawal-settled',
    ]);
    expect(Math.min(accepted, rejected, repeated)).toBeGreaterThan(50);
  });
});
