import { accept, reject } from '@specie/event-sourcing';
import { shares } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  acceptBy,
  accepted,
  acme,
  agreed,
  approved,
  company,
  companyId,
  dealId,
  delivered,
  failed,
  first,
  firstAccepted,
  firstDelivered,
  given,
  id,
  issuanceId,
  nordic,
  onCompany,
  onDeal,
  open,
  opened,
  preferred,
  promised,
  reserved,
  running,
  second,
  secondDelivered,
  tokens,
  unknown,
  usedUp,
} from '../../test/deal-story.js';
import type { CompanyEvent } from '../company/company.state.js';
import { type SidesEligible } from '../deal/deal.commands.js';
import { trancheRejections, type TrancheRejection } from '../deal/tranche-rejections.js';
import { acceptTranche, deliverTranche, failTranche, openTranche } from './tranche.decider.js';

describe('Tranche', () => {
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
        onDeal(accepted(first, 277_777n)),
        onCompany({
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
        }),
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

  it('stays quiet when a command repeats what is so already', () => {
    const done = given(...firstAccepted);
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

  const refusals = {
    deal_unknown: () => openTranche(open(first), { deal: unknown, company }),
    tranche_unknown: () => openTranche(open(id('ff')), { deal: given(...running), company }),
    not_the_provider: () =>
      openTranche(open(first, { partyId: acme }), { deal: given(...running), company }),
    not_the_company: () =>
      acceptTranche(acceptBy(first, nordic), { deal: given(...firstDelivered), company }),
    deal_not_active: () => openTranche(open(first), { deal: given(...agreed, approved), company }),
    provider_ineligible: () =>
      openTranche(open(first, { providerEligible: false }), { deal: given(...running), company }),
    company_ineligible: () =>
      openTranche(open(first, { companyEligible: false }), { deal: given(...running), company }),
    tranche_out_of_turn: () =>
      openTranche(open(second), { deal: given(...firstDelivered), company }),
    tranche_not_delivered: () =>
      acceptTranche(acceptBy(first), { deal: given(...running, opened(first, 25_000)), company }),
    authorised_exceeded: () =>
      openTranche(open(second), { deal: given(...firstAccepted), company: usedUp() }),
  } satisfies Record<TrancheRejection, () => unknown>;

  it.each(trancheRejections)('refuses with %s', (code) => {
    expect(refusals[code]()).toMatchObject(reject(code));
  });

  it('refuses every command on an unknown deal', () => {
    const decisions = [
      openTranche(open(first), { deal: unknown, company }),
      acceptTranche(acceptBy(first), { deal: unknown, company }),
    ];
    expect(decisions).toEqual(decisions.map(() => reject('deal_unknown')));
  });

  it('never issues beyond the authorisation, even if it was used up since the offer', () => {
    const decision = acceptTranche(acceptBy(first), {
      deal: given(...firstDelivered),
      company: usedUp(),
    });
    expect(decision).toMatchObject(reject('authorised_exceeded'));
  });

  const steps = {
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
    expect(() =>
      deliverTranche({ data: { trancheId: first, grantId: id('c1') } }, given(...running)),
    ).toThrow(/impossible history/);
    expect(() =>
      failTranche({ data: { trancheId: first, reason: 'x' } }, given(...running)),
    ).toThrow(/impossible history/);
  });
});
