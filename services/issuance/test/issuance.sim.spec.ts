import { eventCodec, streamIds } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import { accountTerms, escrowTerms, lotIdOf } from '../src/account/account-terms.js';
import {
  captureHold,
  depositToEscrow,
  releaseHold,
  transferTokens,
} from '../src/account/account.decider.js';
import { accountAggregate } from '../src/account/account.state.js';
import { totalOf } from '../src/account/lots.js';
import { grantAggregate, grantTokens } from '../src/grant/grant.decider.js';
import { holdAggregate, holdTokens } from '../src/hold/hold.decider.js';
import { coverageOf } from '../src/coverage/coverage.js';
import { mintIntoTreasury } from '../src/mint/mint.decider.js';
import { coverageProblem } from '../src/provider/coverage-problem.js';
import { mintableNow } from '../src/provider/mintable.js';
import { providerAggregate } from '../src/provider/provider.state.js';
import { settleWithdrawal, withdrawalAggregate } from '../src/withdrawal/withdrawal.decider.js';
import {
  accountStream,
  bothStreams,
  dayAfter,
  provider,
  seed,
  stepCount,
  type SimulatedSeries,
} from './simulated-log.js';
import { SimulatedProvider } from './simulated-provider.js';

/** Random commands of every kind against the in-memory log, repeats and redeliveries included. */
class Simulation extends SimulatedProvider {
  /** What the meter captured of each hold, to be burned. */
  private readonly captured = new Map<string, bigint>();
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
    const mintId = this.chosenId();
    const treasury = accountTerms(each, provider);
    const lotId = lotIdOf('mint', treasury, mintId);
    const earlier = await this.earlier(treasury, 'mint received', mintId);
    const data = { seriesId: each.seriesId, mintId, quantity, earlier, burned, eligible: true };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: { provider: stream, treasury: accountStream(treasury) },
        decide: (states) =>
          mintIntoTreasury({ data, metadata: context }, { lotId, treasury }, states),
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
      lotId: lotIdOf('grant', from, grantId),
      conflict: null,
      lockupEndsAt,
      seriesProviderId: provider,
      seriesWindowToOn: each.windowToOn,
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
    const movementId = this.chosenId();
    const data = {
      ...{ movementId, quantity: this.quantity(200), from, to, ...eligible },
      lotId: lotIdOf('transfer', from, movementId),
      earlier: await this.earlier(from, 'transfer sent', movementId),
    };
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
    const movementId = this.chosenId();
    const data = {
      movementId,
      lotId: lotIdOf('escrow', from, movementId),
      earlier: await this.earlier(from, 'escrow sent', movementId),
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
    const withdrawalId = this.chosenId();
    const lotId = lotIdOf('withdrawal', to, withdrawalId);
    const data = { withdrawalId, lotId, conflict: null, quantity: this.quantity(150), from, to };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: {
          withdrawal: {
            streamId: streamIds.withdrawal(to.partyId, withdrawalId),
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
      conflict: null,
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
    // The meter makes each id once, yet a client may have chosen it for something else.
    const chosenId = this.chosenId();
    const account = accountTerms(known.series, known.partyId);
    const captureId = (await this.earlier(account, 'redemption burned', chosenId))
      ? derivedId('capture', String(this.commandCount))
      : chosenId;
    await this.twice(async (context) => {
      // As the consumer does, which looks the capture up in the statement of the account.
      if (await this.earlier(account, 'redemption burned', captureId))
        return { outcome: 'accepted', answer: null, repeated: true, versions: new Map() };
      return this.commands.handle({
        ...stream,
        decide: (state) =>
          captureHold({ data: { holdId: known.holdId, captureId, quantity } }, state),
        context,
      });
    });
    this.captured.set(known.holdId, (this.captured.get(known.holdId) ?? 0n) + quantity);
    await this.check('after a capture');
    expect(this.books.holds.get(known.holdId)?.captured, 'S6: burned what was captured').toBe(
      this.captured.get(known.holdId),
    );
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
