import { accept, reject } from '@specie/event-sourcing';
import { microTokens, quantityMax, shares } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import { type IssueFoundingShares } from './company.commands.js';
import {
  authoriseShareClass,
  cancelShares,
  classCountMax,
  companyRejections,
  fullyDilutedOf,
  issueFoundingShares,
  issueTrancheShares,
  registerCompany,
  releaseShares,
  reserveShares,
  type CompanyDecision,
  type CompanyRejection,
} from './company.decider.js';
import { companyAggregate, type Company, type CompanyEvent } from './company.state.js';

const metadata = { now: '2026-03-01T12:00:00.000Z', actor: 'ada' };
const companyId = '00000000-0000-4000-8000-000000000001';
const acme = '00000000-0000-4000-8000-000000000002';
const ada = '00000000-0000-4000-8000-000000000003';
const common = '00000000-0000-4000-8000-000000000004';
const issuanceId = '00000000-0000-4000-8000-000000000005';
const cancellationId = '00000000-0000-4000-8000-000000000006';

const registered: CompanyEvent = {
  type: 'deals.company-registered',
  data: { companyId, partyId: acme, directorPartyIds: [ada] },
};
const authorised: CompanyEvent = {
  type: 'deals.share-class-authorised',
  data: { companyId, classId: common, kind: 'common', authorised: shares(1_000n) },
};
const issued: CompanyEvent = {
  type: 'deals.shares-issued',
  data: {
    companyId,
    classId: common,
    issuanceId,
    holderPartyId: ada,
    shares: shares(600n),
    cause: 'founding',
    dealId: null,
    trancheId: null,
    paidByTokens: null,
  },
};
const dealId = '00000000-0000-4000-8000-000000000007';
const reserved: CompanyEvent = {
  type: 'deals.shares-reserved',
  data: { companyId, classId: common, dealId, shares: shares(300n) },
};
const cancelled: CompanyEvent = {
  type: 'deals.shares-cancelled',
  data: {
    companyId,
    classId: common,
    cancellationId,
    holderPartyId: ada,
    shares: shares(100n),
    reason: 'surrendered',
  },
};
const given = (...events: readonly CompanyEvent[]): Company =>
  events.reduce(companyAggregate.evolve, companyAggregate.initialState());
const withShares = given(registered, authorised, issued);

const fullyClassed = Array.from({ length: classCountMax }, (_, index): CompanyEvent => ({
  ...authorised,
  data: { ...authorised.data, classId: `class ${index}` },
}));

const register = (directorPartyIds = [ada]) => ({
  data: { companyId, partyId: acme, directorPartyIds, eligible: true },
  metadata,
});
const authorise = (count: bigint, kind: 'common' | 'preferred' = 'common') => ({
  data: { classId: common, kind, authorised: shares(count), eligible: true },
  metadata,
});
const issue = (
  count: bigint,
  change: Partial<IssueFoundingShares['data']> = {},
): IssueFoundingShares => ({
  data: {
    classId: common,
    issuanceId,
    holderPartyId: ada,
    shares: shares(count),
    eligible: true,
    holderEligible: true,
    ...change,
  },
  metadata,
});
const cancel = (count: bigint) => ({
  data: {
    classId: common,
    cancellationId,
    holderPartyId: ada,
    shares: shares(count),
    reason: 'surrendered' as const,
    eligible: true,
  },
  metadata,
});

describe('Company', () => {
  it('keeps apart the ids of founding shares, shares of a tranche and cancellations', () => {
    const paid = { dealId, trancheId: issuanceId, paidByTokens: microTokens(1n) };
    const data = { classId: common, issuanceId, holderPartyId: ada, shares: shares(200n), ...paid };
    expect(issueTrancheShares({ data }, withShares)).toMatchObject({ events: [{}] });
    const same = { ...data, shares: shares(600n) };
    const room = given(
      registered,
      { ...authorised, data: { ...authorised.data, authorised: shares(9_000n) } },
      issued,
    );
    expect(issueTrancheShares({ data: same }, room)).toMatchObject({ events: [{}] });
    const gone = cancel(600n);
    const surrender = { ...gone, data: { ...gone.data, cancellationId: issuanceId } };
    expect(cancelShares(surrender, withShares)).toMatchObject({ events: [{}] });
  });

  it('is registered with its directors', () => {
    expect(registerCompany(register([ada, ada]), given())).toEqual(accept(registered));
  });

  it('authorises a class, and more of it later', () => {
    expect(authoriseShareClass(authorise(1_000n), given(registered))).toEqual(accept(authorised));
    expect(authoriseShareClass(authorise(2_000n), withShares)).toMatchObject({
      events: [{ data: { authorised: 2_000n } }],
    });
    expect(authoriseShareClass(authorise(600n), withShares)).toMatchObject({
      events: [{ data: { authorised: 600n } }],
    });
  });

  it('issues founding shares', () => {
    expect(issueFoundingShares(issue(600n), given(registered, authorised))).toEqual(accept(issued));
  });

  it('issues shares that cite the tranche that paid for them', () => {
    const paid = { dealId: companyId, trancheId: acme, paidByTokens: microTokens(5_000_000n) };
    const decision = issueTrancheShares(
      {
        data: {
          classId: common,
          issuanceId: acme,
          holderPartyId: acme,
          shares: shares(400n),
          ...paid,
        },
      },
      withShares,
    );
    expect(decision).toMatchObject({
      events: [{ data: { ...paid, cause: 'tranche', shares: 400n } }],
    });
  });

  it('promises what is free to a deal, once, and takes it back whole', () => {
    const reserve = (count: bigint, deal = dealId) => ({
      data: { classId: common, dealId: deal, shares: shares(count) },
    });
    expect(reserveShares(reserve(300n), withShares)).toEqual(accept(reserved));
    expect(reserveShares(reserve(401n), withShares)).toMatchObject(reject('authorised_exceeded'));
    const promised = given(registered, authorised, issued, reserved);
    expect(reserveShares(reserve(300n), promised)).toEqual(accept());
    expect(reserveShares(reserve(101n, acme), promised)).toMatchObject(
      reject('authorised_exceeded'),
    );
    const released: CompanyEvent = { ...reserved, type: 'deals.shares-released' };
    expect(releaseShares({ data: { dealId } }, promised)).toEqual(accept(released));
    expect(releaseShares({ data: { dealId } }, withShares)).toEqual(accept());
    expect(given(registered, authorised, issued, reserved, released)).toEqual(withShares);
  });

  it('lets nothing but the deal use what it reserved', () => {
    const promised = given(registered, authorised, issued, reserved);
    const another = { issuanceId: acme };
    expect(issueFoundingShares(issue(100n, another), promised)).toMatchObject({
      outcome: 'accepted',
    });
    expect(issueFoundingShares(issue(101n, another), promised)).toMatchObject(
      reject('authorised_exceeded'),
    );
    expect(authoriseShareClass(authorise(900n), promised)).toMatchObject({ outcome: 'accepted' });
    expect(authoriseShareClass(authorise(899n), promised)).toMatchObject(
      reject('authorised_below_reserved'),
    );
    const paid = { dealId, trancheId: acme, paidByTokens: microTokens(5_000_000n) };
    const ofTranche = (count: bigint) =>
      issueTrancheShares(
        {
          data: {
            classId: common,
            issuanceId: acme,
            holderPartyId: acme,
            shares: shares(count),
            ...paid,
          },
        },
        promised,
      );
    const decision = ofTranche(200n);
    const after =
      decision.outcome === 'accepted'
        ? decision.events.reduce(companyAggregate.evolve, promised)
        : promised;
    expect(after).toMatchObject({ reservations: new Map([[dealId, { shares: 100n }]]) });
    expect(after).toMatchObject({ classes: new Map([[common, { reserved: 100n, issued: 800n }]]) });
  });

  it('cancels shares that their holder gives up, and may issue as many again', () => {
    expect(cancelShares(cancel(100n), withShares)).toEqual(accept(cancelled));
    const after = given(registered, authorised, issued, cancelled);
    if (after.status !== 'registered') throw new Error('the company is registered');
    expect(fullyDilutedOf(after)).toBe(500n);
    expect(issueFoundingShares(issue(500n, { issuanceId: acme }), after)).toMatchObject({
      outcome: 'accepted',
    });
    expect(issueFoundingShares(issue(501n, { issuanceId: acme }), after)).toMatchObject(
      reject('authorised_exceeded'),
    );
  });

  it('stays quiet when a command repeats what is so already', () => {
    expect(registerCompany(register(), withShares)).toEqual(accept());
    expect(authoriseShareClass(authorise(1_000n), withShares)).toEqual(accept());
    expect(issueFoundingShares(issue(600n), withShares)).toEqual(accept());
    expect(cancelShares(cancel(100n), given(registered, authorised, issued, cancelled))).toEqual(
      accept(),
    );
  });

  const refusals = {
    company_registered_differently: () => registerCompany(register([acme, ada]), withShares),
    company_unknown: () => authoriseShareClass(authorise(1n), given()),
    class_exists_differently: () => authoriseShareClass(authorise(1_000n, 'preferred'), withShares),
    class_unknown: () => issueFoundingShares(issue(1n), given(registered)),
    entry_exists_differently: () => issueFoundingShares(issue(1n), withShares),
    party_ineligible: () =>
      issueFoundingShares(issue(1n, { eligible: false }), given(registered, authorised)),
    holder_ineligible: () =>
      issueFoundingShares(issue(1n, { holderEligible: false }), given(registered, authorised)),
    directors_only_signatory: () => registerCompany(register([acme]), given()),
    shares_not_positive: () => issueFoundingShares(issue(0n), given(registered, authorised)),
    shares_too_many: () => authoriseShareClass(authorise(quantityMax + 1n), given(registered)),
    classes_too_many: () => authoriseShareClass(authorise(1n), given(registered, ...fullyClassed)),
    authorised_below_outstanding: () => authoriseShareClass(authorise(599n), withShares),
    authorised_below_reserved: () =>
      authoriseShareClass(authorise(899n), given(registered, authorised, issued, reserved)),
    authorised_exceeded: () => issueFoundingShares(issue(1_001n), given(registered, authorised)),
    holding_too_small: () => cancelShares(cancel(601n), withShares),
  } satisfies Record<CompanyRejection, () => CompanyDecision>;

  it.each(companyRejections)('refuses with %s', (code) => {
    expect(refusals[code]()).toMatchObject(reject(code));
  });

  it('refuses every command before registration', () => {
    const decisions = [issueFoundingShares(issue(1n), given()), cancelShares(cancel(1n), given())];
    expect(decisions).toEqual(decisions.map(() => reject('company_unknown')));
    expect(cancelShares(cancel(1n), given(registered))).toMatchObject(reject('class_unknown'));
  });

  it('changes nothing for a party that may not, and answers its repeats (C6)', () => {
    const barred = <C extends { readonly data: object }>(command: C): C => ({
      ...command,
      data: { ...command.data, eligible: false },
    });
    const refused = [
      registerCompany(barred(register()), given()),
      authoriseShareClass(barred(authorise(1_000n)), given(registered)),
      authoriseShareClass(barred(authorise(2_000n)), withShares),
      issueFoundingShares(barred(issue(1n)), given(registered, authorised)),
      cancelShares(barred(cancel(1n)), withShares),
    ];
    expect(refused).toEqual(refused.map(() => reject('party_ineligible')));
    const repeated = [
      registerCompany(barred(register()), withShares),
      authoriseShareClass(barred(authorise(1_000n)), withShares),
      issueFoundingShares(barred(issue(600n)), withShares),
      cancelShares(barred(cancel(100n)), given(registered, authorised, issued, cancelled)),
    ];
    expect(repeated).toEqual(repeated.map(() => accept()));
  });

  it('takes history that cannot be for corrupt', () => {
    expect(() => given(registered, registered)).toThrow(/impossible history/);
    expect(() => given(authorised)).toThrow(/impossible history/);
    expect(() => given(registered, issued)).toThrow(/impossible history/);
    expect(() => given(registered, authorised, issued, issued)).toThrow(/impossible history/);
    expect(() => given(registered, authorised, cancelled)).toThrow(/impossible history/);
    expect(() => given(registered, authorised, reserved, reserved)).toThrow(/impossible history/);
    const released: CompanyEvent = { ...reserved, type: 'deals.shares-released' };
    expect(() => given(registered, authorised, released)).toThrow(/impossible history/);
    expect(() =>
      given(
        registered,
        authorised,
        { ...issued, data: { ...issued.data, shares: shares(800n) } },
        reserved,
      ),
    ).toThrow(/impossible history/);
  });
});
