import { eventCodec, streamIds } from '@specie/contracts';
import {
  accept,
  CommandHandler,
  InMemoryEventStore,
  reject,
  type CommandContext,
  type Handled,
  type StreamRef,
} from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { h100eWeightVersion, microTokens, type GpuSku, type MicroTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import { accountTerms, escrowTerms } from '../src/account-terms.js';
import {
  accountAggregate,
  balancesOf,
  captureHold,
  depositToEscrow,
  receiveMint,
  releaseHold,
  totalOf,
  transferTokens,
  type Account,
  type AccountEvent,
  type AccountTerms,
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
  type ProviderEvent,
} from '../src/domain/provider/index.js';
import { settleWithdrawal, withdrawalAggregate } from '../src/domain/withdrawal/index.js';
import { Books } from './fold.js';

const seed = Number(process.env['SEED'] ?? 20_260_301);
const stepCount = 1_500;

/** mulberry32: small, seeded, and good enough to vary a story. */
function randomOf(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const provider = derivedId('party', 'nordic');
const parties = ['acme', 'bolt', 'core'].map((name) => derivedId('party', name));
const series = [
  {
    seriesId: derivedId('series', 'spring'),
    skus: ['H100-SXM'],
    windowFromOn: '2026-03-01',
    windowToOn: '2026-03-20',
  },
  {
    seriesId: derivedId('series', 'any'),
    skus: ['H100-SXM', 'B200'],
    windowFromOn: '2026-03-05',
    windowToOn: '2026-04-10',
  },
].map((terms) => ({ ...terms, skus: terms.skus as GpuSku[], providerId: provider }));
type SimulatedSeries = (typeof series)[number];

/** Random commands of every kind against the in-memory log, repeats and redeliveries included. */
class Simulation {
  readonly store = new InMemoryEventStore();
  readonly books = new Books();
  readonly counts = { accepted: 0, rejected: 0, repeated: 0 };
  private readonly random = randomOf(seed);
  private commands = new CommandHandler(this.store, eventCodec);
  private now = Date.parse('2026-03-01T00:00:00.000Z');
  private position = 0;
  private commandCount = 0;
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

  /** Runs a command; now and then again, as a redelivery would, which must add nothing. */
  private async twice(
    run: (context: CommandContext) => Promise<Handled<string>>,
  ): Promise<Handled<string>> {
    this.commandCount += 1;
    const commandId = derivedId('simulated', String(this.commandCount));
    const now = new Date(this.now).toISOString();
    const context: CommandContext = {
      commandId,
      now,
      actor: provider,
      correlationId: commandId,
      causationId: commandId,
      inbox: { consumer: 'simulation', eventId: commandId },
    };
    const handled = await run(context);
    this.counts[handled.outcome === 'accepted' ? 'accepted' : 'rejected'] += 1;
    if (handled.outcome === 'accepted' && this.random(4) === 0) {
      const before = (await this.store.readAll(0, Number.MAX_SAFE_INTEGER)).length;
      const other =
        this.random(2) === 0 ? this.commands : new CommandHandler(this.store, eventCodec);
      const current = this.commands;
      this.commands = other;
      await run({ ...context, now: new Date(this.now + 1).toISOString() });
      this.commands = current;
      this.counts.repeated += 1;
      expect((await this.store.readAll(0, Number.MAX_SAFE_INTEGER)).length).toBe(before);
      this.commands.clearCache();
    }
    return handled;
  }

  private async setUp(): Promise<void> {
    const stream = { streamId: streamIds.provider(provider), aggregate: providerAggregate };
    await this.twice((context) => {
      const data = { providerId: provider, uptimeHaircutBps: 300, eligible: true };
      return this.commands.handle({
        ...stream,
        decide: (state) => registerProvider({ data, metadata: context }, state),
        context,
      });
    });
    for (const each of series) {
      await this.twice((context) => {
        const { seriesId, skus, windowFromOn, windowToOn } = each;
        const treasuryAccountId = accountTerms(each, provider).accountId;
        const terms = {
          seriesId,
          treasuryAccountId,
          windowFromOn,
          windowToOn,
          skus,
          region: 'eu-north',
          transferable: true,
        };
        const data = { ...terms, eligible: true };
        return this.commands.handle({
          ...stream,
          decide: (state) => openSeries({ data, metadata: context }, state),
          context,
        });
      });
    }
    for (let count = 0; count < 4; count += 1) {
      await this.capacity(true);
    }
  }

  private async capacity(attested = this.random(2) === 0): Promise<void> {
    const stream = { streamId: streamIds.provider(provider), aggregate: providerAggregate };
    const { state } = await this.commands.load(stream.streamId, providerAggregate);
    const known = state.status === 'registered' ? [...state.commitments.keys()] : [];
    const burned = this.burned();
    if (known.length > 4 && this.random(2) === 0) {
      const commitmentId = known[this.random(known.length)] ?? '';
      await this.twice((context) =>
        this.commands.handle({
          ...stream,
          decide: (current) =>
            withdrawCapacity({ data: { commitmentId, burned }, metadata: context }, current),
          context,
        }),
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
    await this.twice((context) =>
      this.commands.handle({
        ...stream,
        decide: (current) => commitCapacity({ data, metadata: context }, current),
        context,
      }),
    );
    if (attested) {
      await this.twice((context) =>
        this.commands.handle({
          ...stream,
          decide: (current) =>
            attestCapacity(
              {
                data: { commitmentId, attestedBy: parties[0] ?? '', evidenceHash: 'ab'.repeat(32) },
                metadata: context,
              },
              current,
            ),
          context,
        }),
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

  /** S1, S6 and S7 over the whole log, and the state the deciders see against plain additions. */
  private async check(where: string): Promise<void> {
    const events = await this.store.readAll(this.position, Number.MAX_SAFE_INTEGER);
    events.forEach((event) => {
      this.books.add(event);
    });
    this.position += events.length;
    for (const [seriesId, { minted, burned }] of this.books.series) {
      const inAccounts = [...this.books.accounts.values()]
        .filter((account) => account.seriesId === seriesId)
        .reduce((sum, account) => sum + account.available + account.held, 0n);
      expect(inAccounts + burned, `S1 ${where}`).toBe(minted);
    }
    for (const { quantity, captured, released, status } of this.books.holds.values()) {
      const open = quantity - captured - released;
      expect(open >= 0n && (status === 'open' || open === 0n), `S6 ${where}`).toBe(true);
    }
    const touched = new Set(
      events.map(({ streamId }) => streamId).filter((streamId) => streamId.startsWith('account-')),
    );
    for (const streamId of touched) {
      const account = this.books.accounts.get(streamId.slice('account-'.length));
      const { state } = await this.commands.load(streamId, accountAggregate);
      const { available, held } = balancesOf(state, new Date(this.now).toISOString());
      expect([available, held], where).toEqual([account?.available, account?.held]);
      expect(available >= 0n && held >= 0n, `S7 ${where}`).toBe(true);
    }
  }

  private burned(): ReadonlyMap<string, bigint> {
    return new Map([...this.books.series].map(([seriesId, row]) => [seriesId, row.burned]));
  }

  private anySeries(): SimulatedSeries {
    const each = series[this.random(series.length)];
    if (!each) throw new Error('there are series');
    return each;
  }

  private anyParty(): string {
    return parties[this.random(parties.length)] ?? '';
  }

  private quantity(wholeMax: number): MicroTokens {
    return microTokens(BigInt(this.random(wholeMax)) * 1_000_000n + BigInt(this.random(1_000_000)));
  }
}

type PlacedMint =
  | { readonly stream: 'provider'; readonly event: ProviderEvent }
  | { readonly stream: 'treasury'; readonly event: AccountEvent };

function accountStream({ accountId }: AccountTerms): StreamRef<Account, AccountEvent> {
  return { streamId: streamIds.account(accountId), aggregate: accountAggregate };
}

function bothStreams(
  from: AccountTerms,
  to: AccountTerms,
): {
  readonly from: StreamRef<Account, AccountEvent>;
  readonly to: StreamRef<Account, AccountEvent>;
} {
  return { from: accountStream(from), to: accountStream(to) };
}

function dayAfter(day: string, count: number): string {
  return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
}

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
