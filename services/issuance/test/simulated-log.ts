import { eventCodec, streamIds } from '@specie/contracts';
import {
  CommandHandler,
  InMemoryEventStore,
  type CommandContext,
  type Handled,
  type StreamRef,
} from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { microTokens, type GpuSku, type MicroTokens } from '@specie/quantities';
import { randomFrom, seedOr } from '@specie/testing';
import { expect } from 'vitest';
import { type AccountTerms, type EarlierMovement } from '../src/account/account.commands.js';
import { balancesOf } from '../src/account/account.decider.js';
import { accountAggregate, type Account, type AccountEvent } from '../src/account/account.state.js';
import { Books, Statement } from './fold.js';

export const stepCount = 1_500;
export const seed = seedOr(20_260_301);

export const provider = derivedId('party', 'nordic');
export const parties = ['acme', 'bolt', 'core'].map((name) => derivedId('party', name));
export const series = [
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
export type SimulatedSeries = (typeof series)[number];

/** A log under simulation: commands run once or more often, and what must hold is checked against plain additions. */
export abstract class SimulatedLog {
  readonly store = new InMemoryEventStore();
  readonly books = new Books();
  readonly statement = new Statement();
  readonly counts = { accepted: 0, rejected: 0, repeated: 0 };
  protected readonly random = randomFrom(seed);
  protected commands = new CommandHandler(this.store, eventCodec);
  protected now = Date.parse('2026-03-01T00:00:00.000Z');
  protected position = 0;
  protected commandCount = 0;

  /** Runs a command; now and then again, as a redelivery would, which must add nothing. */
  protected async twice(
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

  /** S1, S6 and S7 over the whole log, and the state the deciders see against plain additions. */
  protected async check(where: string): Promise<void> {
    const events = await this.store.readAll(this.position, Number.MAX_SAFE_INTEGER);
    events.forEach((event) => {
      this.books.add(event);
      this.statement.add(event);
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

  protected burned(): ReadonlyMap<string, bigint> {
    return new Map([...this.books.series].map(([seriesId, row]) => [seriesId, row.burned]));
  }

  /** Few ids for everything that clients choose, so that kinds and owners meet on them. */
  protected chosenId(): string {
    return derivedId('chosen', String(this.random(60)));
  }

  /** The movement of the account's own party that has this id already. */
  protected async earlier(
    { accountId, partyId }: AccountTerms,
    kind: string,
    id: string,
  ): Promise<EarlierMovement | null> {
    await this.check(`before ${kind}`);
    return this.statement.movements.get([accountId, kind, partyId, id].join(' ')) ?? null;
  }

  protected anySeries(): SimulatedSeries {
    const each = series[this.random(series.length)];
    if (!each) throw new Error('there are series');
    return each;
  }

  protected anyParty(): string {
    return parties[this.random(parties.length)] ?? '';
  }

  protected quantity(wholeMax: number): MicroTokens {
    return microTokens(BigInt(this.random(wholeMax)) * 1_000_000n + BigInt(this.random(1_000_000)));
  }
}

export function accountStream({ accountId }: AccountTerms): StreamRef<Account, AccountEvent> {
  return { streamId: streamIds.account(accountId), aggregate: accountAggregate };
}

export function bothStreams(
  from: AccountTerms,
  to: AccountTerms,
): {
  readonly from: StreamRef<Account, AccountEvent>;
  readonly to: StreamRef<Account, AccountEvent>;
} {
  return { from: accountStream(from), to: accountStream(to) };
}

export function dayAfter(day: string, count: number): string {
  return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
}
