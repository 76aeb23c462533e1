import { accept, reject } from '@specie/event-sourcing';
import { h100eWeightVersion, microTokens, quantityMax } from '@specie/quantities';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MintTokens } from '../mint/mint.commands.js';
import { mintTokens } from '../mint/mint.decider.js';
import type { OpenSeries } from '../series/series.commands.js';
import { openSeries } from '../series/series.decider.js';
import { mintableNow } from './mintable.js';
import { type CommitCapacity } from './provider.commands.js';
import {
  attestCapacity,
  commitCapacity,
  commitmentCountMax,
  providerRejections,
  registerProvider,
  seriesCountMax,
  tokensPerDayOf,
  withdrawCapacity,
  type ProviderDecision,
  type ProviderRejection,
} from './provider.decider.js';
import { providerAggregate, type Provider, type ProviderEvent } from './provider.state.js';

const metadata = { now: '2026-03-01T12:00:00.000Z', actor: 'nordic' };
const nordic = '00000000-0000-4000-8000-00000000aaaa';
const auditor = '00000000-0000-4000-8000-00000000bbbb';
const march = '00000000-0000-4000-8000-000000000001';
const spring = '00000000-0000-4000-8000-000000000002';
const treasury = '00000000-0000-4000-8000-000000000003';
const mintId = '00000000-0000-4000-8000-000000000004';
const evidenceHash = 'ab'.repeat(32);
const tokens = (whole: number) => microTokens(BigInt(whole) * 1_000_000n);

const committed = {
  type: 'issuance.capacity-committed',
  data: {
    providerId: nordic,
    commitmentId: march,
    sku: 'H100-SXM',
    gpuCount: 10,
    fromOn: '2026-03-01',
    toOn: '2026-03-31',
    weightVersion: h100eWeightVersion,
    weightPpm: 1_000_000,
    uptimeHaircutBps: 500,
    tokensPerDay: tokens(228),
  },
} satisfies ProviderEvent;
const registered: ProviderEvent = {
  type: 'issuance.provider-registered',
  data: { providerId: nordic, uptimeHaircutBps: 500 },
};
const attested: ProviderEvent = {
  type: 'issuance.capacity-attested',
  data: { providerId: nordic, commitmentId: march, attestedBy: auditor, evidenceHash },
};
const withdrawn = {
  type: 'issuance.capacity-withdrawn',
  data: { providerId: nordic, commitmentId: march },
} satisfies ProviderEvent;
const opened = {
  type: 'issuance.series-opened',
  data: {
    providerId: nordic,
    seriesId: spring,
    treasuryAccountId: treasury,
    windowFromOn: '2026-03-01',
    windowToOn: '2026-03-31',
    skus: ['H100-SXM'],
    region: 'eu-north',
    transferable: true,
  },
} satisfies ProviderEvent;
const minted: ProviderEvent = {
  type: 'issuance.tokens-minted',
  data: {
    providerId: nordic,
    seriesId: spring,
    mintId,
    quantity: tokens(7_000),
    outstandingAfter: tokens(7_000),
    coveredOn: '2026-03-01',
  },
};
const anotherCommitment = (index: number): ProviderEvent => ({
  ...committed,
  data: { ...committed.data, commitmentId: `commitment ${index}` },
});
const anotherSeries = (
  index: number,
  change: { readonly windowFromOn?: string; readonly windowToOn?: string } = {},
): ProviderEvent => ({
  ...opened,
  data: { ...opened.data, seriesId: `series ${index}`, ...change },
});
const many = (count: number, eventOf: (index: number) => ProviderEvent): readonly ProviderEvent[] =>
  Array.from({ length: count }, (_, index) => eventOf(index));
const given = (...events: readonly ProviderEvent[]): Provider =>
  events.reduce(providerAggregate.evolve, providerAggregate.initialState());

const noBurns = new Map<string, bigint>();
const commit = (change: Partial<CommitCapacity['data']> = {}): CommitCapacity => ({
  data: {
    commitmentId: march,
    sku: 'H100-SXM',
    gpuCount: 10,
    fromOn: '2026-03-01',
    toOn: '2026-03-31',
    weightVersion: h100eWeightVersion,
    eligible: true,
    ...change,
  },
  metadata,
});
const open = (change: Partial<OpenSeries['data']> = {}): OpenSeries => ({
  data: {
    seriesId: spring,
    treasuryAccountId: treasury,
    windowFromOn: '2026-03-01',
    windowToOn: '2026-03-31',
    skus: ['H100-SXM'],
    region: 'eu-north',
    transferable: true,
    eligible: true,
    ...change,
  },
  metadata,
});
const mint = (change: Partial<MintTokens['data']> = {}, now = metadata.now): MintTokens => ({
  data: {
    seriesId: spring,
    mintId,
    quantity: tokens(7_000),
    earlier: null,
    burned: noBurns,
    eligible: true,
    ...change,
  },
  metadata: { ...metadata, now },
});
const attest = (attestedBy = auditor, hash = evidenceHash) => ({
  data: { commitmentId: march, attestedBy, evidenceHash: hash },
  metadata,
});
const withdraw = { data: { commitmentId: march, burned: noBurns }, metadata };
const register = (uptimeHaircutBps: number, eligible = true) => ({
  data: { providerId: nordic, uptimeHaircutBps, eligible },
  metadata,
});

describe('Provider', () => {
  it('is registered with its haircut', () => {
    expect(registerProvider(register(500), given())).toEqual(accept(registered));
  });

  it('commits capacity at the weight of the table version, less its haircut', () => {
    expect(commitCapacity(commit(), given(registered))).toEqual(accept(committed));
  });

  it('has its capacity attested by an auditor', () => {
    expect(attestCapacity(attest(), given(registered, committed))).toEqual(accept(attested));
  });

  it('withdraws capacity that nothing depends on', () => {
    expect(withdrawCapacity(withdraw, given(registered, committed))).toEqual(accept(withdrawn));
    expect(withdrawCapacity(withdraw, given(registered, committed, attested, opened))).toEqual(
      accept(withdrawn),
    );
  });

  it('opens a series', () => {
    expect(openSeries(open(), given(registered))).toEqual(accept(opened));
  });

  it('mints within coverage', () => {
    // 31 days x 228 tokens = 7,068.
    const state = given(registered, committed, attested, opened);
    expect(mintTokens(mint(), state)).toEqual(accept(minted));
    expect(mintableNow(state as never, spring, { burned: noBurns, now: metadata.now })).toBe(
      tokens(7_068),
    );
  });

  it('mints again what was burned, but not what perished', () => {
    const state = given(registered, committed, attested, opened, minted);
    const burned = new Map([[spring, BigInt(tokens(6_000))]]);
    const late = '2026-03-31T08:00:00.000Z';
    expect(mintTokens(mint({ quantity: tokens(1_000), burned }), state)).toEqual(
      accept({
        ...minted,
        data: { ...minted.data, quantity: tokens(1_000), outstandingAfter: tokens(2_000) },
      }),
    );
    expect(mintTokens(mint({ quantity: tokens(1), burned }, late), state)).toMatchObject(
      reject('coverage_exceeded'),
    );
  });

  it('stays quiet when a command repeats what is so already', () => {
    const state = given(registered, committed, attested, opened);
    expect(registerProvider(register(500), state)).toEqual(accept());
    expect(commitCapacity(commit(), state)).toEqual(accept());
    expect(attestCapacity(attest(), state)).toEqual(accept());
    expect(openSeries(open(), state)).toEqual(accept());
    expect(withdrawCapacity(withdraw, given(registered, committed, withdrawn))).toEqual(accept());
  });

  it('does not count capacity that nobody attested, or that was withdrawn', () => {
    expect(mintTokens(mint(), given(registered, committed, opened))).toMatchObject(
      reject('coverage_exceeded'),
    );
    expect(
      mintTokens(mint(), given(registered, committed, attested, withdrawn, opened)),
    ).toMatchObject(reject('coverage_exceeded'));
  });

  const refusals = {
    provider_registered_differently: () => registerProvider(register(600), given(registered)),
    provider_unregistered: () => commitCapacity(commit(), given()),
    commitment_exists_differently: () =>
      commitCapacity(commit({ gpuCount: 11 }), given(registered, committed)),
    commitment_unknown: () => attestCapacity(attest(), given(registered)),
    commitment_withdrawn: () => attestCapacity(attest(), given(registered, committed, withdrawn)),
    capacity_attested_differently: () =>
      attestCapacity(attest(auditor, 'cd'.repeat(32)), given(registered, committed, attested)),
    series_exists_differently: () =>
      openSeries(open({ transferable: false }), given(registered, opened)),
    series_unknown: () => mintTokens(mint(), given(registered)),
    mint_exists_differently: () =>
      mintTokens(mint({ earlier: { quantity: 7_000_000_001n } }), given(registered, opened)),
    party_ineligible: () => registerProvider(register(500, false), given()),
    attested_by_provider: () => attestCapacity(attest(nordic), given(registered, committed)),
    days_reversed: () => commitCapacity(commit({ toOn: '2026-02-28' }), given(registered)),
    days_too_many: () => openSeries(open({ windowToOn: '2036-04-01' }), given(registered)),
    days_over: () => mintTokens(mint({}, '2026-04-01T00:00:00.000Z'), given(registered, opened)),
    commitments_too_many: () =>
      commitCapacity(
        commit({ commitmentId: 'one more' }),
        given(registered, ...many(commitmentCountMax, anotherCommitment)),
      ),
    series_too_many: () =>
      openSeries(open(), given(registered, ...many(seriesCountMax, anotherSeries))),
    sku_without_weight: () => commitCapacity(commit({ weightVersion: 99 }), given(registered)),
    gpu_count_not_positive: () => commitCapacity(commit({ gpuCount: 0 }), given(registered)),
    quantity_not_positive: () =>
      mintTokens(mint({ quantity: microTokens(0n) }), given(registered, opened)),
    quantity_too_large: () =>
      mintTokens(mint({ quantity: microTokens(quantityMax + 1n) }), given(registered, opened)),
    coverage_exceeded: () =>
      mintTokens(mint({ quantity: tokens(7_069) }), given(registered, committed, attested, opened)),
    coverage_would_break: () =>
      withdrawCapacity(withdraw, given(registered, committed, attested, opened, minted)),
  } satisfies Record<ProviderRejection, () => ProviderDecision>;

  it.each(providerRejections)('refuses with %s', (code) => {
    expect(refusals[code]()).toMatchObject(reject(code));
  });

  it('counts only what is in force towards the most that a provider may have', () => {
    const old = { windowFromOn: '2026-01-01', windowToOn: '2026-02-28' };
    const over = many(seriesCountMax, (index) => anotherSeries(index, old));
    expect(openSeries(open(), given(registered, ...over)).outcome).toBe('accepted');
    const [gone, ...rest] = many(commitmentCountMax, anotherCommitment);
    const back = { ...withdrawn, data: { ...withdrawn.data, commitmentId: 'commitment 0' } };
    const command = commit({ commitmentId: 'one more' });
    expect(
      commitCapacity(command, given(registered, gone as ProviderEvent, back, ...rest)).outcome,
    ).toBe('accepted');
  });

  it('refuses every command of an unregistered provider', () => {
    const decisions = [attestCapacity(attest(), given()), withdrawCapacity(withdraw, given())];
    decisions.push(openSeries(open(), given()), mintTokens(mint(), given()));
    expect(decisions).toEqual(decisions.map(() => reject('provider_unregistered')));
  });

  it('takes history that cannot be for corrupt', () => {
    expect(() => given(registered, registered)).toThrow(/impossible history/);
    expect(() => given(registered, attested)).toThrow(/impossible history/);
    expect(() => given(registered, minted)).toThrow(/impossible history/);
    expect(() => given(committed)).toThrow(/impossible history/);
  });
});

describe('Tokens per day', () => {
  it('are exact for the reference GPU', () => {
    expect(tokensPerDayOf(1, 1_000_000n, 0)).toBe(24_000_000n);
  });

  it('are rounded down, never up', () => {
    // 24 h x 0.764528 x 0.9501 = 17.432... tokens; the exact product ends beyond the sixth digit.
    expect(tokensPerDayOf(1, 764_528n, 499)).toBe((24n * 764_528n * 9_501n) / 10_000n);
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.bigInt({ min: 0n, max: 5_000_000n }),
        fc.integer({ min: 0, max: 10_000 }),
        (gpuCount, weightPpm, haircut) => {
          const exactTimes10000 = BigInt(gpuCount) * 24n * weightPpm * BigInt(10_000 - haircut);
          const rounded = tokensPerDayOf(gpuCount, weightPpm, haircut) * 10_000n;
          expect(rounded <= exactTimes10000 && exactTimes10000 - rounded < 10_000n).toBe(true);
        },
      ),
    );
  });
});
