import type { KeyObject } from 'node:crypto';
import type { ServiceName } from '@specie/contracts';
import { ChainHasher, genesisHash, isSigned } from './chain.js';
import type { LogRecord, ReportFinding } from './log-record.js';

export interface LogVerifierOptions {
  readonly service: ServiceName;
  readonly keys: readonly KeyObject[];
  /** What was verified before, in position order: a log that lacks one of them was cut, as by a restore. */
  readonly knownHeads?: readonly KnownHead[];
  readonly report: ReportFinding;
}

/** A head of the log that an earlier walk verified. */
export interface KnownHead {
  readonly position: number;
  /** Hexadecimal. */
  readonly chainHash: string;
}

export interface LogHeadSummary {
  readonly position: number;
  readonly chainHash: string;
  readonly signedHeadCount: number;
  /** Everything up to here is under a valid signature. */
  readonly signedPosition: number;
}

interface BrokenLink {
  readonly record: LogRecord;
  /** What the chain is after this record, by its own stored hash. */
  readonly previousStored: Buffer;
}

const signaturesInFlightMax = 256;
const brokenLinksMax = 1_000;
const missingReportedMax = 1_000;
const tailDigits = 12;

/**
 * Proves one log: positions without gaps, an unbroken chain, streams without gaps, every head signed.
 * Records arrive in position order. A broken link does not end the walk: the next one is checked against
 * the stored hash, so each tampered event is named alone.
 */
export class LogVerifier {
  private position = 0;
  private trusted: Buffer = genesisHash;
  /** Set after a mismatch: the hash the content really has, should only the stored hash be altered. */
  private alternative: Buffer | null = null;
  /** False right after a gap, where no link can be checked. */
  private linked = true;
  private readonly hasher: ChainHasher;
  private readonly versions = new Map<string, number>();
  private readonly broken: BrokenLink[] = [];
  private readonly badSignatures = new Map<number, string>();
  private readonly checks = new Set<Promise<void>>();
  private readonly unsigned: LogRecord[] = [];
  private signedHeadCount = 0;
  private signedPosition = 0;
  private lastEventId: string | null = null;
  private missingCount = 0;
  private knownHeadIndex = 0;
  private lastKnownHead = 0;
  private firstLostHead: KnownHead | null = null;
  /** Positions at which another event stands than belongs there. */
  private readonly moved = new Set<number>();

  constructor(private readonly options: LogVerifierOptions) {
    this.hasher = new ChainHasher(options.service);
  }

  /** Takes the next record; waits only while too many signatures are being checked. */
  push(record: LogRecord): Promise<void> | undefined {
    if (record.position !== this.position + 1) {
      this.reportGap(record);
    }
    this.checkLink(record);
    this.checkStream(record);
    this.checkKnownHead(record);
    this.position = record.position;
    this.lastEventId = record.eventId;
    if (record.headSignature === null) {
      this.unsigned.push(record);
      return undefined;
    }
    this.unsigned.length = 0;
    this.startSignatureCheck(record, record.headSignature);
    return this.checks.size > signaturesInFlightMax ? Promise.race(this.checks) : undefined;
  }

  /**
   * Ends the walk. `endPosition` is where other witnesses (an attestation, the head row) say the log reaches.
   */
  async finish(endPosition = 0): Promise<LogHeadSummary> {
    await Promise.all(this.checks);
    const lastChecked = this.position;
    this.reportCut();
    this.resolveBrokenLinks();
    for (
      let position = lastChecked + 1;
      position <= endPosition && this.mayReportMissing();
      position += 1
    ) {
      this.report(position, null, 'missing', `the log ends at ${lastChecked}`);
    }
    const isTruncated = endPosition > lastChecked;
    for (const [position, eventId] of this.badSignatures) {
      if (this.moved.has(position)) {
        continue;
      }
      const isTail = position > this.signedPosition;
      this.report(
        position,
        eventId,
        isTail ? 'forged' : 'bad_signature',
        'the signature is not of this head',
      );
    }
    if (!isTruncated) {
      for (const record of this.unsigned) {
        this.report(record.position, record.eventId, 'forged', 'no signed head covers it');
      }
    }
    return {
      position: lastChecked,
      chainHash: this.trusted.toString('hex'),
      signedHeadCount: this.signedHeadCount,
      signedPosition: this.signedPosition,
    };
  }

  private checkKnownHead({ position, chainHash }: LogRecord): void {
    const { knownHeads = [] } = this.options;
    while ((knownHeads[this.knownHeadIndex]?.position ?? Infinity) < position) {
      this.knownHeadIndex += 1;
    }
    const head = knownHeads[this.knownHeadIndex];
    if (head?.position !== position) {
      return;
    }
    if (head.chainHash === chainHash.toString('hex')) {
      this.lastKnownHead = position;
    } else {
      this.firstLostHead ??= head;
    }
  }

  /** The cut lies behind the last head that still holds and before the first that is lost. */
  private reportCut(): void {
    const { knownHeads = [] } = this.options;
    const lost = this.firstLostHead ?? knownHeads.find(({ position }) => position > this.position);
    if (lost !== undefined) {
      const where = `the log was cut behind position ${Math.min(this.lastKnownHead, lost.position)}`;
      const detail = `${where}: it had ${lost.chainHash} here when it was last verified`;
      this.report(lost.position, null, 'cut', detail);
    }
  }

  private reportGap(record: LogRecord): void {
    const ordinal = ordinalOf(record.commandId, record.eventId);
    for (
      let position = this.position + 1;
      position < record.position && this.mayReportMissing();
      position += 1
    ) {
      // Events of one command are neighbours with neighbouring ids, so a survivor names those before it.
      const distance = record.position - position;
      const eventId =
        ordinal !== null && ordinal >= distance
          ? eventIdAt(record.commandId, ordinal - distance)
          : null;
      const between = `between event ${this.lastEventId ?? 'none'} and event ${record.eventId}`;
      this.report(position, eventId, 'missing', between);
    }
    this.linked = false;
  }

  private checkLink(record: LogRecord): void {
    const { trusted, alternative } = this;
    this.alternative = null;
    if (this.linked) {
      const computed = this.hasher.next(trusted, record);
      const holds =
        computed.equals(record.chainHash) ||
        (alternative !== null && this.hasher.next(alternative, record).equals(record.chainHash));
      if (!holds) {
        this.alternative = computed;
        if (this.broken.length < brokenLinksMax) {
          this.broken.push({ record, previousStored: trusted });
        } else {
          this.report(record.position, record.eventId, 'altered', 'the chain does not hold here');
        }
      }
    }
    this.linked = true;
    this.trusted = record.chainHash;
  }

  private checkStream(record: LogRecord): void {
    const { streamId, streamVersion } = record;
    const before = this.versions.get(streamId) ?? 0;
    this.versions.set(streamId, streamVersion);
    // A gap or a broken link explains a jump of the version; it is reported there.
    if (streamVersion !== before + 1 && this.missingCount === 0 && this.broken.length === 0) {
      const kind = streamVersion <= before ? 'forked' : 'missing';
      this.report(
        record.position,
        record.eventId,
        kind,
        `stream version ${streamVersion} follows ${before}`,
      );
    }
  }

  private startSignatureCheck(record: LogRecord, signature: Buffer): void {
    const { position, chainHash, eventId } = record;
    const head = { logName: this.options.service, position, chainHash, signature };
    const check = isSigned(head, this.options.keys).then((signed) => {
      this.checks.delete(check);
      if (signed) {
        this.signedHeadCount += 1;
        this.signedPosition = Math.max(this.signedPosition, position);
      } else {
        this.badSignatures.set(position, eventId);
      }
    });
    this.checks.add(check);
  }

  /** Tells moved events from altered ones: a moved event gives a chain hash that is stored at its place or its own. */
  private resolveBrokenLinks(): void {
    let trustedBefore: { readonly position: number; readonly hash: Buffer } | null = null;
    for (const { record, previousStored } of this.broken) {
      const { position } = record;
      const previous: Buffer =
        trustedBefore !== null && trustedBefore.position === position - 1
          ? trustedBefore.hash
          : previousStored;
      const rightful = this.rightfulAt(record, previous);
      if (rightful === null) {
        // An unsigned tail is reported as forged once, not also as altered.
        if (position <= this.signedPosition || !this.unsigned.includes(record)) {
          this.report(position, record.eventId, 'altered', 'its bytes do not give its chain hash');
        }
        continue;
      }
      trustedBefore = { position, hash: rightful.hash };
      if (rightful.record !== record) {
        this.moved.add(position);
        const detail = `event ${rightful.record.eventId} belongs here and stands at ${rightful.record.position}`;
        this.report(position, record.eventId, 'reordered', detail);
      }
    }
  }

  /** The record that belongs where `here` stands; whoever moved it may have changed its stream version to fit. */
  private rightfulAt(
    here: LogRecord,
    previous: Buffer,
  ): { readonly record: LogRecord; readonly hash: Buffer } | null {
    for (const { record } of this.broken) {
      for (const streamVersion of new Set([record.streamVersion, here.streamVersion])) {
        const hash = this.hasher.next(previous, record, { position: here.position, streamVersion });
        if (hash.equals(record.chainHash) || (record !== here && hash.equals(here.chainHash))) {
          return { record, hash };
        }
      }
    }
    return null;
  }

  private mayReportMissing(): boolean {
    this.missingCount += 1;
    return this.missingCount <= missingReportedMax;
  }

  private report(
    position: number,
    eventId: string | null,
    kind: Parameters<ReportFinding>[0]['kind'],
    detail: string,
  ): void {
    this.options.report({ service: this.options.service, position, eventId, kind, detail });
  }
}

/** Which event of its command an event is, from 0; null if its id does not derive from the command's. */
export function ordinalOf(commandId: string, eventId: string): number | null {
  if (commandId === eventId) {
    return 0;
  }
  if (commandId.slice(0, -tailDigits) !== eventId.slice(0, -tailDigits)) {
    return null;
  }
  const from = Number.parseInt(commandId.slice(-tailDigits), 16);
  return (Number.parseInt(eventId.slice(-tailDigits), 16) - from + 2 ** 48) % 2 ** 48;
}

function eventIdAt(commandId: string, ordinal: number): string {
  const tail = (Number.parseInt(commandId.slice(-tailDigits), 16) + ordinal) % 2 ** 48;
  return commandId.slice(0, -tailDigits) + tail.toString(16).padStart(tailDigits, '0');
}
