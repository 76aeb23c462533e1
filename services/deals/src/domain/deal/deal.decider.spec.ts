import { accept, reject } from '@specie/event-sourcing';
import { microMoney, microTokens, quantityMax, shares } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import { companyAggregate, type Company, type CompanyEvent } from '../company/index.js';
import {
  acceptTranche,
  activateDeal,
  approveDeal,
  canonicalTerms,
  dealAggregate,
  dealRejections,
  deliverTranche,
  failTranche,
  offerDeal,
  openTranche,
  signDeal,
  type ApproveDeal,
  type Deal,
  type DealEvent,
  type DealRejection,
  type OfferDeal,
} from './index.js';

const metadata = { now: '2026-03-01T12:00:00.000Z', actor: 'nordic' };
const id = (digits: string) => `00000000-0000-4000-8000-${digits.padStart(12, '0')}`;
const dealId = id('1');
const companyId = id('2');
const acme = id('3');
const nordic = id('4');
const ada = id('5');
const preferred = id('6');
const seriesId = id('7');
const common = id('8');
const issuanceId = id('9');
const [first, second] = [id('a1'), id('a2')];
const resolutionHash = 'cd'.repeat(32);
/** Not a hash, but as good as one here: equal exactly for equal texts. */
const fakeHash = (text: string) => `hash of ${text}`;
const tokens = (whole: number) => microTokens(BigInt(whole) * 1_000_000n);

const companyEvents: readonly CompanyEvent[] = [
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
const companyOf = (events: readonly CompanyEvent[]): Company =>
  events.reduce(companyAggregate.evolve, companyAggregate.initialState());
const company = companyOf(companyEvents);

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
    tranches: [
      { trancheId: first, tokens: tokens(25_000) },
      { trancheId: second, tokens: tokens(75_000) },
    ],
    ...change,
  },
  metadata,
});
const unknown = dealAggregate.initialState();
const offerTo = (deal: Deal, change: Partial<OfferDeal['data']> = {}, to: Company = company) =>
  offerDeal(offer(change), { deal, company: to }, fakeHash);

function offeredEvent(): Extract<DealEvent, { type: 'deals.deal-offered' }> {
  const decision = offerTo(unknown);
  const event = decision.outcome === 'accepted' ? decision.events[0] : undefined;
  if (event?.type !== 'deals.deal-offered') throw new Error('the offer was refused');
  return event;
}
const offered = offeredEvent();
const { termsHash } = offered.data;
const signed = (side: 'provider' | 'company'): DealEvent => ({
  type: 'deals.deal-signed',
  data: { dealId, side, partyId: side === 'provider' ? nordic : acme, termsHash },
});
const approved: DealEvent = {
  type: 'deals.board-approved',
  data: { dealId, approvedBy: ada, resolutionHash, termsHash },
};
const activated: DealEvent = { type: 'deals.deal-activated', data: { dealId } };
const opened = (trancheId: string, quantity: number): DealEvent => ({
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
const delivered = (trancheId: string): DealEvent => ({
  type: 'deals.tranche-delivered',
  data: { dealId, trancheId, grantId: id('c1') },
});
const failed: DealEvent = {
  type: 'deals.tranche-failed',
  data: { dealId, trancheId: first, reason: 'lockup_active' },
};
const accepted = (trancheId: string, count: bigint): DealEvent => ({
  type: 'deals.tranche-accepted',
  data: { dealId, trancheId, acceptedBy: acme, issuanceId, shares: shares(count) },
});
const given = (...events: readonly DealEvent[]): Deal =>
  events.reduce(dealAggregate.evolve, unknown);
const agreed = [offered, signed('provider'), signed('company')];
const running = [...agreed, approved, activated];
const firstDelivered = [...running, opened(first, 25_000), delivered(first)];
const firstAccepted = [...firstDelivered, accepted(first, 277_777n)];
const secondDelivered = [...firstAccepted, opened(second, 75_000), delivered(second)];

const sign = (partyId: string, hash = termsHash) => ({
  data: { partyId, termsHash: hash },
  metadata,
});
const approve = (change: Partial<ApproveDeal['data']> = {}): ApproveDeal => ({
  data: { approvedBy: ada, resolutionHash, termsHash, ...change },
  metadata,
});
const activate = (change = {}) => ({
  data: { partyId: acme, providerEligible: true, companyEligible: true, ...change },
  metadata,
});
const open = (trancheId: string, change = {}) => ({
  data: { partyId: nordic, trancheId, providerEligible: true, companyEligible: true, ...change },
  metadata,
});
const acceptBy = (trancheId: string, acceptedBy = acme) => ({
  data: { trancheId, acceptedBy, issuanceId },
  metadata,
});

describe('Deal', () => {
  it('is offered with the shares of every tranche and what they were derived from', () => {
    expect(offered.data).toMatchObject({
      tokens: tokens(100_000),
      fullyDiluted: 10_000_000n,
      shares: 1_111_111n,
      capitalizationRules: { includeOutstandingShares: true, includeOtherConvertibles: false },
      tranches: [
        { trancheId: first, shares: 277_777n },
        { trancheId: second, shares: 833_334n },
      ],
    });
  });

  it('is signed as a canonical text in wire form', () => {
    const { termsHash: _hash, ...terms } = offered.data;
    expect(JSON.parse(canonicalTerms(terms))).toMatchObject({
      tokens: '100000.000000',
      shares: '1111111',
    });
    expect(termsHash).toBe(fakeHash(canonicalTerms(terms)));
  });

  it('is signed by both sides, in any order', () => {
    expect(signDeal(sign(acme), given(offered))).toEqual(accept(signed('company')));
    expect(signDeal(sign(nordic), given(offered, signed('company')))).toEqual(
      accept(signed('provider')),
    );
    expect(given(...agreed).status).toBe('signed');
  });

  it('is approved by a director who did not sign', () => {
    expect(approveDeal(approve(), { deal: given(...agreed), company })).toEqual(accept(approved));
  });

  it('is activated once both sides are eligible', () => {
    expect(activateDeal(activate(), given(...agreed, approved))).toEqual(accept(activated));
  });

  it('opens tranches in order', () => {
    expect(openTranche(open(first), given(...running))).toEqual(accept(opened(first, 25_000)));
    expect(openTranche(open(second), given(...firstAccepted))).toEqual(
      accept(opened(second, 75_000)),
    );
  });

  it('opens a failed tranche again', () => {
    expect(openTranche(open(first), given(...running, opened(first, 25_000), failed))).toEqual(
      accept(opened(first, 25_000)),
    );
  });

  it('follows what the issuer answers', () => {
    const waiting = given(...running, opened(first, 25_000));
    expect(deliverTranche({ data: { trancheId: first, grantId: id('c1') } }, waiting)).toEqual(
      accept(delivered(first)),
    );
    expect(failTranche({ data: { trancheId: first, reason: 'lockup_active' } }, waiting)).toEqual(
      accept(failed),
    );
  });

  it('issues the shares of a tranche when it is accepted', () => {
    expect(acceptTranche(acceptBy(first), { deal: given(...firstDelivered), company })).toEqual(
      accept(
        { stream: 'deal', event: accepted(first, 277_777n) },
        {
          stream: 'company',
          event: {
            type: 'deals.shares-issued',
            data: {
              companyId,
              classId: preferred,
              issuanceId,
              holderPartyId: nordic,
              shares: shares(277_777n),
              cause: 'tranche',
              dealId,
              trancheId: first,
              paidByTokens: tokens(25_000),
            },
          },
        },
      ),
    );
  });

  it('is completed with its last tranche', () => {
    const decision = acceptTranche(acceptBy(second), { deal: given(...secondDelivered), company });
    expect(decision).toMatchObject({
      events: [
        { event: { type: 'deals.tranche-accepted', data: { shares: 833_334n } } },
        {
          event: {
            type: 'deals.deal-completed',
            data: { shares: 1_111_111n, tokens: tokens(100_000) },
          },
        },
        { event: { type: 'deals.shares-issued' } },
      ],
    });
  });

  it('stays quiet when a command repeats what is so already', () => {
    const done = given(...firstAccepted);
    expect(offerTo(done)).toEqual(accept());
    expect(signDeal(sign(acme), done)).toEqual(accept());
    expect(signDeal(sign(nordic), given(offered, signed('provider')))).toEqual(accept());
    expect(approveDeal(approve(), { deal: done, company })).toEqual(accept());
    expect(activateDeal(activate(), done)).toEqual(accept());
    expect(openTranche(open(first), done)).toEqual(accept());
    expect(deliverTranche({ data: { trancheId: first, grantId: id('c1') } }, done)).toEqual(
      accept(),
    );
    expect(
      failTranche(
        { data: { trancheId: first, reason: 'x' } },
        given(...running, opened(first, 25_000), failed),
      ),
    ).toEqual(accept());
    expect(failTranche({ data: { trancheId: first, reason: 'x' } }, done)).toEqual(accept());
    expect(acceptTranche(acceptBy(first), { deal: done, company })).toEqual(accept());
  });

  const twice = [first, first].map((trancheId) => ({ trancheId, tokens: tokens(1) }));
  const tranche = (quantity: bigint) => [{ trancheId: first, tokens: microTokens(quantity) }];
  const small = companyOf(
    companyEvents.map((event) =>
      event.type === 'deals.share-class-authorised' && event.data.classId === preferred
        ? { ...event, data: { ...event.data, authorised: shares(1_111_110n) } }
        : event,
    ),
  );
  const refusals = {
    company_unknown: () => offerTo(unknown, {}, companyAggregate.initialState()),
    deal_offered_differently: () => offerTo(given(offered), { equityPpm: 90_000 }),
    class_unknown: () => offerTo(unknown, { classId: id('ff') }),
    deal_unknown: () => signDeal(sign(acme), unknown),
    tranche_unknown: () => openTranche(open(id('ff')), given(...running)),
    provider_is_company: () => offerTo(unknown, { providerPartyId: acme }),
    not_a_side_of_the_deal: () => signDeal(sign(ada), given(offered)),
    not_a_director: () =>
      approveDeal(approve({ approvedBy: nordic }), { deal: given(...agreed), company }),
    approver_is_signatory: () =>
      approveDeal(approve({ approvedBy: acme }), { deal: given(...agreed), company }),
    not_the_provider: () => openTranche(open(first, { partyId: acme }), given(...running)),
    not_the_company: () =>
      acceptTranche(acceptBy(first, nordic), { deal: given(...firstDelivered), company }),
    deal_not_signed: () => approveDeal(approve(), { deal: given(offered), company }),
    deal_not_approved: () => activateDeal(activate(), given(...agreed)),
    deal_not_active: () => openTranche(open(first), given(...agreed, approved)),
    terms_hash_mismatch: () => signDeal(sign(acme, 'ef'.repeat(32)), given(offered)),
    provider_ineligible: () =>
      activateDeal(activate({ providerEligible: false }), given(...agreed, approved)),
    company_ineligible: () =>
      activateDeal(activate({ companyEligible: false }), given(...agreed, approved)),
    tranche_out_of_turn: () => openTranche(open(second), given(...firstDelivered)),
    tranche_not_delivered: () =>
      acceptTranche(acceptBy(first), { deal: given(...running, opened(first, 25_000)), company }),
    tranche_repeated: () => offerTo(unknown, { tranches: twice }),
    tokens_not_positive: () => offerTo(unknown, { tranches: tranche(0n) }),
    tokens_too_many: () => offerTo(unknown, { tranches: tranche(quantityMax + 1n) }),
    lockup_in_past: () => offerTo(unknown, { lockupEndsAt: metadata.now }),
    equity_out_of_range: () => offerTo(unknown, { equityPpm: 1_000_000 }),
    tranche_without_shares: () => offerTo(unknown, {}, companyOf(companyEvents.slice(0, 3))),
    authorised_exceeded: () => offerTo(unknown, {}, small),
  } satisfies Record<DealRejection, () => unknown>;

  it.each(dealRejections)('refuses with %s', (code) => {
    expect(refusals[code]()).toEqual(reject(code));
  });

  it('refuses every command on an unknown deal', () => {
    const decisions = [
      approveDeal(approve(), { deal: unknown, company }),
      activateDeal(activate(), unknown),
      openTranche(open(first), unknown),
      acceptTranche(acceptBy(first), { deal: unknown, company }),
    ];
    expect(decisions).toEqual(decisions.map(() => reject('deal_unknown')));
  });

  it('never issues beyond the authorisation, even if it was used up since the offer', () => {
    const decision = acceptTranche(acceptBy(first), {
      deal: given(...firstDelivered),
      company: usedUp(),
    });
    expect(decision).toEqual(reject('authorised_exceeded'));
  });

  it('refuses to open a tranche while a side is ineligible', () => {
    expect(openTranche(open(first, { providerEligible: false }), given(...running))).toEqual(
      reject('provider_ineligible'),
    );
    expect(openTranche(open(first, { companyEligible: false }), given(...running))).toEqual(
      reject('company_ineligible'),
    );
  });

  it('takes history that cannot be for corrupt', () => {
    expect(() => given(offered, offered)).toThrow(/impossible history/);
    expect(() => given(signed('company'))).toThrow(/impossible history/);
    expect(() => given(offered, approved)).toThrow(/impossible history/);
    expect(() => given(...running, delivered(first))).toThrow(/impossible history/);
    expect(() =>
      deliverTranche({ data: { trancheId: first, grantId: id('c1') } }, given(...running)),
    ).toThrow(/impossible history/);
    expect(() =>
      failTranche({ data: { trancheId: first, reason: 'x' } }, given(...running)),
    ).toThrow(/impossible history/);
  });
});

function usedUp(): Company {
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
