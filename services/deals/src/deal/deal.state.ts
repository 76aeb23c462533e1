import type {
  BoardApproved,
  DealActivated,
  DealCancelled,
  DealCompleted,
  DealOffered,
  DealSigned,
  TrancheAccepted,
  TrancheDelivered,
  TrancheFailed,
  TrancheOpened,
} from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  assertNever,
  assertPossible,
  type Aggregate,
  type StreamRef,
} from '@specie/event-sourcing';
import { companyStream, type Company, type CompanyEvent } from '../company/company.state.js';

export type DealEvent =
  | DealOffered
  | DealSigned
  | DealCancelled
  | BoardApproved
  | DealActivated
  | TrancheOpened
  | TrancheDelivered
  | TrancheFailed
  | TrancheAccepted
  | DealCompleted;

export type DealTerms = DealOffered['data'];
export type Side = DealSigned['data']['side'];

export type TrancheStatus = 'pending' | 'opened' | 'delivered' | 'failed' | 'accepted';
export type Tranche = DealTerms['tranches'][number] & { readonly status: TrancheStatus };

export interface DealOnOffer {
  readonly status: 'offered';
  readonly terms: DealTerms;
  readonly signedBy: readonly Side[];
}
/** Signed by both sides; approved once a director said so too. */
export interface AgreedDeal {
  readonly status: 'signed' | 'approved';
  readonly terms: DealTerms;
}
export interface RunningDeal {
  readonly status: 'active' | 'completed';
  readonly terms: DealTerms;
  readonly tranches: readonly Tranche[];
}
/** A side withdrew before it was active. */
export interface CancelledDeal {
  readonly status: 'cancelled';
  readonly terms: DealTerms;
}
export type KnownDeal = DealOnOffer | AgreedDeal | RunningDeal | CancelledDeal;
export type Deal = { readonly status: 'unknown' } | KnownDeal;

export const dealAggregate: Aggregate<Deal, DealEvent> = {
  initialState: () => ({ status: 'unknown' }),
  evolve,
};

export function dealStream(dealId: string): StreamRef<Deal, DealEvent> {
  return { streamId: streamIds.deal(dealId), aggregate: dealAggregate };
}

/** A deal and the company whose shares it is about, decided on together. */
export interface DealAndCompany {
  readonly deal: Deal;
  readonly company: Company;
}

export function dealAndCompany({
  dealId,
  companyId,
}: {
  readonly dealId: string;
  readonly companyId: string;
}): {
  readonly deal: StreamRef<Deal, DealEvent>;
  readonly company: StreamRef<Company, CompanyEvent>;
} {
  return { deal: dealStream(dealId), company: companyStream(companyId) };
}

/** The version of the deal among those that a command wrote. */
export function dealVersion(versions: ReadonlyMap<string, number>, dealId: string): number {
  return versions.get(streamIds.deal(dealId)) ?? 0;
}

function evolve(state: Deal, event: DealEvent): Deal {
  if (event.type === 'deals.deal-offered') {
    assertPossible(state.status === 'unknown', 'a deal is offered once');
    return { status: 'offered', terms: event.data, signedBy: [] };
  }
  assertPossible(state.status !== 'unknown', `${event.type} before the offer`);
  switch (event.type) {
    case 'deals.deal-signed': {
      const { side } = event.data;
      assertPossible(
        state.status === 'offered' && !state.signedBy.includes(side),
        'a side signs an offer once',
      );
      const signedBy = [...state.signedBy, side];
      return signedBy.length === 2
        ? { status: 'signed', terms: state.terms }
        : { ...state, signedBy };
    }
    case 'deals.deal-cancelled':
      assertPossible(
        state.status === 'offered' || state.status === 'signed' || state.status === 'approved',
        'a deal is cancelled before it is active',
      );
      return { status: 'cancelled', terms: state.terms };
    case 'deals.board-approved':
      assertPossible(state.status === 'signed', 'the board approves a signed deal');
      return { status: 'approved', terms: state.terms };
    case 'deals.deal-activated': {
      assertPossible(state.status === 'approved', 'an approved deal becomes active');
      const tranches = state.terms.tranches.map((tranche) => ({
        ...tranche,
        status: 'pending' as const,
      }));
      return { status: 'active', terms: state.terms, tranches };
    }
    case 'deals.tranche-opened':
      return moveTranche(state, event, { from: ['pending', 'failed'], to: 'opened' });
    case 'deals.tranche-delivered':
      return moveTranche(state, event, { from: ['opened'], to: 'delivered' });
    case 'deals.tranche-failed':
      return moveTranche(state, event, { from: ['opened'], to: 'failed' });
    case 'deals.tranche-accepted':
      return moveTranche(state, event, { from: ['delivered'], to: 'accepted' });
    case 'deals.deal-completed':
      assertPossible(state.status === 'active', 'an active deal is completed');
      assertPossible(
        state.tranches.every(({ status }) => status === 'accepted'),
        'every tranche is accepted',
      );
      return { ...state, status: 'completed' };
    default:
      return assertNever(event);
  }
}

function moveTranche(
  state: KnownDeal,
  event: TrancheOpened | TrancheDelivered | TrancheFailed | TrancheAccepted,
  move: { readonly from: readonly TrancheStatus[]; readonly to: TrancheStatus },
): Deal {
  assertPossible(state.status === 'active', `${event.type} of a deal that is not active`);
  const { trancheId } = event.data;
  const tranche = state.tranches.find((each) => each.trancheId === trancheId);
  assertPossible(
    tranche !== undefined && move.from.includes(tranche.status),
    `${event.type} out of order`,
  );
  const moved = { ...tranche, status: move.to };
  return { ...state, tranches: state.tranches.map((each) => (each === tranche ? moved : each)) };
}
