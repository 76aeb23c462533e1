import type { ServiceName } from '@specie/contracts';
import type { CollectionDigest } from './digest.js';
import type { DiscardedInput } from './folds/discards.fold.js';
import type { Discrepancy } from './hand-overs.js';
import type { InvariantName } from './invariant-names.js';
import type { InvariantResult } from './invariants.js';
import type { Finding } from './log-record.js';

/** What one service said about itself: the digest of its own read models at a position of its log. */
export interface Attestation {
  readonly service: ServiceName;
  readonly throughPosition: number;
  readonly digest: string;
  readonly collections: readonly CollectionDigest[];
}

export interface ServiceReport {
  readonly service: ServiceName;
  readonly eventCount: number;
  readonly position: number;
  readonly chainHash: string;
  readonly signedHeadCount: number;
  /** Rebuilt through this position. */
  readonly throughPosition: number;
  readonly digest: string;
  readonly collections: readonly CollectionDigest[];
  /** Whether the service's own digest is the same; null when it attested nothing. */
  readonly digestsEqual: boolean | null;
}

export interface AuditReport {
  readonly ok: boolean;
  readonly source: 'postgres' | 'kafka' | 'memory';
  readonly eventCount: number;
  readonly findings: readonly Finding[];
  readonly invariants: Readonly<Record<InvariantName, InvariantResult>>;
  /** Hand-overs between services whose two sides do not match; each is also a violated invariant. */
  readonly discrepancies: readonly Discrepancy[];
  /** Holes that two operators chose. Not errors: the cross-checks say what they cost. */
  readonly discards: readonly DiscardedInput[];
  readonly digestsEqual: boolean;
  readonly services: readonly ServiceReport[];
  /** Decimal strings. */
  readonly tokens: {
    readonly minted: string;
    readonly held: string;
    readonly escrow: string;
    readonly burned: string;
  };
  readonly gpuSeconds: {
    readonly total: string;
    readonly byParty: Readonly<Record<string, string>>;
  };
}
