import { divideHalfEven, formatMicro, microPerUnit, parseMicro } from '@specie/quantities';
import { type Json, textOf } from './api-client.js';
import type { DemoReport } from './summary.js';

type Row = readonly [label: string, value: string];

/** The readable summary of a run, within 80 columns; the digests are in the report of `--json`. */
export function renderSummary(report: DemoReport): string {
  const sections: readonly (readonly [title: string, rows: readonly Row[]])[] = [
    ['Summary', totals(report)],
    [
      `Deal ${report.deal.status}: what it cost ${nameOf(report, report.deal.founderPartyId)}`,
      cost(report),
    ],
    ['Cap table', capTable(report)],
    ['Trades (USD)', trades(report)],
    [`Audit: ${report.audit.events} events rebuilt from ${report.audit.source}`, audit(report)],
    ['Seconds', Object.entries(report.seconds).map(([part, value]) => [part, value.toFixed(1)])],
  ];
  return [
    ...sections.map(([title, rows]) =>
      ['', title, ...rows.map(([label, value]) => `  ${label.padEnd(26)} ${value}`)].join('\n'),
    ),
    '',
    report.ok ? 'Everything adds up.' : 'SOMETHING DOES NOT ADD UP: see above.',
  ].join('\n');
}

function totals(report: DemoReport): readonly Row[] {
  const { tokens } = report;
  return [
    ['events carried by', report.transport === 'kafka' ? 'Kafka' : 'PostgreSQL'],
    ['tokens minted', tokens.minted],
    ['  in accounts', tokens.held],
    ['  in escrow', tokens.escrow],
    ['  burned (redeemed)', tokens.burned],
    ['GPU-seconds metered', `${report.gpuSeconds} in ${report.jobs} jobs`],
    ...Object.entries(report.gpuSecondsByTenant).map(([tenant, value]): Row => [
      `  ${tenant}`,
      value,
    ]),
  ];
}

/** Tokens are compared with money at the reference price that both sides signed. */
function cost({ deal, capTable }: DemoReport): readonly Row[] {
  const price = micro(deal.referencePrice);
  const worth = divideHalfEven(micro(deal.tokens) * price, microPerUnit);
  const issued = BigInt(deal.shares);
  const all = holdersOf(capTable).reduce((sum, { shares }) => sum + shares, 0n);
  const founders = holdersOf(capTable)
    .filter(({ partyId }) => partyId === deal.founderPartyId)
    .reduce((sum, { shares }) => sum + shares, 0n);
  const perShare = divideHalfEven(worth, issued);
  return [
    ['shares given', `${grouped(issued)} of ${grouped(all)}, ${percentOf(issued, all)}`],
    ['tokens received', `${amount(micro(deal.tokens))}, at ${amount(price)} USD each`],
    ['worth', `${amount(worth)} USD, ${amount(perShare)} USD for a share`],
    [
      'values the company at',
      `${amount(divideHalfEven(worth * microPerUnit, BigInt(deal.equityPpm)))} USD`,
    ],
    [
      'share of the founder',
      `${percentOf(founders, all - issued)} before, ${percentOf(founders, all)} now`,
    ],
  ];
}

function capTable(report: DemoReport): readonly Row[] {
  const holders = holdersOf(report.capTable);
  const all = holders.reduce((sum, { shares }) => sum + shares, 0n);
  return holders.map(({ partyId, shares }) => [
    nameOf(report, partyId),
    `${grouped(shares).padStart(12)} shares ${percentOf(shares, all).padStart(9)}`,
  ]);
}

function trades({ trades, names }: DemoReport): readonly Row[] {
  const rows = trades.map((trade) => ({
    number: String(trade['tradeNumber']),
    buyer: names[textOf(trade['buyerPartyId'])] ?? 'somebody',
    tokens: BigInt(String(trade['quantityLots'])) * 10_000n,
    price: BigInt(String(trade['priceTicks'])) * 100n,
    paid: micro(trade['notional']),
    fees: micro(trade['buyerFee']) + micro(trade['sellerFee']),
  }));
  const sum = (of: (row: (typeof rows)[number]) => bigint): bigint =>
    rows.reduce((total, row) => total + of(row), 0n);
  return [
    ...rows.map(({ number, buyer, tokens, price, paid, fees }): Row => [
      `${number} ${buyer}`,
      `${amount(tokens)} at ${amount(price)} = ${amount(paid)}, fees ${amount(fees)}`,
    ]),
    [
      'total',
      `${amount(sum((row) => row.tokens))} for ${amount(sum((row) => row.paid))}, fees ${amount(sum((row) => row.fees))}`,
    ],
  ];
}

function audit({ audit: found }: DemoReport): readonly Row[] {
  const broken = Object.entries(found.invariants)
    .filter(([, holds]) => !holds)
    .map(([name]) => name);
  const count = Object.keys(found.invariants).length;
  return [
    ['digests equal', found.digestsEqual ? 'yes' : 'NO'],
    ['findings', String(found.findings)],
    ['invariants', broken.length === 0 ? `all ${count} hold` : `BROKEN: ${broken.join(', ')}`],
  ];
}

interface Holder {
  readonly partyId: string;
  readonly shares: bigint;
}

function holdersOf(table: Json): readonly Holder[] {
  return ((table['holders'] ?? []) as readonly Json[]).map((holder) => ({
    partyId: textOf(holder['partyId']),
    shares: BigInt(String(holder['shares'])),
  }));
}

function nameOf({ names }: DemoReport, partyId: string): string {
  return names[partyId] ?? partyId;
}

function micro(value: unknown): bigint {
  const parsed = parseMicro(textOf(value));
  if (parsed === null) throw new Error(`not an amount: ${JSON.stringify(value)}`);
  return parsed;
}

/** With thousands apart and at least two decimals. */
function amount(value: bigint): string {
  const [whole = '', decimals = ''] = formatMicro(value).split('.');
  return `${grouped(BigInt(whole))}.${decimals.replace(/0{1,4}$/, '')}`;
}

function grouped(value: bigint): string {
  return value.toLocaleString('en-US');
}

/** In hundredths of a percent, half to even. */
function percentOf(part: bigint, all: bigint): string {
  const hundredths = divideHalfEven(part * 10_000n, all);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')} %`;
}
