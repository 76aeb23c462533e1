import { hash } from 'node:crypto';

/** Namespace of every derived id (RFC 9562, version 5). Changing it would change every id, so it never does. */
const namespace = Buffer.from('6f0d3a53c6d84f0e9b1c2a7e5d41c0de', 'hex');

/**
 * The id that follows from what it names: the same parts give the same UUID (version 5) in every process, so a
 * repeated command creates the same thing. `kind` keeps ids of different kinds apart.
 */
export function derivedId(kind: string, ...parts: readonly string[]): string {
  const name = Buffer.from(JSON.stringify([kind, ...parts]));
  const bytes = hash('sha1', Buffer.concat([namespace, name]), 'buffer').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether `text` is a UUID in lower case, as ids are written on the wire. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
