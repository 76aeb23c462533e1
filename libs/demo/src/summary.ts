import { formatMicro } from '@specie/quantities';
import { type Json, textOf } from './api-client.js';
import type { Cast } from './story/cast.js';
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
  readonly deal: {
    readonly status: string;
    readonly tokens: string;
    readonly shares: string;
    readonly equityPpm: number;
    /** Of one token, in USD. */
    readonly referencePrice: string;
    readonly founderPartyId: string;
  };
  /** Who is who: name by party. */
  readonly names: Readonly<Record<string, string>>;
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
      equityPpm: Number(result.funded.deal['equityPpm']),
      referencePrice: textOf(result.funded.deal['referencePrice']),
      founderPartyId: result.cast.startup.partyId,
    },
    names: namesOf(result.cast),
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

function namesOf(cast: Cast): Readonly<Record<string, string>> {
  const { provider, director, investors, tenants } = cast;
  const actors = [provider, director, ...investors, ...tenants.map(({ actor }) => actor)];
  return Object.fromEntries(actors.map(({ partyId, name }) => [partyId, name]));
}
