import { accept, reject } from '@specie/event-sourcing';
import { microTokens, quantityMax, shares } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  acceptBy,
  accepted,
  acme,
  activate,
  activated,
  ada,
  agreed,
  approve,
  approved,
  cancelled,
  company,
  companyEvents,
  companyId,
  companyOf,
  dealId,
  delivered,
  failed,
  fakeHash,
  first,
  firstAccepted,
  firstDelivered,
  given,
  id,
  issuanceId,
  metadata,
  nordic,
  offerTo,
  offered,
  onCompany,
  onDeal,
  open,
  opened,
  preferred,
  promised,
  released,
  reserved,
  running,
  second,
  secondDelivered,
  sign,
  signed,
  termsHash,
  tokens,
  unknown,
  usedUp,
} from '../../../test/deal-story.js';
import { companyAggregate, type CompanyEvent } from '../company/index.js';
import {
  acceptTranche,
  activateDeal,
  approveDeal,
  cancelDeal,
  canonicalTerms,
  dealRejections,
  deliverTranche,
  failTranche,
  openTranche,
  signDeal,
  type DealRejection,
  type SidesEligible,
} from './index.js';

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
    expect(signDeal(sign(acme), { deal: given(offered), company })).toEqual(
      accept(onDeal(signed('company')), onCompany(reserved)),
    );
    const once = { deal: given(offered, signed('company')), company: promised };
    expect(signDeal(sign(nordic), once)).toEqual(accept(onDeal(signed('provider'))));
    expect(given(...agreed).status).toBe('signed');
  });

  it('is cancelled by either side before it is active, and frees its shares (D7)', () => {
    const byAcme = { data: { partyId: acme }, metadata };
    expect(cancelDeal(byAcme, { deal: given(offered), company })).toEqual(
      accept(onDeal(cancelled)),
    );
    for (const events of [[offered, signed('provider')], agreed, [...agreed, approved]]) {
      expect(cancelDeal(byAcme, { deal: given(...events), company: promised })).toEqual(
        accept(onDeal(cancelled), onCompany(released)),
      );
    }
    expect(companyOf([...companyEvents, reserved, released])).toEqual(company);
    const over = given(offered, cancelled);
    expect(cancelDeal(byAcme, { deal: over, company })).toEqual(accept());
    expect(signDeal(sign(acme), { deal: over, company })).toMatchObject(reject('deal_cancelled'));
    expect(approveDeal(approve(), { deal: over, company })).toMatchObject(reject('deal_cancelled'));
    expect(activateDeal(activate(), over)).toMatchObject(reject('deal_cancelled'));
    expect(openTranche(open(first), { deal: over, company })).toMatchObject(
      reject('deal_not_active'),
    );
    expect(() => given(...running, cancelled)).toThrow(/impossible history/);
  });

  it('reserves with the next tranche what a deal signed before reservations still owes (D6)', () => {
    const owed: CompanyEvent = {
      ...reserved,
      data: { ...reserved.data, shares: shares(833_334n) },
    };
    const issued = { deal: given(...firstAccepted), company };
    expect(openTranche(open(second), issued)).toEqual(
      accept(onDeal(opened(second, 75_000)), onCompany(owed)),
    );
    expect(openTranche(open(second), { ...issued, company: usedUp() })).toMatchObject(
      reject('authorised_exceeded'),
    );
  });

  it('is approved by a director who did not sign', () => {
    expect(approveDeal(approve(), { deal: given(...agreed), company })).toEqual(accept(approved));
  });

  it('is activated once both sides are eligible', () => {
    expect(activateDeal(activate(), given(...agreed, approved))).toEqual(accept(activated));
  });

  it('opens tranches in order', () => {
    expect(openTranche(open(first), { deal: given(...running), company: promised })).toEqual(
      accept(onDeal(opened(first, 25_000))),
    );
    expect(openTranche(open(second), { deal: given(...firstAccepted), company: promised })).toEqual(
      accept(onDeal(opened(second, 75_000))),
    );
  });

  it('opens a failed tranche again', () => {
    const deal = given(...running, opened(first, 25_000), failed);
    expect(openTranche(open(first), { deal, company: promised })).toEqual(
      accept(onDeal(opened(first, 25_000))),
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
    expect(signDeal(sign(acme), { deal: done, company })).toEqual(accept());
    const once = { deal: given(offered, signed('provider')), company };
    expect(signDeal(sign(nordic), once)).toEqual(accept());
    expect(approveDeal(approve(), { deal: done, company })).toEqual(accept());
    expect(activateDeal(activate(), done)).toEqual(accept());
    expect(openTranche(open(first), { deal: done, company })).toEqual(accept());
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
    deal_unknown: () => signDeal(sign(acme), { deal: unknown, company }),
    tranche_unknown: () => openTranche(open(id('ff')), { deal: given(...running), company }),
    provider_is_company: () => offerTo(unknown, { providerPartyId: acme }),
    not_a_side_of_the_deal: () => signDeal(sign(ada), { deal: given(offered), company }),
    not_a_director: () =>
      approveDeal(approve({ approvedBy: nordic }), { deal: given(...agreed), company }),
    approver_is_signatory: () =>
      approveDeal(approve({ approvedBy: acme }), { deal: given(...agreed), company }),
    not_the_provider: () =>
      openTranche(open(first, { partyId: acme }), { deal: given(...running), company }),
    not_the_company: () =>
      acceptTranche(acceptBy(first, nordic), { deal: given(...firstDelivered), company }),
    deal_cancelled: () => signDeal(sign(acme), { deal: given(offered, cancelled), company }),
    deal_not_signed: () => approveDeal(approve(), { deal: given(offered), company }),
    deal_not_approved: () => activateDeal(activate(), given(...agreed)),
    deal_not_active: () => openTranche(open(first), { deal: given(...agreed, approved), company }),
    deal_already_active: () =>
      cancelDeal({ data: { partyId: acme }, metadata }, { deal: given(...running), company }),
    terms_hash_mismatch: () =>
      signDeal(sign(acme, 'ef'.repeat(32)), { deal: given(offered), company }),
    provider_ineligible: () =>
      activateDeal(activate({ providerEligible: false }), given(...agreed, approved)),
    company_ineligible: () =>
      activateDeal(activate({ companyEligible: false }), given(...agreed, approved)),
    approver_ineligible: () =>
      approveDeal(approve({ approverEligible: false }), { deal: given(...agreed), company }),
    tranche_out_of_turn: () =>
      openTranche(open(second), { deal: given(...firstDelivered), company }),
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
    expect(refusals[code]()).toMatchObject(reject(code));
  });

  it('refuses every command on an unknown deal', () => {
    const decisions = [
      approveDeal(approve(), { deal: unknown, company }),
      activateDeal(activate(), unknown),
      openTranche(open(first), { deal: unknown, company }),
      cancelDeal({ data: { partyId: acme }, metadata }, { deal: unknown, company }),
      acceptTranche(acceptBy(first), { deal: unknown, company }),
    ];
    expect(decisions).toEqual(decisions.map(() => reject('deal_unknown')));
  });

  it('is not signed, nor offered, when its shares are promised or used up', () => {
    const other: CompanyEvent = {
      ...reserved,
      data: { ...reserved.data, dealId: id('f1'), shares: shares(1n) },
    };
    const taken = companyOf([...companyEvents, other]);
    expect(signDeal(sign(acme), { deal: given(offered), company: taken })).toMatchObject(
      reject('authorised_exceeded'),
    );
    expect(offerTo(unknown, {}, taken)).toMatchObject(reject('authorised_exceeded'));
    expect(signDeal(sign(acme), { deal: given(offered), company: usedUp() })).toMatchObject(
      reject('authorised_exceeded'),
    );
  });

  it('never issues beyond the authorisation, even if it was used up since the offer', () => {
    const decision = acceptTranche(acceptBy(first), {
      deal: given(...firstDelivered),
      company: usedUp(),
    });
    expect(decision).toMatchObject(reject('authorised_exceeded'));
  });

  const steps = {
    offer: (change: Partial<SidesEligible>) => offerTo(unknown, change),
    sign: (change: Partial<SidesEligible>) =>
      signDeal(sign(acme, termsHash, change), { deal: given(offered), company }),
    approve: (change: Partial<SidesEligible>) =>
      approveDeal(approve(change), { deal: given(...agreed), company }),
    activate: (change: Partial<SidesEligible>) =>
      activateDeal(activate(change), given(...agreed, approved)),
    open: (change: Partial<SidesEligible>) =>
      openTranche(open(first, change), { deal: given(...running), company }),
    accept: (change: Partial<SidesEligible>) =>
      acceptTranche(acceptBy(first, acme, change), { deal: given(...firstDelivered), company }),
  };
  it.each(Object.entries(steps))(
    'takes no step while a side is ineligible: %s (D5)',
    (_name, step) => {
      expect(step({})).toMatchObject({ outcome: 'accepted' });
      expect(step({ providerEligible: false })).toMatchObject(reject('provider_ineligible'));
      expect(step({ companyEligible: false })).toMatchObject(reject('company_ineligible'));
    },
  );

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
