import type { SharesReserved } from '@specie/contracts';
import { place } from '@specie/event-sourcing';
import { microMoney, microTokens, shares } from '@specie/quantities';
import {
  companyAggregate,
  companyStream,
  type Company,
  type CompanyEvent,
} from '../src/company/company.state.js';
import { type ApproveDeal, type OfferDeal } from '../src/deal/deal.commands.js';
import { offerDeal, type PlacedDealEvent } from '../src/deal/deal.decider.js';
import { dealAggregate, dealStream, type Deal, type DealEvent } from '../src/deal/deal.state.js';

// Acme, Nordic and the director Ada: one deal of two tranches, told event by event.
export const metadata = { now: '2026-03-01T12:00:00.000Z', actor: 'nordic' };
export const id = (digits: string) => `00000000-0000-4000-8000-${digits.padStart(12, '0')}`;
export const dealId = id('1');
export const companyId = id('2');
export const acme = id('3');
export const nordic = id('4');
export const ada = id('5');
export const preferred = id('6');
export const seriesId = id('7');
export const common = id('8');
export const issuanceId = id('9');
export const [first, second] = [id('a1'), id('a2')];
export const resolutionHash = 'cd'.repeat(32);
/** Not a hash, but as good as one here: equal exactly for equal texts. */
export const fakeHash = (text: string) => `hash of ${text}`;
export const tokens = (whole: number) => microTokens(BigInt(whole) * 1_000_000n);

export const companyEvents: readonly CompanyEvent[] = [
  {
    type: 'deals.company-registered',
    data: { companyId, partyId: acme, directorPartyIds: [acme, ada] },
  },
  {
    type: 'deals.share-class-authorised',
    data: { companyId, classId: common, kind: 'common', authorised: shares(10_000_000n) },
  },
  {
    type: 'deals.share-class-authorised',
    data: { companyId, classId: preferred, kind: 'preferred', authorised: shares(1_111_111n) },
  },
  {
    type: 'deals.shares-issued',
    data: {
      companyId,
      classId: common,
      issuanceId: id('b1'),
      holderPartyId: ada,
      shares: shares(10_000_000n),
      cause: 'founding',
      dealId: null,
      trancheId: null,
      paidByTokens: null,
    },
  },
];
export const companyOf = (events: readonly CompanyEvent[]): Company =>
  events.reduce(companyAggregate.evolve, companyAggregate.initialState());
export const company = companyOf(companyEvents);

export const bothEligible = { providerEligible: true, companyEligible: true };
const offer = (change: Partial<OfferDeal['data']> = {}): OfferDeal => ({
  data: {
    dealId,
    companyId,
    providerPartyId: nordic,
    seriesId,
    classId: preferred,
    equityPpm: 100_000,
    referencePrice: microMoney(2_500_000n),
    currency: 'USD',
    lockupEndsAt: null,
    ...bothEligible,
    tranches: [
      { trancheId: first, tokens: tokens(25_000) },
      { trancheId: second, tokens: tokens(75_000) },
    ],
    ...change,
  },
  metadata,
});
export const unknown = dealAggregate.initialState();
export const offerTo = (
  deal: Deal,
  change: Partial<OfferDeal['data']> = {},
  to: Company = company,
) => offerDeal(offer(change), { deal, company: to }, fakeHash);

function offeredEvent(): Extract<DealEvent, { type: 'deals.deal-offered' }> {
  const decision = offerTo(unknown);
  const event = decision.outcome === 'accepted' ? decision.events[0]?.event : undefined;
  if (event?.type !== 'deals.deal-offered') throw new Error('the offer was refused');
  return event;
}
export const offered = offeredEvent();
export const { termsHash } = offered.data;
export const signed = (side: 'provider' | 'company'): DealEvent => ({
  type: 'deals.deal-signed',
  data: { dealId, side, partyId: side === 'provider' ? nordic : acme, termsHash },
});
export const approved: DealEvent = {
  type: 'deals.board-approved',
  data: { dealId, approvedBy: ada, resolutionHash, termsHash },
};
export const activated: DealEvent = { type: 'deals.deal-activated', data: { dealId } };
export const opened = (trancheId: string, quantity: number): DealEvent => ({
  type: 'deals.tranche-opened',
  data: {
    dealId,
    trancheId,
    seriesId,
    fromPartyId: nordic,
    toPartyId: acme,
    tokens: tokens(quantity),
    lockupEndsAt: null,
  },
});
export const delivered = (trancheId: string): DealEvent => ({
  type: 'deals.tranche-delivered',
  data: { dealId, trancheId, grantId: id('c1') },
});
export const failed: DealEvent = {
  type: 'deals.tranche-failed',
  data: { dealId, trancheId: first, reason: 'lockup_active' },
};
export const cancelled: DealEvent = {
  type: 'deals.deal-cancelled',
  data: { dealId, side: 'company', partyId: acme },
};
export const accepted = (trancheId: string, count: bigint): DealEvent => ({
  type: 'deals.tranche-accepted',
  data: { dealId, trancheId, acceptedBy: acme, issuanceId, shares: shares(count) },
});
export const reserved: SharesReserved = {
  type: 'deals.shares-reserved',
  data: { companyId, classId: preferred, dealId, shares: shares(1_111_111n) },
};
export const released: CompanyEvent = { ...reserved, type: 'deals.shares-released' };
/** The company once the deal is signed. */
export const promised = companyOf([...companyEvents, reserved]);
export const onDeal = (event: DealEvent): PlacedDealEvent => place(dealStream(dealId), event);
export const onCompany = (event: CompanyEvent): PlacedDealEvent =>
  place(companyStream(companyId), event);
export const given = (...events: readonly DealEvent[]): Deal =>
  events.reduce(dealAggregate.evolve, unknown);
export const agreed = [offered, signed('provider'), signed('company')];
export const running = [...agreed, approved, activated];
export const firstDelivered = [...running, opened(first, 25_000), delivered(first)];
export const firstAccepted = [...firstDelivered, accepted(first, 277_777n)];
export const secondDelivered = [...firstAccepted, opened(second, 75_000), delivered(second)];

export const sign = (partyId: string, hash = termsHash, change = {}) => ({
  data: { partyId, termsHash: hash, ...bothEligible, ...change },
  metadata,
});
export const approve = (change: Partial<ApproveDeal['data']> = {}): ApproveDeal => ({
  data: {
    approvedBy: ada,
    approverEligible: true,
    resolutionHash,
    termsHash,
    ...bothEligible,
    ...change,
  },
  metadata,
});
export const activate = (change = {}) => ({
  data: { partyId: acme, providerEligible: true, companyEligible: true, ...change },
  metadata,
});
export const open = (trancheId: string, change = {}) => ({
  data: { partyId: nordic, trancheId, providerEligible: true, companyEligible: true, ...change },
  metadata,
});
export const acceptBy = (trancheId: string, acceptedBy = acme, change = {}) => ({
  data: { trancheId, acceptedBy, issuanceId, ...bothEligible, ...change },
  metadata,
});

/** The company once a million shares of the class went to somebody else. */
export function usedUp(): Company {
  const issued: CompanyEvent = {
    type: 'deals.shares-issued',
    data: {
      companyId,
      classId: preferred,
      issuanceId: id('b2'),
      holderPartyId: ada,
      shares: shares(1_000_000n),
      cause: 'founding',
      dealId: null,
      trancheId: null,
      paidByTokens: null,
    },
  };
  return companyOf([...companyEvents, issued]);
}
