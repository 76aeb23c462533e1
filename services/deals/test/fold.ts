import { eventCodec, type DealsEvent } from '@specie/contracts';
import { assertNever, assertPossible, type RecordedEvent } from '@specie/event-sourcing';
import type { AttestedCollection } from '@specie/attestation';
import { formatMicro } from '@specie/quantities';
import type { DealTerms } from '../src/deal/deal.state.js';

interface ShareClass {
  readonly companyId: string;
  authorised: bigint;
  issued: bigint;
  cancelled: bigint;
  reserved: bigint;
}
interface Deal {
  readonly terms: DealTerms;
  readonly signedBy: Set<string>;
  status: string;
  tokensAccepted: bigint;
  sharesIssued: bigint;
}

/** The books by plain additions over the log; shares no code with the deciders and the read models. */
export class Books {
  readonly classes = new Map<string, ShareClass>();
  /** By `classId/partyId`. */
  readonly holdings = new Map<string, { readonly companyId: string; shares: bigint }>();
  readonly deals = new Map<string, Deal>();
  /** Tranches that paid for shares: each may do so once. */
  readonly paid = new Set<string>();
  /** Shares by deal. */
  readonly reservations = new Map<string, bigint>();

  add(recorded: RecordedEvent): void {
    const event = eventCodec.decode(recorded) as DealsEvent;
    switch (event.type) {
      case 'deals.share-class-authorised': {
        const { classId, companyId, authorised } = event.data;
        const known = this.classes.get(classId) ?? {
          companyId,
          authorised,
          issued: 0n,
          cancelled: 0n,
          reserved: 0n,
        };
        this.classes.set(classId, { ...known, authorised });
        break;
      }
      case 'deals.shares-reserved':
        assertPossible(!this.reservations.has(event.data.dealId), 'a deal reserves once');
        this.reserve(event.data, event.data.shares);
        break;
      case 'deals.shares-released':
        this.reserve(event.data, 0n - event.data.shares);
        break;
      case 'deals.shares-issued': {
        const { classId, companyId, holderPartyId, shares, cause, trancheId, dealId } = event.data;
        of(this.classes, classId).issued += shares;
        if (dealId !== null) this.reserve({ classId, dealId }, 0n - shares);
        this.hold(`${classId}/${holderPartyId}`, companyId, shares);
        assertPossible(
          (cause === 'tranche') === (trancheId !== null),
          'shares cite what paid for them',
        );
        if (trancheId !== null) {
          assertPossible(!this.paid.has(trancheId), 'a tranche pays once');
          this.paid.add(trancheId);
        }
        break;
      }
      case 'deals.shares-cancelled': {
        const { classId, companyId, holderPartyId, shares } = event.data;
        of(this.classes, classId).cancelled += shares;
        this.hold(`${classId}/${holderPartyId}`, companyId, 0n - shares);
        break;
      }
      case 'deals.deal-offered': {
        const nothing = { tokensAccepted: 0n, sharesIssued: 0n };
        this.deals.set(event.data.dealId, {
          terms: event.data,
          signedBy: new Set(),
          status: 'offered',
          ...nothing,
        });
        break;
      }
      case 'deals.deal-signed': {
        const deal = of(this.deals, event.data.dealId);
        deal.signedBy.add(event.data.side);
        deal.status = deal.signedBy.size === 2 ? 'signed' : 'offered';
        break;
      }
      case 'deals.deal-cancelled':
        of(this.deals, event.data.dealId).status = 'cancelled';
        break;
      case 'deals.board-approved':
        of(this.deals, event.data.dealId).status = 'approved';
        break;
      case 'deals.deal-activated':
        of(this.deals, event.data.dealId).status = 'active';
        break;
      case 'deals.tranche-accepted': {
        const deal = of(this.deals, event.data.dealId);
        const tranche = deal.terms.tranches.find(
          ({ trancheId }) => trancheId === event.data.trancheId,
        );
        deal.tokensAccepted += tranche?.tokens ?? 0n;
        deal.sharesIssued += event.data.shares;
        break;
      }
      case 'deals.deal-completed':
        of(this.deals, event.data.dealId).status = 'completed';
        break;
      case 'deals.company-registered':
      case 'deals.tranche-opened':
      case 'deals.tranche-delivered':
      case 'deals.tranche-failed':
      case 'deals.state-attested':
      case 'deals.input-discarded':
        // Nothing that is counted.
        break;
      default:
        assertNever(event);
    }
  }

  /** As docs/architecture.md names and writes them. */
  collections(): readonly AttestedCollection[] {
    return [
      {
        name: 'classes',
        rows: [...this.classes].map(
          ([key, { companyId, authorised, issued, cancelled, reserved }]) => [
            key,
            {
              companyId,
              authorised: `${authorised}`,
              issued: `${issued}`,
              cancelled: `${cancelled}`,
              ...(reserved > 0n ? { reserved: `${reserved}` } : {}),
            },
          ],
        ),
      },
      {
        name: 'holdings',
        rows: [...this.holdings].map(([key, { companyId, shares }]) => [
          key,
          { companyId, shares: `${shares}` },
        ]),
      },
      {
        name: 'deals',
        rows: [...this.deals].map(([key, { status, tokensAccepted, sharesIssued }]) => [
          key,
          { status, tokensAccepted: formatMicro(tokensAccepted), sharesIssued: `${sharesIssued}` },
        ]),
      },
    ];
  }

  private reserve(
    { classId, dealId }: { readonly classId: string; readonly dealId: string },
    shares: bigint,
  ): void {
    of(this.classes, classId).reserved += shares;
    this.reservations.set(dealId, (this.reservations.get(dealId) ?? 0n) + shares);
  }

  private hold(key: string, companyId: string, shares: bigint): void {
    const holding = this.holdings.get(key) ?? { companyId, shares: 0n };
    this.holdings.set(key, { companyId, shares: holding.shares + shares });
  }
}

export function foldOf(events: readonly RecordedEvent[]): Books {
  const books = new Books();
  events.forEach((event) => {
    books.add(event);
  });
  return books;
}

function of<Row>(rows: ReadonlyMap<string, Row>, key: string): Row {
  const row = rows.get(key);
  assertPossible(row !== undefined, 'an event without what it refers to');
  return row;
}
