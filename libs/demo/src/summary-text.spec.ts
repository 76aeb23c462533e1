import { describe, expect, it } from 'vitest';
import type { DemoReport } from './summary.js';
import { renderSummary } from './summary-text.js';

const founder = 'd51620e8-dc30-4f0c-96a0-f37fc8fa9fb7';
const provider = '65d2b118-0e7f-4601-8b14-a5332f44e7ed';
const fund = '0192d1a0-7b5e-4c3d-8e4f-000000000001';
const person = '0192d1a0-7b5e-4c3d-8e4f-000000000002';

const report: DemoReport = {
  ok: true,
  transport: 'postgres',
  gpuSeconds: '13194780',
  gpuSecondsByTenant: { 'aurora-robotics': '7299926', 'lumen-bio': '5894854' },
  tokens: {
    minted: '254000.000000',
    held: '245334.783331',
    escrow: '5000.000000',
    burned: '3665.216669',
  },
  audit: {
    events: 379,
    source: 'postgres',
    digestsEqual: true,
    invariants: { S1: true, S2: true },
    findings: 0,
    digests: { audit: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  },
  trades: [
    {
      tradeNumber: 2,
      buyerPartyId: person,
      priceTicks: 25_500,
      quantityLots: 70_000,
      notional: '1785.000000',
      buyerFee: '3.570000',
      sellerFee: '1.785000',
    },
    {
      tradeNumber: 1,
      buyerPartyId: fund,
      priceTicks: 25_000,
      quantityLots: 200_000,
      notional: '5000.000000',
      buyerFee: '10.000000',
      sellerFee: '5.000000',
    },
  ],
  deal: {
    status: 'completed',
    tokens: '100000.000000',
    shares: '1111111',
    equityPpm: 100_000,
    referencePrice: '2.500000',
    founderPartyId: founder,
  },
  names: {
    [founder]: 'aurora-robotics',
    [provider]: 'Northwind Compute',
    [fund]: 'Meridian Fund',
    [person]: 'Anna Berg',
  },
  capTable: {
    holders: [
      { partyId: provider, shares: '1111111' },
      { partyId: founder, shares: '10000000' },
    ],
  },
  jobs: 240,
  requests: 400,
  seconds: { start: 6.1, audit: 0.4 },
};

describe('The summary', () => {
  it('fits 80 columns, calls parties by name and counts in money', () => {
    const text = renderSummary(report);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text).not.toMatch(/[0-9a-f]{8}-|[0-9a-f]{32}/);
    expect(text).toContain(`
Deal completed: what it cost aurora-robotics
  shares given               1,111,111 of 11,111,111, 10.00 %
  tokens received            100,000.00, at 2.50 USD each
  worth                      250,000.00 USD, 0.225 USD for a share
  values the company at      2,500,000.00 USD
  share of the founder       100.00 % before, 90.00 % now

Cap table
  Northwind Compute             1,111,111 shares   10.00 %
  aurora-robotics              10,000,000 shares   90.00 %

Trades (USD)
  2 Anna Berg                700.00 at 2.55 = 1,785.00, fees 5.355
  1 Meridian Fund            2,000.00 at 2.50 = 5,000.00, fees 15.00
  total                      2,700.00 for 6,785.00, fees 20.355
`);
    expect(text).toMatch(/all 2 hold[\s\S]*Everything adds up\.$/);
  });

  it('names what does not hold', () => {
    const text = renderSummary({
      ...report,
      ok: false,
      audit: { ...report.audit, digestsEqual: false, invariants: { S1: false, S2: true } },
    });
    expect(text).toContain('BROKEN: S1');
    expect(text).toContain('SOMETHING DOES NOT ADD UP');
  });
});
