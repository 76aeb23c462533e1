import { formatMicro } from '@specie/quantities';
import type { Collection } from '../digest.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventOfService, WireData } from '../wire-events.js';
import { dayOf, dayOfInstant, dayText, findShortfall } from './coverage.js';
import { valueOf, type Fold } from './fold.js';

type Event = EventOfService<'issuance'>;

interface Commitment {
  readonly data: WireData<'issuance.capacity-committed'>;
  readonly tokensPerDay: bigint;
  status: 'committed' | 'attested' | 'withdrawn';
}

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

interface Capture {
  readonly holdId: string;
  readonly quantity: bigint;
  readonly position: number;
  readonly recordedAtMs: number;
}

/** A movement between the issuer's escrow and its counterpart at the market. */
export interface EscrowMovement {
  readonly partyId: string;
  readonly seriesId: string;
  readonly quantity: bigint;
  readonly position: number;
  readonly eventId: string;
  readonly recordedAtMs: number;
}

/** Capacity, series, token accounts and holds, with every mint's coverage computed again. */
export class IssuanceFold implements Fold<Event> {
  readonly service = 'issuance';
  /** By escrow id. */
  readonly escrowed = new Map<string, EscrowMovement>();
  /** By withdrawal id. */
  readonly settled = new Map<string, EscrowMovement>();
  readonly refusedWithdrawals = new Set<string>();
  readonly grants = new Map<string, { readonly dealId: string; readonly quantity: bigint }>();
  readonly holds = new Map<string, Hold>();
  /** By capture id. */
  readonly captures = new Map<string, Capture>();
  private readonly commitments = new Map<string, Commitment>();
  private readonly series = new Map<string, Series>();
  private readonly accounts = new Map<string, Account>();
  private readonly mints = new Set<string>();
  private readonly movements = new Set<string>();
  /** What the last command changed, with the event that did. */
  private readonly touchedSeries = new Map<string, Event>();
  private readonly touchedAccounts = new Map<string, Event>();
  private readonly touchedProviders = new Map<string, Event>();

  constructor(private readonly invariants: Invariants) {}

  apply(event: Event): void {
    switch (event.type) {
      case 'issuance.capacity-committed': {
        const { commitmentId, tokensPerDay } = event.data;
        this.commitments.set(commitmentId, {
          data: event.data,
          tokensPerDay: micro(tokensPerDay),
          status: 'committed',
        });
        return;
      }
      case 'issuance.capacity-attested':
      case 'issuance.capacity-withdrawn':
        return this.changeCommitment(event);
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
        if (this.grants.has(event.data.trancheId)) {
          this.invariants.violatedAt('S9', event, 'the tranche is granted twice');
        }
        this.grants.set(event.data.trancheId, {
          dealId: event.data.dealId,
          quantity: micro(event.data.quantity),
        });
        return;
      case 'issuance.withdrawal-settled':
        return this.settleWithdrawal(event, event.data);
      case 'issuance.withdrawal-refused':
        this.refusedWithdrawals.add(event.data.withdrawalId);
        return;
      case 'issuance.provider-registered':
      case 'issuance.grant-refused':
      case 'issuance.hold-refused':
      case 'issuance.state-attested':
        return;
    }
  }

  /** Tokens balance at the end of every command, not inside it: sent and received are two events. */
  closeCommand(): void {
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
      this.checkCoverage(event, providerId);
    }
    this.touchedSeries.clear();
    this.touchedAccounts.clear();
    this.touchedProviders.clear();
  }

  collections(): readonly Collection[] {
    return [
      {
        name: 'capacity',
        rows: [...this.commitments].map(([id, { data, tokensPerDay, status }]) => {
          const { providerId, sku, fromOn, toOn } = data;
          return [
            id,
            { providerId, sku, fromOn, toOn, tokensPerDay: formatMicro(tokensPerDay), status },
          ];
        }),
      },
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
    if (series === undefined || this.mints.has(data.mintId)) {
      this.invariants.violatedAt(
        'S9',
        event,
        series === undefined ? 'an unknown series' : 'the mint happens twice',
      );
      return;
    }
    this.mints.add(data.mintId);
    series.minted += micro(data.quantity);
    this.touchedSeries.set(data.seriesId, event);
    this.touchedProviders.set(data.providerId, event);
  }

  private checkCoverage(event: Event, providerId: string): void {
    const today = dayOfInstant(event.occurredAtMs);
    const shortfall = findShortfall(
      today,
      [...this.commitments.values()]
        .filter(({ data, status }) => data.providerId === providerId && status === 'attested')
        .map(({ data: { sku, fromOn, toOn }, tokensPerDay }) => {
          return { sku, fromDay: dayOf(fromOn), toDay: dayOf(toOn), tokensPerDay };
        }),
      [...this.series.values()]
        .filter((each) => each.data.providerId === providerId)
        .map(({ data: { seriesId, skus, windowFromOn, windowToOn }, minted, burned }) => {
          const days = { fromDay: dayOf(windowFromOn), toDay: dayOf(windowToOn) };
          return { seriesId, skus, ...days, outstanding: minted - burned };
        }),
    );
    if (shortfall !== null) {
      const { fromDay, toDay, obligations, capacity } = shortfall;
      const days = `${dayText(fromDay)}..${dayText(toDay)}`;
      const amounts = `${formatMicro(obligations)} due, ${formatMicro(capacity)} there`;
      this.invariants.violatedAt('S2', event, `${days} are not covered: ${amounts}`);
    }
  }

  private changeCommitment(
    event: Extract<Event, { type: 'issuance.capacity-attested' | 'issuance.capacity-withdrawn' }>,
  ): void {
    const commitment = this.commitments.get(event.data.commitmentId);
    if (commitment === undefined) {
      this.invariants.violatedAt('S8', event, 'the capacity was never committed');
      return;
    }
    this.touchedProviders.set(event.data.providerId, event);
    commitment.status = event.type === 'issuance.capacity-attested' ? 'attested' : 'withdrawn';
  }

  private moveTokens(
    event: Extract<Event, { type: 'issuance.tokens-received' | 'issuance.tokens-sent' }>,
  ): void {
    const { accountId, seriesId, movementId, movement, counterPartyId } = event.data;
    const quantity = micro(event.data.quantity);
    const isReceived = event.type === 'issuance.tokens-received';
    const key = `${accountId} ${movementId} ${isReceived ? 'in' : 'out'}`;
    if (this.movements.has(key)) {
      this.invariants.violatedAt('S9', event, 'the movement happens twice');
    }
    this.movements.add(key);
    const account = this.change(event, accountId, isReceived ? quantity : -quantity, 0n);
    if (account?.kind === 'escrow' && isReceived && movement === 'escrow') {
      const { position, eventId, recordedAtMs } = event;
      const escrowed = {
        partyId: counterPartyId,
        seriesId,
        quantity,
        position,
        eventId,
        recordedAtMs,
      };
      this.escrowed.set(movementId, escrowed);
    }
  }

  private settleWithdrawal(event: Event, data: WireData<'issuance.withdrawal-settled'>): void {
    const { withdrawalId, partyId, seriesId } = data;
    if (this.settled.has(withdrawalId)) {
      this.invariants.violatedAt('S9', event, 'the withdrawal is settled twice');
    }
    const { position, eventId, recordedAtMs } = event;
    const quantity = micro(data.quantity);
    this.settled.set(withdrawalId, {
      partyId,
      seriesId,
      quantity,
      position,
      eventId,
      recordedAtMs,
    });
  }

  private moveHold(
    event: Extract<
      Event,
      { type: 'issuance.tokens-held' | 'issuance.hold-captured' | 'issuance.hold-released' }
    >,
  ): void {
    const { accountId, holdId, partyId, seriesId } = event.data;
    const quantity = micro(event.data.quantity);
    if (event.type === 'issuance.tokens-held') {
      if (this.holds.has(holdId)) {
        this.invariants.violatedAt('S9', event, 'the hold is made twice');
      }
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
      this.invariants.violatedAt('S6', event, 'the hold was never made');
      return;
    }
    if (event.type === 'issuance.hold-released') {
      hold.released += quantity;
      hold.status = 'closed';
      this.change(event, accountId, quantity, -quantity);
    } else {
      const { captureId } = event.data;
      if (this.captures.has(captureId)) {
        this.invariants.violatedAt('S9', event, 'the capture happens twice');
      }
      const { position, recordedAtMs } = event;
      this.captures.set(captureId, { holdId, quantity, position, recordedAtMs });
      hold.captured += quantity;
      valueOf(this.series, seriesId, () => emptySeries(seriesId)).burned += quantity;
      this.change(event, accountId, 0n, -quantity);
    }
    if (hold.captured + hold.released > hold.quantity) {
      this.invariants.violatedAt('S6', event, 'more is captured and released than was held');
    }
  }

  private change(
    event: Event,
    accountId: string,
    available: bigint,
    held: bigint,
  ): Account | undefined {
    const account = this.accounts.get(accountId);
    if (account === undefined) {
      this.invariants.violatedAt('S1', event, 'the account was never opened');
      return undefined;
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
