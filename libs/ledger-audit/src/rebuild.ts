import type { KeyObject } from 'node:crypto';
import { serviceNames, type ServiceName } from '@specie/contracts';
import { formatMicro } from '@specie/quantities';
import { checkAcrossServices, type Folds } from './cross-checks.js';
import { digestOf, type StateDigest } from './digest.js';
import { EventDecoder } from './event-decoder.js';
import { CommandRuns } from './folds/commands.js';
import { ComplianceFold } from './folds/compliance.fold.js';
import { DealsFold } from './folds/deals.fold.js';
import type { Fold } from './folds/fold.js';
import { DiscardsFold } from './folds/discards.fold.js';
import { IssuanceFold } from './folds/issuance.fold.js';
import { MarketFold } from './folds/market.fold.js';
import { MeteringFold } from './folds/metering.fold.js';
import type { LogEnd } from './hand-overs.js';
import { Invariants } from './invariants.js';
import { epochMsOf, type Finding, type LogRecord } from './log-record.js';
import { LogVerifier, type KnownHead } from './log-verifier.js';
import type { Attestation, AuditReport, ServiceReport } from './report.js';
import type { LedgerEvent } from './wire-events.js';

/** Reads every log from its first event to its end, each in position order. */
export interface LogSource {
  readonly kind: AuditReport['source'];
  read(take: TakeRecord, report: (finding: Finding) => void): Promise<ReadResult>;
}
export interface ReadResult {
  readonly ends: LogEnds;
  /**
   * Epoch milliseconds before which everything recorded was read, in every log. Logs that are being
   * written end at slightly different instants, so a later effect may be read without its cause.
   */
  readonly completeBeforeMs: number;
}
/** Takes a record; a returned promise asks the source to wait. */
export type TakeRecord = (service: ServiceName, record: LogRecord) => Promise<void> | undefined;
/** Where each log reaches according to what stands beside it (its head row); 0 where nothing does. */
export type LogEnds = ReadonlyMap<ServiceName, number>;

export interface RebuildOptions {
  readonly source: LogSource;
  /** Public keys that may have signed the heads of a service. */
  readonly keys: Readonly<Record<ServiceName, readonly KeyObject[]>>;
  /** Digests to compare with, and where to fold to. */
  readonly attestations?: readonly Attestation[];
  /** Positions that are known to exist: a log that ends before one of them is truncated. */
  readonly knownPositions?: Partial<Readonly<Record<ServiceName, number>>>;
  /** Heads that earlier rebuilds verified, in position order: a log that lacks one of them was cut. */
  readonly knownHeads?: Partial<Readonly<Record<ServiceName, readonly KnownHead[]>>>;
  /** How long a fact of compliance may take to reach the market (S7). */
  readonly propagationMs?: number;
  /** How long what one service hands to another may be in flight (S3, S5, S6); ten minutes if not said. */
  readonly inFlightMsMax?: number;
}

const propagationMsDefault = 30_000;
const inFlightMsMaxDefault = 600_000;
/** How far the clocks of two machines may be apart. */
const clockSkewMs = 5_000;
const findingsMax = 10_000;

/**
 * Rebuilds all state from the logs alone, starting from nothing, and proves it: density, chain, signed
 * heads, streams, schemas, S1 to S10, and the services' own digests. Shares no fold with the services.
 */
export async function rebuildAndVerify(options: RebuildOptions): Promise<AuditReport> {
  const { source, attestations = [], knownPositions = {} } = options;
  const invariants = new Invariants();
  const findings: Finding[] = [];
  const report = (finding: Finding): void => {
    if (findings.length < findingsMax) {
      findings.push(finding);
    }
  };
  const folds: Folds = {
    compliance: new ComplianceFold(invariants),
    issuance: new IssuanceFold(invariants),
    deals: new DealsFold(invariants),
    market: new MarketFold(invariants),
    metering: new MeteringFold(invariants),
  };
  const discards = new DiscardsFold(invariants);
  const ledgers = new Map(
    serviceNames.map((service) => {
      const attestation = attestations.find((each) => each.service === service);
      // Each service hands the fold only events of its own kind; one that attests nothing has none.
      const all: Partial<Record<ServiceName, unknown>> = folds;
      const fold = (all[service] ?? null) as AnyFold | null;
      const ledger = new ServiceLedger({
        service,
        keys: options.keys[service],
        knownHeads: options.knownHeads?.[service] ?? [],
        fold,
        discards,
        attestation,
        invariants,
        report,
      });
      return [service, ledger] as const;
    }),
  );
  const { ends, completeBeforeMs } = await source.read(
    (service, record) => ledgers.get(service)?.take(record),
    report,
  );
  const reports: ServiceReport[] = [];
  for (const [service, ledger] of ledgers) {
    reports.push(
      await ledger.finish(Math.max(ends.get(service) ?? 0, knownPositions[service] ?? 0)),
    );
  }
  checkAcrossServices(folds, invariants, {
    propagationMs: options.propagationMs ?? propagationMsDefault,
    inFlightMsMax: options.inFlightMsMax ?? inFlightMsMaxDefault,
    endOf: (service) => ledgers.get(service)?.end ?? { position: 0, recordedAtMs: 0 },
    completeBeforeMs: completeBeforeMs - clockSkewMs,
  });
  return summarise({
    source: source.kind,
    findings,
    invariants,
    folds,
    discards: discards.discarded,
    reports,
  });
}

type AnyFold = Fold<LedgerEvent>;

/** One log: proof, decoding and fold, and its state at the position that was attested. */
class ServiceLedger {
  private readonly verifier: LogVerifier;
  private readonly decoder: EventDecoder;
  private readonly commands: CommandRuns;
  private eventCount = 0;
  private position = 0;
  private recordedAtMs = 0;
  private commandId = '';
  private atAttestation: StateDigest | null = null;

  constructor(
    private readonly options: {
      readonly service: ServiceName;
      readonly keys: readonly KeyObject[];
      readonly knownHeads: readonly KnownHead[];
      /** Null for a service that keeps nothing but copies. */
      readonly fold: AnyFold | null;
      readonly discards: DiscardsFold;
      readonly attestation: Attestation | undefined;
      readonly invariants: Invariants;
      readonly report: (finding: Finding) => void;
    },
  ) {
    const { service, keys, knownHeads, report, invariants } = options;
    this.verifier = new LogVerifier({ service, keys, knownHeads, report });
    this.decoder = new EventDecoder(service);
    this.commands = new CommandRuns(invariants);
  }

  /** How far the log was read. */
  get end(): LogEnd {
    return { position: this.position, recordedAtMs: this.recordedAtMs };
  }

  take(record: LogRecord): Promise<void> | undefined {
    const { service, attestation, invariants, report, fold, discards } = this.options;
    // A position that is missing must not push the snapshot past the attested one.
    if (
      this.atAttestation === null &&
      attestation !== undefined &&
      record.position > attestation.throughPosition
    ) {
      this.atAttestation = digestOf(this.options.fold?.collections() ?? []);
    }
    const wait = this.verifier.push(record);
    this.eventCount += 1;
    this.position = record.position;
    this.recordedAtMs = Math.max(this.recordedAtMs, epochMsOf(record.recordedAtMicros));
    const { event, problem, forbidden } = this.decoder.decode(record);
    if (event === null) {
      report({
        service,
        position: record.position,
        eventId: record.eventId,
        kind: 'undecodable',
        detail: problem,
      });
      return wait;
    }
    if (forbidden !== null) {
      invariants.violatedAt('S10', event, forbidden);
    }
    if (event.commandId !== this.commandId) {
      fold?.closeCommand();
      this.commandId = event.commandId;
    }
    this.commands.apply(event);
    discards.apply(event);
    fold?.apply(event);
    return wait;
  }

  async finish(endPosition: number): Promise<ServiceReport> {
    const { service, attestation, invariants, fold } = this.options;
    fold?.closeCommand();
    const { throughPosition = this.position } = attestation ?? {};
    const head = await this.verifier.finish(Math.max(endPosition, throughPosition));
    const { digest, collections } =
      this.atAttestation ?? digestOf(this.options.fold?.collections() ?? []);
    if (attestation !== undefined && attestation.digest !== digest) {
      const differing = collections.find(({ name, digest: own }) => {
        return attestation.collections.find((each) => each.name === name)?.digest !== own;
      });
      const where = differing === undefined ? 'its collections' : `collection ${differing.name}`;
      invariants.violated(
        'S8',
        `${service} position ${throughPosition}: ${where} is not the fold of the log`,
      );
    }
    return {
      service,
      eventCount: this.eventCount,
      position: this.position,
      chainHash: head.chainHash,
      signedHeadCount: head.signedHeadCount,
      throughPosition,
      digest,
      collections,
      digestsEqual: attestation === undefined ? null : attestation.digest === digest,
    };
  }
}

function summarise(parts: {
  readonly source: AuditReport['source'];
  readonly findings: readonly Finding[];
  readonly invariants: Invariants;
  readonly folds: Folds;
  readonly discards: AuditReport['discards'];
  readonly reports: readonly ServiceReport[];
}): AuditReport {
  const { source, folds, reports } = parts;
  const findings = parts.findings.toSorted((a, b) =>
    a.service === b.service
      ? a.position - b.position
      : serviceNames.indexOf(a.service) - serviceNames.indexOf(b.service),
  );
  const invariants = parts.invariants.results();
  const tokens = folds.issuance.totals();
  const { total, byParty } = folds.metering.gpuSeconds();
  const digestsEqual = reports.every((each) => each.digestsEqual !== false);
  return {
    ok:
      findings.length === 0 &&
      digestsEqual &&
      Object.values(invariants).every(({ holds }) => holds),
    source,
    eventCount: reports.reduce((sum, { eventCount }) => sum + eventCount, 0),
    findings,
    invariants,
    discrepancies: parts.invariants.discrepancies,
    discards: parts.discards,
    digestsEqual,
    services: reports,
    tokens: {
      minted: formatMicro(tokens.minted),
      held: formatMicro(tokens.held),
      escrow: formatMicro(tokens.escrow),
      burned: formatMicro(tokens.burned),
    },
    gpuSeconds: {
      total: total.toString(),
      byParty: Object.fromEntries(
        [...byParty].map(([partyId, seconds]) => [partyId, seconds.toString()]),
      ),
    },
  };
}
