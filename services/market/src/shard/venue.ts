import type { BookOpened, WithdrawalRequested } from '@specie/contracts';
import { assertPossible } from '@specie/event-sourcing';
import {
  MatchingCore,
  type BookConfig,
  type Command,
  type MatchingEvent,
} from '@specie/matching-core';
import { microTokensPerLot } from '@specie/quantities';
import { Numbered } from './numbered.js';
import { OpenOrders } from './open-orders.js';
import type { TradingPhase } from './shard.commands.js';
import { TokenRemainders } from './token-remainders.js';

export interface Balance {
  readonly available: bigint;
  readonly reserved: bigint;
}

/** Who holds the kill switch of a party. */
export interface KillSwitch {
  readonly party: boolean;
  readonly operator: boolean;
}

type Pending = WithdrawalRequested['data'];

/** Asset 0 of the core is cash, the others are the tokens of the book with their number. */
const cashAsset = 0;

/**
 * Books and trading accounts: the matching core, and what it knows by number only. Everything in it follows from the
 * commands that were performed, in their order.
 */
export class Venue {
  readonly core: MatchingCore;
  readonly orders = new OpenOrders();
  /** Series by the number of their book. */
  readonly books: Numbered;
  /** Parties by the number of their account. */
  readonly accounts: Numbered;
  readonly terms = new Map<string, BookOpened['data']>();
  readonly remainders = new TokenRemainders();
  readonly killSwitches = new Map<string, KillSwitch>();
  readonly openOrdersMax = new Map<string, number>();
  private cashDeposited = 0n;
  private readonly pendingWithdrawals = new Map<string, Pending>();

  constructor(
    core = new MatchingCore(),
    books: Iterable<string> = [],
    accounts: Iterable<string> = [],
  ) {
    this.core = core;
    this.books = new Numbered(books);
    this.accounts = new Numbered(accounts);
  }

  /** The account of the party; made with its first use. */
  accountOf(partyId: string): number {
    const known = this.accounts.numberOf(partyId);
    if (known > 0) {
      return known;
    }
    const account = this.accounts.add(partyId);
    this.run({ kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 0 });
    return account;
  }

  /** Runs a command that the core cannot refuse here. */
  run(command: Command): readonly MatchingEvent[] {
    const events = this.core.apply(command);
    const [first] = events;
    assertPossible(first?.type !== 'rejected', `the core refuses ${command.kind}`);
    return events;
  }

  configOf(seriesId: string): BookConfig | null {
    return this.core.bookState(this.books.numberOf(seriesId))?.config ?? null;
  }

  phaseOf(seriesId: string): TradingPhase | null {
    return this.core.bookState(this.books.numberOf(seriesId))?.phase ?? null;
  }

  cashOf(partyId: string): Balance {
    const account = this.accounts.numberOf(partyId);
    const { available, reserved } = account > 0 ? this.core.balance(account, cashAsset) : nothing;
    return { available: BigInt(available), reserved: BigInt(reserved) };
  }

  tokensOf(seriesId: string, partyId: string): Balance {
    const [account, book] = [this.accounts.numberOf(partyId), this.books.numberOf(seriesId)];
    const lots = account > 0 && book > 0 ? this.core.balance(account, book) : nothing;
    const remainder = this.remainders.of(seriesId, partyId);
    return {
      available: BigInt(lots.available) * microTokensPerLot + remainder,
      reserved: BigInt(lots.reserved) * microTokensPerLot,
    };
  }

  /** Deposits less withdrawals, of all parties, in micro-dollars. */
  get cashTotal(): bigint {
    return this.cashDeposited;
  }

  /** Micro-dollars; account 0 of the core is the venue's. */
  get feesEarned(): bigint {
    return BigInt(this.core.balance(0, cashAsset).available);
  }

  countCash(change: bigint): void {
    this.cashDeposited += change;
  }

  /** Adds tokens to the available ones, or takes them (negative); the caller has checked that they are there. */
  changeTokens(seriesId: string, partyId: string, change: bigint): void {
    const book = this.books.numberOf(seriesId);
    const total = this.remainders.of(seriesId, partyId) + change;
    if (book === 0) {
      assertPossible(total >= 0n, 'no balance is ever negative (S7)');
      this.remainders.set(seriesId, partyId, total);
      return;
    }
    const lots = floorDivide(total, microTokensPerLot);
    this.remainders.set(seriesId, partyId, total - lots * microTokensPerLot);
    this.changeLots(book, partyId, lots);
  }

  private changeLots(book: number, partyId: string, lots: bigint): void {
    const account = this.accountOf(partyId);
    if (lots > 0n) {
      this.run({ kind: 'deposit', account, asset: book, amount: Number(lots) });
    } else if (lots < 0n) {
      this.run({ kind: 'withdraw', account, asset: book, amount: Number(-lots) });
    }
  }

  pendingWithdrawal(partyId: string, withdrawalId: string): Pending | undefined {
    return this.pendingWithdrawals.get(`${partyId}/${withdrawalId}`);
  }

  addPending(pending: Pending): void {
    this.pendingWithdrawals.set(`${pending.partyId}/${pending.withdrawalId}`, pending);
  }

  removePending({ partyId, withdrawalId }: Pending): void {
    assertPossible(
      this.pendingWithdrawals.delete(`${partyId}/${withdrawalId}`),
      'a withdrawal ends once',
    );
  }

  allPending(): readonly Pending[] {
    return [...this.pendingWithdrawals.values()];
  }
}

const nothing = { available: 0, reserved: 0 };

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
