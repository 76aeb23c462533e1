import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** A place in a log and the chain hash there: what a service vouches for with its signature. */
export interface LogHead {
  readonly logName: string;
  readonly position: number;
  readonly chainHash: Uint8Array;
}

/** The signed text; the first line separates it from anything else the key may sign. */
function headText(head: LogHead): Buffer {
  const hashHex = Buffer.from(head.chainHash).toString('hex');
  return Buffer.from(`specie log head v1\n${head.logName}\n${head.position}\n${hashHex}\n`, 'utf8');
}

export function signHead(head: LogHead, privateKey: KeyObject): Buffer {
  return sign(null, headText(head), privateKey);
}

/** True when `signature` is the Ed25519 signature of `head` by the owner of `publicKey`. */
export function verifyHeadSignature(
  head: LogHead,
  signature: Uint8Array,
  publicKey: KeyObject,
): boolean {
  return signature.length === 64 && verify(null, headText(head), publicKey, signature);
}

/** Accepts an Ed25519 private key as a KeyObject or PEM text. */
export function toPrivateKey(key: KeyObject | string): KeyObject {
  const privateKey = typeof key === 'string' ? createPrivateKey(key) : key;
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') {
    throw new TypeError('the signing key of an event store must be an Ed25519 private key');
  }
  return privateKey;
}

export function publicKeyOf(privateKey: KeyObject): KeyObject {
  return createPublicKey(privateKey);
}
