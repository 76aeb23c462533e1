import type { ServiceName } from '@specie/contracts';
import { ChainHasher, genesisHash } from '../chain.js';
import type { FindingKind, LogRecord, ReportFinding } from '../log-record.js';

export interface LogMergeOptions {
  readonly service: ServiceName;
  readonly take: (record: LogRecord) => Promise<void> | undefined;
  readonly report: ReportFinding;
}

const hashBytes = 32;

/**
 * Puts the partitions of one topic back into the order of the log. Positions are dense, so the next one
 * is always known; what arrives early waits. Repeats of the relay are dropped after proof that they are
 * repeats.
 */
export class LogMerge {
  /** Everything up to here was handed on. */
  position = 0;
  lastIsSigned = true;
  private readonly waiting = new Map<number, LogRecord>();
  private readonly newest = new Map<number, number>();
  private readonly hasher: ChainHasher;
  private hashes = Buffer.alloc(hashBytes * 4096);

  constructor(private readonly options: LogMergeOptions) {
    this.hasher = new ChainHasher(options.service);
  }

  get waitingCount(): number {
    return this.waiting.size;
  }

  /** How far a partition runs ahead of the merge. */
  leadOf(partition: number): number {
    return (this.newest.get(partition) ?? 0) - this.position;
  }

  /** Takes a record of a partition, in the order of the partition. */
  add(partition: number, record: LogRecord): Promise<void> | undefined {
    const { position } = record;
    const known = position <= this.position || this.waiting.has(position);
    if (known) {
      this.checkRepeat(record);
      return undefined;
    }
    const newest = this.newest.get(partition) ?? 0;
    if (position < newest) {
      this.report(record, 'reordered', `first seen after position ${newest} of its partition`);
    }
    this.newest.set(partition, Math.max(newest, position));
    if (position !== this.position + 1) {
      this.waiting.set(position, record);
      return undefined;
    }
    return this.handOn(record);
  }

  /** Gives up on the positions before the first one that waits: no partition has them. */
  skipGap(): Promise<void> | undefined {
    let first = Number.POSITIVE_INFINITY;
    for (const position of this.waiting.keys()) {
      first = Math.min(first, position);
    }
    const record = this.waiting.get(first);
    if (record === undefined) {
      return undefined;
    }
    this.waiting.delete(first);
    return this.handOn(record);
  }

  private handOn(first: LogRecord): Promise<void> | undefined {
    let wait: Promise<void> | undefined;
    let next: LogRecord | undefined = first;
    while (next !== undefined) {
      this.remember(next);
      this.position = next.position;
      this.lastIsSigned = next.headSignature !== null;
      wait = this.options.take(next) ?? wait;
      next = this.waiting.size === 0 ? undefined : this.waiting.get(this.position + 1);
      if (next !== undefined) {
        this.waiting.delete(next.position);
      }
    }
    return wait;
  }

  private checkRepeat(record: LogRecord): void {
    const { position } = record;
    const waiting = this.waiting.get(position);
    const first = waiting?.chainHash ?? this.hashAt(position);
    // Zero: the position was skipped as missing, and here it is after all.
    if (first.equals(genesisHash)) {
      this.report(
        record,
        'reordered',
        'it came after the end of every other partition was reached',
      );
      return;
    }
    const before = this.waiting.get(position - 1)?.chainHash ?? this.hashAt(position - 1);
    const isUnlinked = position > 1 && before.equals(genesisHash);
    const isRepeat =
      record.chainHash.equals(first) &&
      (isUnlinked ? sameContent(record, waiting) : this.hasher.next(before, record).equals(first));
    if (!isRepeat) {
      this.report(record, 'forked', 'another event was seen at this position');
    }
  }

  private hashAt(position: number): Buffer {
    return position < 1 || position * hashBytes > this.hashes.length
      ? genesisHash
      : this.hashes.subarray((position - 1) * hashBytes, position * hashBytes);
  }

  private remember({ position, chainHash }: LogRecord): void {
    if (position * hashBytes > this.hashes.length) {
      const grown = Buffer.alloc(Math.max(position * hashBytes, this.hashes.length * 2));
      grown.set(this.hashes);
      this.hashes = grown;
    }
    this.hashes.set(chainHash, (position - 1) * hashBytes);
  }

  private report({ position, eventId }: LogRecord, kind: FindingKind, detail: string): void {
    this.options.report({ service: this.options.service, position, eventId, kind, detail });
  }
}

/** Without the hash before it a repeat can only be compared with the first copy. */
function sameContent(record: LogRecord, first: LogRecord | undefined): boolean {
  return (
    first === undefined ||
    (first.eventId === record.eventId &&
      first.data.equals(record.data) &&
      first.metadata.equals(record.metadata))
  );
}
