import { eventCodec, streamIds } from '@specie/contracts';
import {
  CommandHandler,
  type CommandContext,
  type Decision,
  type Handled,
} from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { microMoney, microTokens, shares, type Shares } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  authoriseShareClass,
  cancelShares,
  issueFoundingShares,
  registerCompany,
  type CompanyDecision,
} from '../src/company/company.decider.js';
import { companyStream, type Company } from '../src/company/company.state.js';
import { type SidesEligible } from '../src/deal/deal.commands.js';
import {
  activateDeal,
  approveDeal,
  cancelDeal,
  offerDeal,
  signDeal,
  type DealDecision,
} from '../src/deal/deal.decider.js';
import {
  dealAggregate,
  dealAndCompany,
  dealStream,
  type Deal,
  type DealAndCompany,
  type DealEvent,
} from '../src/deal/deal.state.js';
import {
  acceptTranche,
  deliverTranche,
  failTranche,
  openTranche,
} from '../src/tranche/tranche.decider.js';
import { acme, companyId, seed, SimulatedLog } from './simulated-log.js';

const stepCount = 2_000;
const ada = derivedId('party', 'ada');
const providers = ['nordic', 'sierra'].map((name) => derivedId('party', name));
const classes = {
  common: derivedId('class', 'common'),
  preferred: derivedId('class', 'preferred'),
};
/** Not a hash, but as good as one here: equal exactly for equal texts. */
const fakeHash = (text: string) => derivedId('hash', text).replaceAll('-', '').padEnd(64, '0');

/** Random commands of every kind against the in-memory log, repeats and late redeliveries included. */
class Simulation extends SimulatedLog {
  private readonly dealIds: string[] = [];
  /** What the issuer answered: deliveries that may come again at any later time. */
  private readonly answers: (() => Promise<Handled<string>>)[] = [];

  async run(): Promise<void> {
    await this.setUp();
    for (let step = 0; step < stepCount; step += 1) {
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
      () => this.offer(),
      () => this.sign(),
      () => this.sign(),
      () => this.approve(),
      () => this.activate(),
      () => this.open(),
      () => this.open(),
      () => this.answer(),
      () => this.answer(),
      () => this.accept(),
      () => this.accept(),
      () => this.authorise(),
      () => this.found(),
      () => this.surrender(),
      () => (this.random(8) === 0 ? this.cancel() : this.accept()),
      () => this.redeliver(),
    ];
    await kinds[this.random(kinds.length)]?.();
  }

  private onCompany(
    decide: (state: Company, context: CommandContext) => CompanyDecision,
  ): Promise<void> {
    return this.twice((context) =>
      this.commands.handle({
        ...companyStream(companyId),
        decide: (state) => decide(state, context),
        context,
      }),
    );
  }

  private onDeal(
    dealId: string,
    decide: (states: DealAndCompany, context: CommandContext) => DealDecision<string>,
  ): Promise<void> {
    return this.twice((context) =>
      this.commands.handleMany({
        streams: dealAndCompany({ dealId, companyId }),
        decide: (states) => decide(states, context),
        context,
      }),
    );
  }

  private handleDeal(
    dealId: string,
    decide: (state: Deal) => Decision<DealEvent, string>,
    context: CommandContext,
  ): Promise<Handled<string>> {
    return this.commands.handle({ ...dealStream(dealId), decide, context });
  }

  private async setUp(): Promise<void> {
    const data = { companyId, partyId: acme, directorPartyIds: [acme, ada], eligible: true };
    await this.onCompany((state, metadata) => registerCompany({ data, metadata }, state));
    await this.authorise('common', shares(10_000_000n), true);
    await this.authorise('preferred', shares(2_000_000n), true);
    await this.found(shares(5_000_000n), true, true);
  }

  private authorise(
    kind = this.anyKind(),
    authorised = shares(this.shares(40_000_000) + 4_000_000n),
    eligible = this.random(8) > 0,
  ): Promise<void> {
    const data = { classId: classes[kind], kind, authorised, eligible };
    return this.onCompany((state, metadata) => authoriseShareClass({ data, metadata }, state));
  }

  private found(
    quantity = this.shares(300_000),
    eligible = this.random(8) > 0,
    holderEligible = this.random(8) > 0,
  ): Promise<void> {
    const issuanceId = derivedId('founding', String(this.commandCount));
    const data = {
      classId: classes.common,
      issuanceId,
      holderPartyId: this.random(2) === 0 ? acme : ada,
      shares: quantity,
      eligible,
      holderEligible,
    };
    return this.onCompany((state, metadata) => issueFoundingShares({ data, metadata }, state));
  }

  private surrender(): Promise<void> {
    const holders = [acme, ada, ...providers];
    const data = {
      classId: classes[this.anyKind()],
      cancellationId: derivedId('cancellation', String(this.commandCount)),
      holderPartyId: holders[this.random(holders.length)] ?? acme,
      shares: this.shares(100_000),
      reason: 'surrendered' as const,
      eligible: this.random(8) > 0,
    };
    return this.onCompany((state, metadata) => cancelShares({ data, metadata }, state));
  }

  private async offer(): Promise<void> {
    const unfinished = [...this.books.deals.values()].filter(
      ({ status }) => status !== 'completed' && status !== 'cancelled',
    );
    if (unfinished.length >= 3 && this.random(20) > 0) return;
    const dealId = derivedId('deal', String(this.commandCount));
    const data = {
      dealId,
      companyId,
      providerPartyId: providers[this.random(providers.length)] ?? '',
      seriesId: derivedId('series', 'spring'),
      classId: classes.preferred,
      equityPpm: 1 + this.random(20_000),
      referencePrice: microMoney(2_500_000n),
      currency: 'USD' as const,
      lockupEndsAt: null,
      ...this.sides(),
      tranches: Array.from({ length: 1 + this.random(5) }, (_, index) => ({
        trancheId: derivedId('tranche', dealId, String(index)),
        tokens: microTokens(BigInt(1 + this.random(50_000_000))),
      })),
    };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: dealAndCompany({ dealId, companyId }),
        decide: (states) => offerDeal({ data, metadata: context }, states, fakeHash),
        context,
      }),
    );
    if (this.books.deals.size < (await this.offeredCount())) this.dealIds.push(dealId);
  }

  private async offeredCount(): Promise<number> {
    const events = await this.store.readAll(0, Number.MAX_SAFE_INTEGER);
    return events.filter(({ type }) => type === 'deals.deal-offered').length;
  }

  private sign(): Promise<void> {
    return this.onAnyDeal(({ terms }, metadata, states) => {
      const partyId = [terms.providerPartyId, terms.companyPartyId, ada][this.random(3)] ?? '';
      const data = { partyId, termsHash: terms.termsHash, ...this.sides() };
      return signDeal({ data, metadata }, states);
    });
  }

  private cancel(): Promise<void> {
    return this.onAnyDeal(({ terms }, metadata, states) => {
      const partyId = [terms.providerPartyId, terms.companyPartyId, ada][this.random(3)] ?? '';
      return cancelDeal({ data: { partyId }, metadata }, states);
    });
  }

  private async approve(): Promise<void> {
    const dealId = this.anyDeal();
    if (dealId === undefined) return;
    const approvedBy = this.random(4) === 0 ? acme : ada;
    const { state } = await this.commands.load(streamIds.deal(dealId), dealAggregate);
    const termsHash = state.status === 'unknown' ? '' : state.terms.termsHash;
    const resolutionHash = 'ab'.repeat(32);
    const approverEligible = this.random(8) > 0;
    const data = { approvedBy, approverEligible, resolutionHash, termsHash, ...this.sides() };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: dealAndCompany({ dealId, companyId }),
        decide: (states) => approveDeal({ data, metadata: context }, states),
        context,
      }),
    );
  }

  private async activate(): Promise<void> {
    const dealId = this.anyDeal();
    if (dealId === undefined) return;
    const data = { partyId: acme, ...this.sides() };
    await this.twice((metadata) =>
      this.handleDeal(dealId, (state) => activateDeal({ data, metadata }, state), metadata),
    );
  }

  private open(): Promise<void> {
    return this.onAnyDeal(({ terms }, metadata, states) => {
      const { deal } = states;
      const isNext = (status: string) => status === 'pending' || status === 'failed';
      const next =
        deal.status === 'active' ? deal.tranches.find(({ status }) => isNext(status)) : undefined;
      const any = terms.tranches[this.random(terms.tranches.length)];
      const trancheId = (this.random(4) > 0 ? (next ?? any) : any)?.trancheId ?? '';
      return openTranche(
        { data: { partyId: terms.providerPartyId, trancheId, ...this.sides() }, metadata },
        states,
      );
    });
  }

  /** The issuer answers a tranche that is open; the answer may arrive again at any later time. */
  private async answer(): Promise<void> {
    const opened: { readonly dealId: string; readonly trancheId: string }[] = [];
    for (const dealId of this.dealIds) {
      const { state } = await this.commands.load(streamIds.deal(dealId), dealAggregate);
      const tranches = state.status === 'active' ? state.tranches : [];
      opened.push(
        ...tranches
          .filter(({ status }) => status === 'opened')
          .map(({ trancheId }) => ({ dealId, trancheId })),
      );
    }
    const chosen = opened[this.random(Math.max(opened.length, 1))];
    if (!chosen) return;
    const { dealId, trancheId } = chosen;
    const isGranted = this.random(3) > 0;
    const context = this.contextOf(`answer ${this.answers.length}`);
    const grantId = derivedId('grant', trancheId);
    const decide = (state: Deal) =>
      isGranted
        ? deliverTranche({ data: { trancheId, grantId } }, state)
        : failTranche({ data: { trancheId, reason: 'insufficient_tokens' } }, state);
    const deliver = () => this.handleDeal(dealId, decide, context);
    expect((await deliver()).outcome).toBe('accepted');
    this.answers.push(deliver);
  }

  private async redeliver(): Promise<void> {
    const deliver = this.answers[this.random(Math.max(this.answers.length, 1))];
    if (!deliver) return;
    await this.addsNothing(deliver);
    this.counts.late += 1;
  }

  private async accept(): Promise<void> {
    const dealId = this.anyDeal();
    if (dealId === undefined) return;
    const { state } = await this.commands.load(streamIds.deal(dealId), dealAggregate);
    if (state.status !== 'active' && state.status !== 'completed') return;
    const open = state.tranches.filter(({ status }) => status === 'delivered');
    const trancheId =
      (open[0] ?? state.tranches[this.random(state.tranches.length)])?.trancheId ?? '';
    const issuanceId = derivedId('issuance', trancheId);
    const data = { trancheId, acceptedBy: acme, issuanceId, ...this.sides() };
    await this.twice((context) =>
      this.commands.handleMany({
        streams: dealAndCompany({ dealId, companyId }),
        decide: (states) => acceptTranche({ data, metadata: context }, states),
        context,
      }),
    );
  }

  private async onAnyDeal(
    decide: (
      deal: Exclude<Deal, { status: 'unknown' }>,
      metadata: CommandContext,
      states: DealAndCompany,
    ) => DealDecision<string>,
  ): Promise<void> {
    const dealId = this.anyDeal();
    if (dealId === undefined) return;
    const { state: known } = await this.commands.load(streamIds.deal(dealId), dealAggregate);
    if (known.status === 'unknown') return;
    // A repeat must be the same command, so chance decides once.
    const decisions = new Map<string, DealDecision<string>>();
    await this.onDeal(dealId, (states, metadata) => {
      const decision = decisions.get(metadata.commandId) ?? decide(known, metadata, states);
      decisions.set(metadata.commandId, decision);
      return decision;
    });
  }

  /** Mostly one of those under way, so that they come to an end. */
  private anyDeal(): string | undefined {
    const unfinished = this.dealIds.filter(
      (dealId) => !['completed', 'cancelled'].includes(this.books.deals.get(dealId)?.status ?? ''),
    );
    const chosen = this.random(4) > 0 && unfinished.length > 0 ? unfinished : this.dealIds;
    return chosen[this.random(Math.max(chosen.length, 1))];
  }

  private sides(): SidesEligible {
    return { providerEligible: this.random(8) > 0, companyEligible: this.random(8) > 0 };
  }

  private anyKind(): 'common' | 'preferred' {
    return this.random(2) === 0 ? 'common' : 'preferred';
  }

  private shares(max: number): Shares {
    return shares(BigInt(this.random(max)));
  }
}

const everyDealEvent = [
  'deals.board-approved',
  'deals.deal-activated',
  'deals.deal-cancelled',
  'deals.deal-completed',
  'deals.deal-offered',
  'deals.deal-signed',
  'deals.tranche-accepted',
  'deals.tranche-delivered',
  'deals.tranche-failed',
  'deals.tranche-opened',
] as const satisfies readonly DealEvent['type'][];

describe('Deals under random commands', () => {
  it(`keep their invariants at every step (SEED=${seed})`, async () => {
    const simulation = new Simulation();
    await simulation.run();
    const { accepted, rejected, repeated, late } = simulation.counts;
    // The story must not degenerate: every kind of event happened, and many commands were refused and repeated.
    const types = new Set(
      (await simulation.store.readAll(0, Number.MAX_SAFE_INTEGER)).map(({ type }) => type),
    );
    const expected = [...everyDealEvent, 'deals.shares-reserved', 'deals.shares-released'];
    expect(expected.filter((type) => !types.has(type))).toEqual([]);
    expect(Math.min(accepted, rejected, repeated, late)).toBeGreaterThan(40);
  });
});
