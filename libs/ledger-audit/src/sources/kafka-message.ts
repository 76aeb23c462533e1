import type { ServiceName } from '@specie/contracts';
import { microsOf, type LogRecord } from '../log-record.js';

/** A message as the client hands it out. */
export interface RawMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?:
    | Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>
    | undefined;
}

export interface DecodedMessage {
  readonly record: LogRecord;
  /** The position that was sent to the same partition before this one. */
  readonly previousPosition: number;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const countPattern = /^(0|[1-9]\d{0,15})$/;
const upperCase = /[A-F]/;

type Headers = NonNullable<RawMessage['headers']>;

const contentType = Buffer.from('application/json');
const specVersion = Buffer.from('1.0');

/**
 * Reads messages of one topic. Header and value together are the event. Every text has one accepted
 * form, so no byte can change without either breaking the form or the chain hash. What repeats from
 * message to message (instants, command ids) is read once: this is the inner loop of a rebuild.
 */
export class MessageDecoder {
  private readonly source: Buffer;
  private lastCommandId = '';
  private lastInstant = '';
  private lastMicros = 0;

  constructor(service: ServiceName) {
    this.source = Buffer.from(`/specie/${service}`);
  }

  /** @returns the name of the first part that does not have its form. */
  decode(message: RawMessage): DecodedMessage | string {
    const { key, value, headers = {} } = message;
    const metadata = headers['ce_metadata'];
    if (key === null || value === null || key.length === 0 || !isEqual(headers['ce_subject'], key))
      return 'the key';
    if (!isEqual(headers['ce_source'], this.source)) return 'ce_source';
    if (!isEqual(headers['ce_specversion'], specVersion)) return 'ce_specversion';
    if (!isEqual(headers['content-type'], contentType)) return 'content-type';
    if (!Buffer.isBuffer(metadata)) return 'ce_metadata';
    const commandId = textOf(headers, 'ce_commandid');
    if (commandId !== this.lastCommandId && !uuidPattern.test(commandId)) return 'ce_commandid';
    this.lastCommandId = commandId;
    const eventId = textOf(headers, 'ce_id');
    if (eventId !== commandId && !uuidPattern.test(eventId)) return 'ce_id';
    const occurredAtMicros = this.instantOf(headers, 'ce_time');
    if (occurredAtMicros === null) return 'ce_time';
    const effectiveAtMicros = this.instantOf(headers, 'ce_effectiveat');
    if (effectiveAtMicros === null) return 'ce_effectiveat';
    const recordedAtMicros = this.instantOf(headers, 'ce_recordedat');
    if (recordedAtMicros === null) return 'ce_recordedat';
    const position = countOf(headers, 'ce_sequence', Number.MAX_SAFE_INTEGER);
    if (position === null) return 'ce_sequence';
    const streamVersion = countOf(headers, 'ce_streamversion', 2_147_483_647);
    if (streamVersion === null) return 'ce_streamversion';
    const schemaVersion = countOf(headers, 'ce_schemaversion', 32_767);
    if (schemaVersion === null) return 'ce_schemaversion';
    const previousPosition = countOf(headers, 'ce_prevposition', Number.MAX_SAFE_INTEGER);
    if (previousPosition === null) return 'ce_prevposition';
    if (countOf(headers, 'ce_epoch', Number.MAX_SAFE_INTEGER) === null) return 'ce_epoch';
    const hash = textOf(headers, 'ce_chainhash');
    const chainHash = Buffer.from(hash, 'hex');
    if (chainHash.length !== 32 || hash.length !== 64 || upperCase.test(hash))
      return 'ce_chainhash';
    const headSignature = headers['ce_headsignature'] === undefined ? null : signatureOf(headers);
    if (headSignature === undefined) return 'ce_headsignature';
    const record: LogRecord = {
      position,
      streamId: key.toString('utf8'),
      streamVersion,
      eventId,
      commandId,
      type: textOf(headers, 'ce_type'),
      schemaVersion,
      occurredAtMicros,
      effectiveAtMicros,
      recordedAtMicros,
      metadata,
      data: value,
      chainHash,
      headSignature,
    };
    return { previousPosition, record };
  }

  private instantOf(headers: Headers, name: string): number | null {
    const text = textOf(headers, name);
    if (text !== this.lastInstant) {
      if (!instantPattern.test(text)) {
        return null;
      }
      this.lastInstant = text;
      this.lastMicros = microsOf(Date.parse(text));
    }
    return this.lastMicros;
  }
}

function textOf(headers: Headers, name: string): string {
  const value = headers[name];
  return Buffer.isBuffer(value) ? value.toString('latin1') : typeof value === 'string' ? value : '';
}

function isEqual(header: Headers[string], expected: Buffer): boolean {
  return Buffer.isBuffer(header) && header.equals(expected);
}

/** A whole number in its shortest form; null for anything else. */
function countOf(headers: Headers, name: string, maximum: number): number | null {
  const bytes = headers[name];
  if (!Buffer.isBuffer(bytes) || bytes.length === 0 || bytes.length > 16) {
    return null;
  }
  let count = 0;
  for (const byte of bytes) {
    const digit = byte - 48;
    if (digit < 0 || digit > 9) {
      return null;
    }
    count = count * 10 + digit;
  }
  return count > maximum || (bytes[0] === 48 && bytes.length > 1) ? null : count;
}

function signatureOf(headers: Headers): Buffer | undefined {
  const text = textOf(headers, 'ce_headsignature');
  const signature = Buffer.from(text, 'base64');
  return signature.length === 64 && signature.toString('base64') === text ? signature : undefined;
}

/** What can still be said of a message that could not be decoded. */
export function placeOf(message: RawMessage): {
  readonly position: number;
  readonly eventId: string | null;
} {
  const position = message.headers?.['ce_sequence']?.toString() ?? '';
  const eventId = message.headers?.['ce_id']?.toString() ?? '';
  return {
    position: countPattern.test(position) ? Number(position) : 0,
    eventId: uuidPattern.test(eventId) ? eventId : null,
  };
}
