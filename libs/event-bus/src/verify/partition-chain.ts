import { hash, sign, verify, type KeyObject } from 'node:crypto';
import type { ServiceName } from '@specie/contracts';
import { canonicalEventBytes, genesisHash } from '@specie/postgres-event-store';
import type { LogRecord } from '../log-record.js';

/** A place in a chain and the hash there. Position 0 with the zero hash stands before the first event. */
export interface ChainPoint {
  readonly position: number;
  readonly hash: Buffer;
}

export const genesis: ChainPoint = { position: 0, hash: genesisHash };

/** Public keys that may have signed for a service; several after a rotation. */
export type LogKeys = (service: ServiceName) => readonly KeyObject[];

/**
 * The chain of one partition: SHA-256(previous hash || previous position, int64 || log chain hash ||
 * canonical bytes). It follows from the log and the partition count alone, so every relay makes the same.
 */
export function partitionHash(logName: string, previous: ChainPoint, record: LogRecord): Buffer {
  const position = Buffer.allocUnsafe(8);
  position.writeBigInt64BE(BigInt(previous.position));
  return hash(
    'sha256',
    Buffer.concat([
      previous.hash,
      position,
      record.chainHash,
      canonicalEventBytes(logName, record),
    ]),
    'buffer',
  );
}

export interface PartitionHead extends ChainPoint {
  readonly logName: string;
  readonly topic: string;
  readonly partition: number;
}

/** The first line separates it from anything else the key signs, the head of the log above all. */
function headText({ logName, topic, partition, position, hash: at }: PartitionHead): Buffer {
  return Buffer.from(
    `specie partition head v1\n${logName}\n${topic}\n${partition}\n${position}\n${at.toString('hex')}\n`,
  );
}

export function signPartitionHead(head: PartitionHead, privateKey: KeyObject): Buffer {
  return sign(null, headText(head), privateKey);
}

export function isPartitionHeadSigned(
  head: PartitionHead,
  signature: Buffer,
  keys: readonly KeyObject[],
): boolean {
  return (
    signature.length === 64 && keys.some((key) => verify(null, headText(head), key, signature))
  );
}
