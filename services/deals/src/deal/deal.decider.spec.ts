import { accept, reject, type Rejected } from '@specie/event-sourcing';
import { microTokens, quantityMax, shares } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
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
  companyOf,
  delivered,
  fakeHash,
  first,
  firstAccepted,
  given,
  id,
  metadata,
  nordic,
  offerTo,
  offered,
  onCompany,
  onDeal,
  open,
  preferred,
  promised,
  released,
  reserved,
  running,
  second,
  sign,
  signed,
  termsHash,
  tokens,
  unknown,
  usedUp,
} from '../../test/deal-story.js';
import { companyAggregate, type CompanyEvent } from '../company/company.state.js';
import { openTranche } from '../tranche/tranche.decider.js';
import { type SidesEligible } from './deal.commands.js';
import {
  activateDeal,
  approveDeal,
  cancelDeal,
  dealRejections,
  signDeal,
  type DealRejection,
} from './deal.decider.js';
import { canonicalTerms } from './terms.js';

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

  it('is approved by a director who did not sign', () => {
    expect(approveDeal(approve(), { deal: given(...agreed), company })).toEqual(
      accept(onDeal(approved)),
    );
  });

  it('is activated once both sides are eligible', () => {
    expect(activateDeal(activate(), given(...agreed, approved))).toEqual(accept(activated));
  });

  it('stays quiet when a command repeats what is so already', () => {
    const done = given(...firstAccepted);
    expect(offerTo(done)).toEqual(accept());
    expect(signDeal(sign(acme), { deal: done, company })).toEqual(accept());
    const once = { deal: given(offered, signed('provider')), company };
    expect(signDeal(sign(nordic), once)).toEqual(accept());
    expect(approveDeal(approve(), { deal: done, company })).toEqual(accept());
    expect(activateDeal(activate(), done)).toEqual(accept());
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
    provider_is_company: () => offerTo(unknown, { providerPartyId: acme }),
    not_a_side_of_the_deal: () => signDeal(sign(ada), { deal: given(offered), company }),
    not_a_director: () =>
      approveDeal(approve({ approvedBy: nordic }), { deal: given(...agreed), company }),
    approver_is_signatory: () =>
      approveDeal(approve({ approvedBy: acme }), { deal: given(...agreed), company }),
    deal_cancelled: () => signDeal(sign(acme), { deal: given(offered, cancelled), company }),
    deal_not_signed: () => approveDeal(approve(), { deal: given(offered), company }),
    deal_not_approved: () => activateDeal(activate(), given(...agreed)),
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
      cancelDeal({ data: { partyId: acme }, metadata }, { deal: unknown, company }),
    ];
    expect(decisions).toEqual(decisions.map(() => reject('deal_unknown')));
  });

  it('is refused for want of shares with what there is and where they were asked for', () => {
    const { violations } = signDeal(sign(acme, termsHash, { askedAt: 'body.termsHash' }), {
      deal: given(offered),
      company: usedUp(),
    }) as Rejected<string>;
    expect(violations[0].details).toEqual({
      ...{ authorised: '1111111', outstanding: '1000000', reserved: '0', free: '111111' },
      path: 'body.termsHash',
    });
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

  const steps = {
    offer: (change: Partial<SidesEligible>) => offerTo(unknown, change),
    sign: (change: Partial<SidesEligible>) =>
      signDeal(sign(acme, termsHash, change), { deal: given(offered), company }),
    approve: (change: Partial<SidesEligible>) =>
      approveDeal(approve(change), { deal: given(...agreed), company }),
    activate: (change: Partial<SidesEligible>) =>
      activateDeal(activate(change), given(...agreed, approved)),
  };
  it.each(Object.entries(steps))(
    'takes no step while a side is ineligible: %s (D5)',
    (_name, step) => {
      expect(step({})).toMatchObject({ outcome: 'accepted' });
      expect(step({ providerEligible: false })).toMatchObject(reject('provider_ineligible'));
      expect(step({ companyEligible: false })).toMatchObject(reject('company_ineligible'));
      const details = { reason: 'The evidence expired.' };
      expect(step({ providerEligible: false, providerIneligibility: details })).toEqual(
        reject('provider_ineligible', details),
      );
      expect(step({ companyEligible: false, companyIneligibility: details })).toEqual(
        reject('company_ineligible', details),
      );
    },
  );

  it('takes history that cannot be for corrupt', () => {
    expect(() => given(offered, offered)).toThrow(/impossible history/);
    expect(() => given(signed('company'))).toThrow(/impossible history/);
    expect(() => given(offered, approved)).toThrow(/impossible history/);
    expect(() => given(...running, delivered(first))).toThrow(/impossible history/);
  });
});
