import { formatMicro } from '@specie/quantities';
import { type Json, textOf } from './api-client.js';
import type { StoryResult } from './story/play.js';

/** Tokens of the story's series, as decimal strings. */
export interface TokenTotals {
  readonly minted: string;
  readonly held: string;
  readonly escrow: string;
  readonly burned: string;
}

/** The one JSON object of `--json`. */
export interface DemoReport {
  readonly ok: boolean;
  readonly transport: 'postgres' | 'kafka';
  readonly gpuSeconds: string;
  readonly gpuSecondsByTenant: Readonly<Record<string, string>>;
  readonly tokens: TokenTotals;
  readonly audit: {
    readonly events: number;
    readonly source: string;
    readonly digestsEqual: boolean;
    readonly invariants: Readonly<Record<string, boolean>>;
    readonly findings: number;
    readonly digests: Json;
  };
  readonly trades: readonly Json[];
  readonly deal: { readonly status: string; readonly tokens: string; readonly shares: string };
  readonly capTable: Json;
  readonly jobs: number;
  readonly requests: number;
  readonly seconds: Readonly<Record<string, number>>;
}

/** Builds the report; `ok` only if tokens add up, the meter agrees with the trace and the audit found nothing. */
export function reportOf(
  result: StoryResult,
  expected: { readonly gpuSeconds: bigint; readonly jobCount: number },
  run: {
    readonly transport: 'postgres' | 'kafka';
    readonly requests: number;
    readonly seconds: Readonly<Record<string, number>>;
  },
): DemoReport {
  const tokens = tokenTotals(result);
  const audit = auditOf(result.audited.report);
  const micro = (text: string): bigint => BigInt(text.replace('.', ''));
  const conserved =
    micro(tokens.minted) === micro(tokens.held) + micro(tokens.escrow) + micro(tokens.burned);
  const meteredExactly =
    result.redeemed.gpuSeconds === expected.gpuSeconds &&
    result.redeemed.usageCount === expected.jobCount;
  const sound =
    audit.digestsEqual && audit.findings === 0 && Object.values(audit.invariants).every(Boolean);
  return {
    ok: conserved && meteredExactly && sound,
    transport: run.transport,
    gpuSeconds: result.redeemed.gpuSeconds.toString(),
    gpuSecondsByTenant: Object.fromEntries(
      Object.entries(result.redeemed.gpuSecondsByTenant).map(([tenant, value]) => [
        tenant,
        value.toString(),
      ]),
    ),
    tokens,
    audit,
    trades: result.traded.trades,
    deal: {
      status: textOf(result.funded.deal['status']),
      tokens: textOf(result.funded.deal['tokensAccepted']),
      shares: textOf(result.funded.deal['sharesIssued']),
    },
    capTable: result.funded.capTable,
    jobs: result.redeemed.usageCount,
    requests: run.requests,
    seconds: run.seconds,
  };
}

function tokenTotals({ series, accounts }: StoryResult): TokenTotals {
  const sum = (rows: readonly Json[]): string =>
    formatMicro(
      rows.reduce(
        (total, row) =>
          total +
          BigInt(String(row['available']).replace('.', '')) +
          BigInt(String(row['held']).replace('.', '')),
        0n,
      ),
    );
  return {
    minted: String(series['minted']),
    held: sum(accounts.filter(({ kind }) => kind !== 'escrow')),
    escrow: sum(accounts.filter(({ kind }) => kind === 'escrow')),
    burned: String(series['burned']),
  };
}

function auditOf(report: Json): DemoReport['audit'] {
  const invariants = (report['invariants'] ?? {}) as Readonly<
    Record<string, { readonly holds?: boolean } | boolean>
  >;
  return {
    events: Number(report['eventCount'] ?? 0),
    source: textOf(report['source']),
    digestsEqual: report['digestsEqual'] === true,
    invariants: Object.fromEntries(
      Object.entries(invariants).map(([name, value]) => [
        name,
        value === true || (typeof value === 'object' && value.holds === true),
      ]),
    ),
    findings: Array.isArray(report['findings'])
      ? report['findings'].length
      : Number(report['findingCount'] ?? 0),
    digests: Object.fromEntries(
      ((report['services'] ?? []) as readonly Json[]).map((row) => [
        String(row['service']),
        row['digest'],
      ]),
    ),
  };
}

/** The readable summary of a run. */
export function renderSummary(report: DemoReport): string {
  const lines: string[] = ['', 'Summary', '-------'];
  const row = (label: string, value: string): void =>
    void lines.push(`${label.padEnd(28)} ${value}`);
  const { tokens, audit } = report;
  row('events carried by', report.transport === 'kafka' ? 'Kafka' : 'PostgreSQL');
  row('tokens minted', tokens.minted);
  row('  in accounts', tokens.held);
  row('  in escrow', tokens.escrow);
  row('  burned (redeemed)', tokens.burned);
  row('GPU-seconds metered', `${report.gpuSeconds} in ${report.jobs} jobs`);
  for (const [tenant, value] of Object.entries(report.gpuSecondsByTenant))
    row(`  ${tenant}`, value);
  lines.push('', `Deal ${report.deal.status}`);
  row('  tokens accepted', report.deal.tokens);
  row('  shares issued for them', report.deal.shares);
  lines.push('', 'Cap table');
  for (const holder of (report.capTable['holders'] ?? []) as readonly Json[]) {
    const share = (Number(holder['decimal']) * 100).toFixed(2);
    row(`  ${String(holder['shares'])} shares`, `${share} % ${String(holder['partyId'])}`);
  }
  lines.push('', 'Trades (price x tokens = USD, fees of buyer and seller)');
  for (const trade of report.trades) {
    row(
      `  trade ${String(trade['tradeNumber'])}`,
      `${(Number(trade['priceTicks']) / 10_000).toFixed(4)} x ${(Number(trade['quantityLots']) / 100).toFixed(2)} = ${String(trade['notional'])}, ${String(trade['buyerFee'])} and ${String(trade['sellerFee'])}`,
    );
  }
  lines.push('', `Audit: ${audit.events} events rebuilt from ${audit.source}`);
  for (const [service, digest] of Object.entries(audit.digests))
    row(`  ${service}`, String(digest));
  row('  digests equal', audit.digestsEqual ? 'yes' : 'NO');
  row('  findings', String(audit.findings));
  row(
    '  invariants',
    Object.entries(audit.invariants)
      .map(([name, holds]) => `${name} ${holds ? 'ok' : 'BROKEN'}`)
      .join('  '),
  );
  lines.push('', 'Seconds');
  for (const [part, value] of Object.entries(report.seconds)) row(`  ${part}`, value.toFixed(1));
  lines.push('', report.ok ? 'Everything adds up.' : 'SOMETHING DOES NOT ADD UP: see above.');
  return lines.join('\n');
}
