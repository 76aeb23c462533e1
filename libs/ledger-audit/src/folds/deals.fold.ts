import type { Collection } from '../digest.js';
import { movementAt, Movements } from '../hand-overs.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventOfService, WireData } from '../wire-events.js';
import { valueOf, type Fold } from './fold.js';
import { formatMicro } from '@specie/quantities';

type Event = EventOfService<'deals'>;

interface ShareClass {
  readonly companyId: string;
  authorised: bigint;
  issued: bigint;
  cancelled: bigint;
  held: bigint;
  reserved: bigint;
}

interface Deal {
  status: 'offered' | 'signed' | 'approved' | 'active' | 'completed' | 'cancelled';
  readonly terms: WireData<'deals.deal-offered'>;
  signatures: number;
  tokensAccepted: bigint;
  sharesIssued: bigint;
  /** What the company keeps for the deal, as its log says. */
  reserved: bigint;
  /** Shares are reserved with the first signature; deals signed before there were reservations have none. */
  mustReserve: boolean;
}

/** Cap tables and deals. */
export class DealsFold implements Fold<Event> {
  readonly service = 'deals';
  /** Tranches that the issuer owes, and what became of them. */
  readonly opened = new Movements();
  readonly trancheEnds = new Movements();
  /** How often a tranche was opened and how often it was answered; whether its tokens are there. */
  private readonly tranches = new Map<
    string,
    { opened: number; ended: number; isDelivered: boolean }
  >();
  private readonly classes = new Map<string, ShareClass>();
  private readonly holdings = new Map<string, { companyId: string; shares: bigint }>();
  private readonly deals = new Map<string, Deal>();
  private readonly issuances = new Set<string>();
  private reservationsBegan = false;
  /** Shares of accepted tranches that the same command must issue, by issuance id. */
  private readonly accepted = new Map<
    string,
    Event & { readonly type: 'deals.tranche-accepted' }
  >();
  /** What the last command changed, with the event that changed it. */
  private readonly touchedClasses = new Map<string, Event>();
  private readonly touchedHoldings = new Map<string, Event>();
  private readonly touchedDeals = new Map<string, Event>();

  constructor(private readonly invariants: Invariants) {}

  apply(event: Event): void {
    switch (event.type) {
      case 'deals.share-class-authorised': {
        const { companyId, classId, authorised } = event.data;
        const shareClass = valueOf(this.classes, classId, () => {
          const nothing = { authorised: 0n, issued: 0n, cancelled: 0n, held: 0n, reserved: 0n };
          return { companyId, ...nothing };
        });
        shareClass.authorised = BigInt(authorised);
        this.touchedClasses.set(classId, event);
        return;
      }
      case 'deals.shares-reserved':
        this.reservationsBegan = true;
        return this.reserve(event, event.data, BigInt(event.data.shares));
      case 'deals.shares-released':
        return this.reserve(event, event.data, -BigInt(event.data.shares));
      case 'deals.shares-issued':
        return this.issue(event, event.data);
      case 'deals.shares-cancelled': {
        const { classId, companyId, holderPartyId, shares } = event.data;
        this.move(event, { classId, companyId, holderPartyId, shares: -BigInt(shares) });
        return;
      }
      case 'deals.deal-offered':
        if (this.deals.has(event.data.dealId)) {
          this.invariants.violatedAt('S9', event, 'the deal is offered twice');
          return;
        }
        this.deals.set(event.data.dealId, {
          status: 'offered',
          terms: event.data,
          signatures: 0,
          tokensAccepted: 0n,
          sharesIssued: 0n,
          reserved: 0n,
          mustReserve: false,
        });
        return;
      case 'deals.tranche-accepted':
        this.accepted.set(event.data.issuanceId, event);
        if (this.tranches.get(event.data.trancheId)?.isDelivered !== true) {
          const reason = `tranche ${event.data.trancheId} is accepted, but never delivered`;
          this.invariants.violatedAt('S5', event, reason);
        }
        return;
      case 'deals.deal-signed':
      case 'deals.deal-cancelled':
      case 'deals.board-approved':
      case 'deals.deal-activated':
      case 'deals.deal-completed':
        return this.advance(event);
      case 'deals.tranche-opened':
        return this.openTranche(event, event.data);
      case 'deals.tranche-delivered':
      case 'deals.tranche-failed':
        return this.endTranche(event);
      case 'deals.company-registered':
      case 'deals.state-attested':
      case 'deals.input-discarded':
        return;
    }
  }

  /** S5 and S7 of everything that the command changed. */
  closeCommand(): void {
    for (const event of this.accepted.values()) {
      const reason = `tranche ${event.data.trancheId} is accepted, but its shares are not issued`;
      this.invariants.violatedAt('S5', event, reason);
    }
    for (const [classId, event] of this.touchedClasses) {
      this.checkClass(event, classId);
    }
    for (const [key, event] of this.touchedHoldings) {
      if ((this.holdings.get(key)?.shares ?? 0n) < 0n) {
        this.invariants.violatedAt('S7', event, `the holding ${key} is negative`);
      }
    }
    for (const [dealId, event] of this.touchedDeals) {
      this.checkCompletion(event, dealId);
      this.checkReservation(event, dealId);
    }
    this.accepted.clear();
    this.touchedClasses.clear();
    this.touchedHoldings.clear();
    this.touchedDeals.clear();
  }

  collections(): readonly Collection[] {
    return [
      {
        name: 'classes',
        rows: [...this.classes].map(([classId, row]) => [
          classId,
          {
            companyId: row.companyId,
            authorised: row.authorised.toString(),
            issued: row.issued.toString(),
            cancelled: row.cancelled.toString(),
            ...(row.reserved > 0n ? { reserved: row.reserved.toString() } : {}),
          },
        ]),
      },
      {
        name: 'holdings',
        rows: [...this.holdings].map(([key, row]) => [
          key,
          { companyId: row.companyId, shares: row.shares.toString() },
        ]),
      },
      {
        name: 'deals',
        rows: [...this.deals].map(([dealId, deal]) => [
          dealId,
          {
            status: deal.status,
            tokensAccepted: formatMicro(deal.tokensAccepted),
            sharesIssued: deal.sharesIssued.toString(),
          },
        ]),
      },
    ];
  }

  private issue(event: Event, data: WireData<'deals.shares-issued'>): void {
    const { classId, companyId, holderPartyId, issuanceId, cause, dealId, trancheId } = data;
    const entry = `${companyId} ${cause} ${issuanceId}`;
    if (this.issuances.has(entry)) {
      this.invariants.violatedAt('S9', event, `the shares ${issuanceId} are issued twice`);
    }
    this.issuances.add(entry);
    this.move(event, { classId, companyId, holderPartyId, shares: BigInt(data.shares) });
    if (cause === 'founding') {
      return;
    }
    const deal = this.deals.get(dealId ?? '');
    const tranche = deal?.terms.tranches.find((each) => each.trancheId === trancheId);
    const acceptance = this.accepted.get(issuanceId);
    if (deal === undefined || tranche === undefined || acceptance?.data.trancheId !== trancheId) {
      this.invariants.violatedAt('S5', event, 'the shares cite no accepted tranche');
      return;
    }
    this.accepted.delete(issuanceId);
    const { terms } = deal;
    const isOwed =
      BigInt(data.shares) === BigInt(tranche.shares) &&
      acceptance.data.shares === data.shares &&
      micro(data.paidByTokens ?? '0') === micro(tranche.tokens) &&
      classId === terms.classId &&
      companyId === terms.companyId &&
      holderPartyId === terms.providerPartyId;
    if (!isOwed) {
      const owed = `${tranche.shares} of class ${terms.classId} for ${terms.providerPartyId}`;
      const reason = `the shares ${issuanceId} are not those of tranche ${tranche.trancheId}: ${owed}`;
      this.invariants.violatedAt('S5', event, reason);
    }
    deal.tokensAccepted += micro(tranche.tokens);
    deal.sharesIssued += BigInt(data.shares);
    if (deal.reserved > 0n) {
      this.reserve(event, { classId, dealId: dealId ?? '' }, -BigInt(data.shares));
    }
    this.touchedDeals.set(dealId ?? '', event);
  }

  private openTranche(event: Event, data: WireData<'deals.tranche-opened'>): void {
    const { dealId, trancheId, seriesId, fromPartyId, toPartyId, tokens } = data;
    const terms = this.deals.get(dealId)?.terms;
    const tranche = terms?.tranches.find((each) => each.trancheId === trancheId);
    const isOwed =
      tranche !== undefined &&
      micro(tranche.tokens) === micro(tokens) &&
      terms?.seriesId === seriesId &&
      terms.providerPartyId === fromPartyId &&
      terms.companyPartyId === toPartyId;
    if (!isOwed) {
      const reason = `tranche ${trancheId} of ${tokens} is not one of deal ${dealId}`;
      this.invariants.violatedAt('S5', event, reason);
    }
    const count = valueOf(this.tranches, trancheId, newTranche);
    count.opened += 1;
    const told = { key: `${trancheId} ${count.opened}`, movementId: trancheId, about: dealId };
    const asked = { partyId: toPartyId, seriesId, quantity: micro(tokens) };
    this.opened.add(movementAt(event, { ...told, ...asked, account: `${seriesId}/${toPartyId}` }));
  }

  private endTranche(
    event: Extract<Event, { type: 'deals.tranche-delivered' | 'deals.tranche-failed' }>,
  ): void {
    const { dealId, trancheId } = event.data;
    const isDelivered = event.type === 'deals.tranche-delivered';
    const count = valueOf(this.tranches, trancheId, newTranche);
    count.ended += 1;
    count.isDelivered ||= isDelivered;
    const told = { key: `${trancheId} ${count.ended}`, movementId: trancheId, about: dealId };
    const outcome = isDelivered ? ('done' as const) : ('refused' as const);
    this.trancheEnds.add(movementAt(event, { ...told, account: `deal ${dealId}`, outcome }));
  }

  private reserve(
    event: Event,
    { classId, dealId }: { readonly classId: string; readonly dealId: string },
    shares: bigint,
  ): void {
    const deal = this.deals.get(dealId);
    const shareClass = this.classes.get(classId);
    if (deal === undefined || shareClass === undefined || deal.terms.classId !== classId) {
      this.invariants.violatedAt('S5', event, 'shares are reserved for no deal of this class');
      return;
    }
    deal.reserved += shares;
    shareClass.reserved += shares;
    deal.mustReserve = true;
    this.touchedClasses.set(classId, event);
    this.touchedDeals.set(dealId, event);
  }

  private move(
    event: Event,
    to: {
      readonly classId: string;
      readonly companyId: string;
      readonly holderPartyId: string;
      readonly shares: bigint;
    },
  ): void {
    const { classId, companyId, holderPartyId, shares } = to;
    const shareClass = this.classes.get(classId);
    if (shareClass === undefined) {
      this.invariants.violatedAt('S5', event, 'the class was never authorised');
      return;
    }
    const holding = valueOf(this.holdings, `${classId}/${holderPartyId}`, () => ({
      companyId,
      shares: 0n,
    }));
    holding.shares += shares;
    shareClass.held += shares;
    shareClass.issued += shares > 0n ? shares : 0n;
    shareClass.cancelled -= shares < 0n ? shares : 0n;
    this.touchedClasses.set(classId, event);
    this.touchedHoldings.set(`${classId}/${holderPartyId}`, event);
  }

  private checkClass(event: Event, classId: string): void {
    const shareClass = this.classes.get(classId);
    if (shareClass === undefined) {
      return;
    }
    const { authorised, issued, cancelled, held, reserved } = shareClass;
    if (issued - cancelled !== held) {
      const amounts = `${issued} issued - ${cancelled} cancelled, ${held} held`;
      this.invariants.violatedAt('S5', event, `class ${classId}: ${amounts}`);
    }
    if (issued - cancelled + reserved > authorised) {
      const promised = reserved > 0n ? ` and ${reserved} reserved` : '';
      const amounts = `${issued - cancelled} shares${promised}, ${authorised} authorised`;
      this.invariants.violatedAt('S5', event, `class ${classId}: ${amounts}`);
    }
  }

  /** A deal is completed with its last tranche, neither before nor after. */
  private checkCompletion(event: Event, dealId: string): void {
    const deal = this.deals.get(dealId);
    if (deal === undefined) {
      return;
    }
    const { status, terms, sharesIssued, tokensAccepted } = deal;
    const isPaid = sharesIssued === BigInt(terms.shares) && tokensAccepted === micro(terms.tokens);
    if ((status === 'completed') !== isPaid) {
      const amounts = `${sharesIssued} of ${terms.shares} shares for ${formatMicro(tokensAccepted)} of ${terms.tokens} tokens`;
      this.invariants.violatedAt('S5', event, `deal ${dealId} is ${status} with ${amounts}`);
    }
  }

  /** What is reserved is what the signed terms promise and was not issued: no more, no less, until it is cancelled. */
  private checkReservation(event: Event, dealId: string): void {
    const deal = this.deals.get(dealId);
    if (deal === undefined || !deal.mustReserve) {
      return;
    }
    const { status, terms, signatures, sharesIssued, reserved } = deal;
    const isPromised = signatures > 0 && status !== 'cancelled';
    const promised = isPromised ? BigInt(terms.shares) - sharesIssued : 0n;
    if (reserved !== promised) {
      const amounts = `${promised} shares promised, ${reserved} reserved`;
      this.invariants.violatedAt('S5', event, `deal ${dealId}: ${amounts}`);
    }
  }

  private advance(
    event: Extract<
      Event,
      {
        type:
          | 'deals.deal-signed'
          | 'deals.deal-cancelled'
          | 'deals.board-approved'
          | 'deals.deal-activated'
          | 'deals.deal-completed';
      }
    >,
  ): void {
    const deal = this.deals.get(event.data.dealId);
    if (deal === undefined) {
      this.invariants.violatedAt('S8', event, 'the deal was never offered');
      return;
    }
    switch (event.type) {
      case 'deals.deal-signed':
        deal.signatures += 1;
        deal.mustReserve ||= deal.signatures === 1 && this.reservationsBegan;
        this.touchedDeals.set(event.data.dealId, event);
        deal.status = deal.signatures === 2 ? 'signed' : deal.status;
        return;
      case 'deals.deal-cancelled':
        deal.status = 'cancelled';
        this.touchedDeals.set(event.data.dealId, event);
        return;
      case 'deals.board-approved':
        deal.status = 'approved';
        return;
      case 'deals.deal-activated':
        deal.status = 'active';
        return;
      case 'deals.deal-completed':
        deal.status = 'completed';
        this.touchedDeals.set(event.data.dealId, event);
        if (
          BigInt(event.data.shares) !== BigInt(deal.terms.shares) ||
          micro(event.data.tokens) !== micro(deal.terms.tokens)
        ) {
          this.invariants.violatedAt('S5', event, 'the completion does not state the terms');
        }
        return;
    }
  }
}

function newTranche(): { opened: number; ended: number; isDelivered: boolean } {
  return { opened: 0, ended: 0, isDelivered: false };
}
