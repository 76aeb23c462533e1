import type { KeyObject } from 'node:crypto';
import { canonicalEventBytes, chainHash, verifyHeadSignature } from '@specie/postgres-event-store';
import type { Fault, HaltReason } from '../halt.js';
import type { LogRecord } from '../log-record.js';
import type { ChainPoint } from './partition-chain.js';

export interface LogPage {
  readonly logName: string;
  readonly keys: readonly KeyObject[];
  /** Where the reader stands. */
  readonly after: ChainPoint;
  /** In position order from `after.position` on: the event there comes first, unless it is 0. */
  readonly records: readonly LogRecord[];
  /** Whether the log ended with this page when it was read. */
  readonly isEnd: boolean;
}

export interface VerifiedPage {
  /** Those behind `after` up to the last signed head: proven, to be acted on. */
  readonly records: readonly LogRecord[];
  readonly fault: Fault | null;
}

/**
 * Proves a page of a log: it still contains the event the reader stands at, no position is missing, every
 * chain hash follows from the bytes, and a signed head covers what is handed on. Events behind the last
 * signed head wait for it; at the end of a log there are none, since each append ends with a signature.
 */
export function verifyPage({ logName, keys, after, records, isEnd }: LogPage): VerifiedPage {
  const skipped = after.position === 0 ? 0 : 1;
  if (skipped === 1) {
    const anchor = records[0];
    if (anchor?.position !== after.position) {
      return none(after.position, 'diverged', 'the log has no event at this position any more');
    }
    if (!anchor.chainHash.equals(after.hash)) {
      return none(after.position, 'diverged', 'the log has another event at this position');
    }
  }
  return verifyRecords({ logName, keys, after, records: records.slice(skipped), isEnd });
}

/** As `verifyPage`, for events that follow `after` without the one there. */
export function verifyRecords({ logName, keys, after, records, isEnd }: LogPage): VerifiedPage {
  let { position, hash } = after;
  let fault: Fault | null = null;
  const signed: number[] = [];
  for (const [index, record] of records.entries()) {
    fault = brokenLink(logName, position, hash, record);
    if (fault !== null) {
      break;
    }
    ({ position } = record);
    hash = record.chainHash;
    if (record.headSignature !== null) {
      signed.push(index);
    }
  }
  let lastSigned = signed.at(-1);
  while (lastSigned !== undefined && !isSigned(logName, records[lastSigned], keys)) {
    fault = faultAt(
      records[lastSigned],
      'bad_signature',
      'no known key of the log signed this head',
    );
    signed.pop();
    lastSigned = signed.at(-1);
  }
  const proven = records.slice(0, (lastSigned ?? -1) + 1);
  if (fault === null && isEnd && proven.length < records.length) {
    fault = faultAt(records[proven.length], 'unsigned', 'no signed head covers the end of the log');
  }
  return { records: proven, fault };
}

function brokenLink(
  logName: string,
  position: number,
  hash: Buffer,
  record: LogRecord,
): Fault | null {
  if (record.position !== position + 1) {
    return {
      reason: 'gap',
      position: position + 1,
      kafkaOffset: null,
      detail: `the log has no event at this position, the next one is at ${record.position}`,
    };
  }
  return chainHash(hash, canonicalEventBytes(logName, record)).equals(record.chainHash)
    ? null
    : faultAt(record, 'altered', 'the bytes of the event do not give its chain hash');
}

function isSigned(
  logName: string,
  record: LogRecord | undefined,
  keys: readonly KeyObject[],
): boolean {
  if (!record?.headSignature) {
    return false;
  }
  const { position, chainHash: at, headSignature } = record;
  return keys.some((key) =>
    verifyHeadSignature({ logName, position, chainHash: at }, headSignature, key),
  );
}

function faultAt(record: LogRecord | undefined, reason: HaltReason, detail: string): Fault {
  return { reason, position: record?.position ?? null, kafkaOffset: null, detail };
}

function none(position: number, reason: HaltReason, detail: string): VerifiedPage {
  return { records: [], fault: { reason, position, kafkaOffset: null, detail } };
}
