import { formatMicro } from '@specie/quantities';
import type { Collection } from '../digest.js';
import { movementAt, Movements } from '../hand-overs.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventOfService, WireData } from '../wire-events.js';
import { Capacity } from './capacity.js';
import { dayOf, type CoverageObligation } from './coverage.js';
import { movementKey, valueOf, type Fold } from './fold.js';
import { IssuerAnswers } from './issuer-answers.js';
import { MovementPairs } from './movement-pairs.js';

type Event = EventOfService<'issuance'>;

interface Series {
  readonly data: WireData<'issuance.series-opened'>;
  minted: bigint;
  burned: bigint;
  /** Sum over all accounts of available and held, kept as they move (S1). */
  inAccounts: bigint;
}

interface Account {
  readonly seriesId: string;
  readonly partyId: string;
  readonly kind: string;
  available: bigint;
  held: bigint;
}

interface Hold {
  readonly accountId: string;
  readonly partyId: string;
  readonly quantity: bigint;
  captured: bigint;
  released: bigint;
  status: 'open' | 'closed';
}

/** Capacity, series, token accounts and holds, with every mint's coverage computed again. */
export class IssuanceFold implements Fold<Event> {
  readonly service = 'issuance';
  /** What the issuer put into the market's escrow; the market credits it. */
  readonly escrowed = new Movements();
  readonly answers: IssuerAnswers;
  /** What the meter captured and gave back, as the holds show it. */
  readonly captures = new Movements();
  readonly releases = new Movements();
  readonly series = new Map<string, Series>();
  private readonly accounts = new Map<string, Account>();
  private readonly holds = new Map<string, Hold>();
  private readonly capacity: Capacity;
  private readonly captured = new Set<string>();
  private readonly pairs: MovementPairs;
  private readonly mints = new Set<string>();
  private readonly movements = new Set<string>();
  /** What the last command changed, with the event that did. */
  private readonly touchedSeries = new Map<string, Event>();
  private readonly touchedAccounts = new Map<string, Event>();
  private readonly touchedProviders = new Map<string, Event>();

  constructor(private readonly invariants: Invariants) {
    this.pairs = new MovementPairs(invariants);
    this.answers = new IssuerAnswers(invariants, this.pairs);
    this.capacity = new Capacity(invariants);
  }

  apply(event: Event): void {
    switch (event.type) {
      case 'issuance.capacity-committed':
        this.capacity.commit(event.data);
        return;
      case 'issuance.capacity-attested':
      case 'issuance.capacity-withdrawn':
        if (this.capacity.change(event)) {
          this.touchedProviders.set(event.data.providerId, event);
        }
        return;
      case 'issuance.series-opened':
        this.series.set(event.data.seriesId, {
          data: event.data,
          minted: 0n,
          burned: 0n,
          inAccounts: 0n,
        });
        return;
      case 'issuance.tokens-minted':
        return this.mint(event, event.data);
      case 'issuance.account-opened': {
        const { accountId, seriesId, partyId, kind } = event.data;
        if (this.accounts.has(accountId)) {
          this.invariants.violatedAt('S9', event, 'the account is opened twice');
          return;
        }
        if (kind === 'escrow') {
          this.answers.escrowParties.set(seriesId, partyId);
        }
        this.accounts.set(accountId, { seriesId, partyId, kind, available: 0n, held: 0n });
        return;
      }
      case 'issuance.tokens-received':
      case 'issuance.tokens-sent':
        return this.moveTokens(event);
      case 'issuance.tokens-held':
      case 'issuance.hold-captured':
      case 'issuance.hold-released':
        return this.moveHold(event);
      case 'issuance.tokens-granted':
      case 'issuance.grant-refused':
      case 'issuance.withdrawal-settled':
      case 'issuance.withdrawal-refused':
      case 'issuance.hold-refused':
        return this.answers.apply(event);
      case 'issuance.provider-registered':
      case 'issuance.state-attested':
      case 'issuance.input-discarded':
        return;
    }
  }

  /** Tokens balance at the end of every command, not inside it: sent and received are two events. */
  closeCommand(): void {
    // First, for it names the movement.
    this.pairs.closeCommand();
    for (const [seriesId, event] of this.touchedSeries) {
      const gap = this.gapOf(seriesId);
      if (gap !== null) {
        this.invariants.violatedAt('S1', event, gap);
      }
    }
    for (const [accountId, event] of this.touchedAccounts) {
      const { available = 0n, held = 0n } = this.accounts.get(accountId) ?? {};
      if (available < 0n || held < 0n) {
        this.invariants.violatedAt('S7', event, `account ${accountId} is negative`);
      }
    }
    for (const [providerId, event] of this.touchedProviders) {
      this.capacity.checkCoverage(event, providerId, this.obligationsOf(providerId));
    }
    this.touchedSeries.clear();
    this.touchedAccounts.clear();
    this.touchedProviders.clear();
  }

  collections(): readonly Collection[] {
    return [
      this.capacity.collection(),
      {
        name: 'series',
        rows: [...this.series].map(([id, { data, minted, burned }]) => [
          id,
          { providerId: data.providerId, minted: formatMicro(minted), burned: formatMicro(burned) },
        ]),
      },
      {
        name: 'accounts',
        rows: [...this.accounts].map(([id, { seriesId, partyId, kind, available, held }]) => [
          id,
          { seriesId, partyId, kind, available: formatMicro(available), held: formatMicro(held) },
        ]),
      },
      {
        name: 'holds',
        rows: [...this.holds].map(([id, { accountId, quantity, captured, released, status }]) => [
          id,
          {
            accountId,
            quantity: formatMicro(quantity),
            captured: formatMicro(captured),
            released: formatMicro(released),
            status,
          },
        ]),
      },
    ];
  }

  /** Tokens in escrow accounts by series. */
  escrowBySeries(): ReadonlyMap<string, bigint> {
    const totals = new Map<string, bigint>();
    for (const { kind, seriesId, available, held } of this.accounts.values()) {
      if (kind === 'escrow') {
        totals.set(seriesId, (totals.get(seriesId) ?? 0n) + available + held);
      }
    }
    return totals;
  }

  /** Tokens of all series by where they are. */
  totals(): {
    readonly minted: bigint;
    readonly held: bigint;
    readonly escrow: bigint;
    readonly burned: bigint;
  } {
    const sum = { minted: 0n, held: 0n, escrow: 0n, burned: 0n };
    for (const { minted, burned, inAccounts } of this.series.values()) {
      sum.minted += minted;
      sum.burned += burned;
      sum.held += inAccounts;
    }
    for (const escrow of this.escrowBySeries().values()) {
      sum.escrow += escrow;
      sum.held -= escrow;
    }
    return sum;
  }

  private mint(event: Event, data: WireData<'issuance.tokens-minted'>): void {
    const series = this.series.get(data.seriesId);
    const mintKey = `${data.seriesId} ${data.mintId}`;
    if (series === undefined || this.mints.has(mintKey)) {
      this.invariants.violatedAt(
        'S9',
        event,
        series === undefined ? 'an unknown series' : `the mint ${data.mintId} happens twice`,
      );
      return;
    }
    this.mints.add(mintKey);
    series.minted += micro(data.quantity);
    const { providerId, seriesId, mintId, quantity } = data;
    const parties = { fromPartyId: providerId, toPartyId: providerId };
    const mint = { movement: 'mint' as const, movementId: mintId, seriesId, quantity };
    this.pairs.cause(event, { ...mint, ...parties });
    this.touchedSeries.set(data.seriesId, event);
    this.touchedProviders.set(data.providerId, event);
  }

  private obligationsOf(providerId: string): readonly CoverageObligation[] {
    return [...this.series.values()]
      .filter((each) => each.data.providerId === providerId)
      .map(({ data: { seriesId, skus, windowFromOn, windowToOn }, minted, burned }) => {
        const days = { fromDay: dayOf(windowFromOn), toDay: dayOf(windowToOn) };
        return { seriesId, skus, ...days, outstanding: minted - burned };
      });
  }

  private moveTokens(
    event: Extract<Event, { type: 'issuance.tokens-received' | 'issuance.tokens-sent' }>,
  ): void {
    const { accountId, seriesId, partyId, movementId, movement, counterPartyId } = event.data;
    const quantity = micro(event.data.quantity);
    const isReceived = event.type === 'issuance.tokens-received';
    // A withdrawal has the id that its receiver chose; any other movement that of its sender.
    const ownerId = isReceived === (movement === 'withdrawal') ? partyId : counterPartyId;
    const key = [accountId, movement, isReceived ? 'in' : 'out', ownerId, movementId].join(' ');
    const text = `${movement} ${movementId} of account ${accountId}`;
    if (this.movements.has(key)) {
      this.invariants.violatedAt('S9', event, `${text} happens twice`);
    }
    this.movements.add(key);
    const parts = isReceived ? event.data.lots : event.data.draws;
    if (parts.reduce((sum, part) => sum + micro(part.quantity), 0n) !== quantity) {
      this.invariants.violatedAt('S1', event, `${text}: its lots are not its quantity`);
    }
    const account = this.change(event, accountId, isReceived ? quantity : -quantity, 0n);
    this.pairs.side(event, account?.kind === 'escrow');
    if (account?.kind === 'escrow' && isReceived && movement === 'escrow') {
      const owner = { partyId: counterPartyId, seriesId };
      const told = { key: movementKey(owner, movementId), movementId, account: accountId };
      this.escrowed.add(movementAt(event, { ...told, ...owner, quantity }));
    }
  }

  private moveHold(
    event: Extract<
      Event,
      { type: 'issuance.tokens-held' | 'issuance.hold-captured' | 'issuance.hold-released' }
    >,
  ): void {
    const { accountId, holdId, partyId, seriesId } = event.data;
    const quantity = micro(event.data.quantity);
    const told = { account: accountId, about: holdId, partyId, seriesId, quantity };
    if (event.type === 'issuance.tokens-held') {
      if (this.holds.has(holdId)) {
        this.invariants.violatedAt('S9', event, `the hold ${holdId} is made twice`);
      }
      const drawn = event.data.draws.reduce((sum, draw) => sum + micro(draw.quantity), 0n);
      if (drawn !== quantity) {
        this.invariants.violatedAt('S1', event, `hold ${holdId}: its lots are not its quantity`);
      }
      this.answers.holds.add(movementAt(event, { key: holdId, movementId: holdId, ...told }));
      this.holds.set(holdId, {
        accountId,
        partyId,
        quantity,
        captured: 0n,
        released: 0n,
        status: 'open',
      });
      this.change(event, accountId, -quantity, quantity);
      return;
    }
    const hold = this.holds.get(holdId);
    if (hold === undefined) {
      this.invariants.violatedAt('S6', event, `the hold ${holdId} was never made`);
      return;
    }
    if (hold.accountId !== accountId) {
      const reason = `the hold ${holdId} is of account ${hold.accountId}, not ${accountId}`;
      this.invariants.violatedAt('S6', event, reason);
    }
    if (event.type === 'issuance.hold-released') {
      hold.released += quantity;
      hold.status = 'closed';
      this.releases.add(movementAt(event, { key: holdId, movementId: holdId, ...told }));
      this.change(event, accountId, quantity, -quantity);
    } else {
      const { captureId } = event.data;
      if (this.captured.has(captureId)) {
        const reason = `the capture ${captureId} of account ${accountId} happens twice`;
        this.invariants.violatedAt('S9', event, reason);
      }
      this.captured.add(captureId);
      this.captures.add(movementAt(event, { key: captureId, movementId: captureId, ...told }));
      hold.captured += quantity;
      valueOf(this.series, seriesId, () => emptySeries(seriesId)).burned += quantity;
      this.change(event, accountId, 0n, -quantity);
    }
    if (hold.captured + hold.released > hold.quantity) {
      this.invariants.violatedAt(
        'S6',
        event,
        `hold ${holdId} of account ${accountId}: more captured and released than held`,
      );
    }
  }

  private change(
    event: Extract<Event, { readonly data: Record<'accountId' | 'partyId' | 'seriesId', string> }>,
    accountId: string,
    available: bigint,
    held: bigint,
  ): Account | undefined {
    const account = this.accounts.get(accountId);
    if (account === undefined) {
      this.invariants.violatedAt('S1', event, `the account ${accountId} was never opened`);
      return undefined;
    }
    const { partyId, seriesId } = event.data;
    if (account.partyId !== partyId || account.seriesId !== seriesId) {
      const reason = `account ${accountId} is not of party ${partyId} and series ${seriesId}`;
      this.invariants.violatedAt('S1', event, reason);
    }
    account.available += available;
    account.held += held;
    const series = this.series.get(account.seriesId);
    if (series !== undefined) {
      series.inAccounts += available + held;
    }
    this.touchedSeries.set(account.seriesId, event);
    this.touchedAccounts.set(accountId, event);
    return account;
  }

  private gapOf(seriesId: string): string | null {
    const series = this.series.get(seriesId);
    if (series === undefined) {
      return `series ${seriesId} was never opened`;
    }
    const { minted, burned, inAccounts } = series;
    return minted === burned + inAccounts
      ? null
      : `series ${seriesId}: minted ${formatMicro(minted)}, in accounts ${formatMicro(inAccounts)}, burned ${formatMicro(burned)}`;
  }
}

function emptySeries(seriesId: string): Series {
  const data = {
    providerId: '',
    seriesId,
    treasuryAccountId: '',
    windowFromOn: '1970-01-01',
    windowToOn: '1970-01-01',
    skus: [],
    region: '',
    transferable: false,
  };
  return { data, minted: 0n, burned: 0n, inAccounts: 0n };
}
