import type { ServiceName } from '@specie/contracts';
import type { LogRecord } from './log-record.js';

/** A Kafka message in CloudEvents binary mode: value = the exact stored data bytes. */
export interface WireMessage {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string | Buffer>>;
}

/** What a message proves of its partition. */
export interface PartitionProof {
  /** The hash of the partition's chain after this message. */
  readonly hash: Buffer;
  /** The hash before it; only the first message of a send has it. */
  readonly previousHash: Buffer | null;
  /** Of the partition's head after this message; only the last message of a send has it. */
  readonly signature: Buffer | null;
}

export interface WireContext {
  readonly source: ServiceName;
  readonly epoch: number;
  /** The position sent to the same partition before this one; 0 for the first. */
  readonly previousPosition: number;
}

type RawHeaders = Readonly<
  Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>
>;

/**
 * Headers and value together hold everything the chain hash covers. `proof` is null only where the
 * message does not travel.
 */
export function encodeMessage(
  record: LogRecord,
  context: WireContext,
  proof: PartitionProof | null = null,
): WireMessage {
  return {
    key: record.streamId,
    value: record.data,
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: record.eventId,
      ce_source: `/specie/${context.source}`,
      ce_type: record.type,
      ce_subject: record.streamId,
      ce_time: record.occurredAt,
      ce_sequence: String(record.position),
      ce_streamversion: String(record.streamVersion),
      ce_schemaversion: String(record.schemaVersion),
      ce_commandid: record.commandId,
      ce_effectiveat: record.effectiveAt,
      ce_recordedat: record.recordedAt,
      ce_metadata: record.metadata,
      ce_epoch: String(context.epoch),
      ce_prevposition: String(context.previousPosition),
      ce_chainhash: record.chainHash.toString('hex'),
      ...(record.headSignature
        ? { ce_headsignature: record.headSignature.toString('base64') }
        : {}),
      ...(proof ? proofHeaders(proof) : {}),
    },
  };
}

function proofHeaders({ hash, previousHash, signature }: PartitionProof): Record<string, string> {
  return {
    ce_partitionhash: hash.toString('base64'),
    ...(previousHash ? { ce_partitionprevious: previousHash.toString('base64') } : {}),
    ...(signature ? { ce_partitionsignature: signature.toString('base64') } : {}),
  };
}

export interface DecodedMessage extends WireContext {
  readonly record: LogRecord;
  /** Null when the message carries none. */
  readonly proof: PartitionProof | null;
}

/**
 * Every header has one accepted form, so that no byte of what a handler gets can differ from what was hashed.
 * @throws Error when a header is missing or malformed: such a message did not come from our relay.
 */
export function decodeMessage(message: {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: RawHeaders | undefined;
}): DecodedMessage {
  const headers = message.headers ?? {};
  if (message.key === null || message.value === null) {
    throw new Error('the message has no key or no value');
  }
  const streamId = message.key.toString();
  if (textOf(headers, 'ce_subject') !== streamId) {
    throw new Error('the key is not the stream id in ce_subject');
  }
  const hash = digestOf(headers, 'ce_partitionhash', 32);
  return {
    source: sourceOf(headers),
    epoch: countOf(headers, 'ce_epoch'),
    previousPosition: countOf(headers, 'ce_prevposition'),
    record: {
      position: countOf(headers, 'ce_sequence'),
      streamId,
      streamVersion: countOf(headers, 'ce_streamversion', 2_147_483_647),
      eventId: textOf(headers, 'ce_id', uuidPattern),
      commandId: textOf(headers, 'ce_commandid', uuidPattern),
      type: textOf(headers, 'ce_type'),
      schemaVersion: countOf(headers, 'ce_schemaversion', 32_767),
      occurredAt: textOf(headers, 'ce_time', instantPattern),
      effectiveAt: textOf(headers, 'ce_effectiveat', instantPattern),
      recordedAt: textOf(headers, 'ce_recordedat', instantPattern),
      metadata: bytesOf(headers, 'ce_metadata'),
      data: message.value,
      chainHash: Buffer.from(textOf(headers, 'ce_chainhash', /^[0-9a-f]{64}$/), 'hex'),
      headSignature: digestOf(headers, 'ce_headsignature', 64),
    },
    proof: hash && {
      hash,
      previousHash: digestOf(headers, 'ce_partitionprevious', 32),
      signature: digestOf(headers, 'ce_partitionsignature', 64),
    },
  };
}

/** The same message as one buffer, for the parked row. */
export function packMessage(message: WireMessage): Buffer {
  return Buffer.from(
    JSON.stringify({
      key: message.key,
      value: message.value.toString('base64'),
      headers: Object.entries(message.headers).map(([name, value]) => [
        name,
        Buffer.from(value).toString('base64'),
      ]),
    }),
  );
}

export function unpackMessage(packed: Buffer): WireMessage {
  const stored = JSON.parse(packed.toString('utf8')) as {
    readonly key: string;
    readonly value: string;
    readonly headers: readonly (readonly [string, string])[];
  };
  return {
    key: stored.key,
    value: Buffer.from(stored.value, 'base64'),
    headers: Object.fromEntries(
      stored.headers.map(([name, value]) => [name, Buffer.from(value, 'base64')]),
    ),
  };
}

function bytesOf(headers: RawHeaders, name: string): Buffer {
  const value = headers[name];
  if (value === undefined || Array.isArray(value)) {
    throw new Error(`header ${name} is missing or repeated`);
  }
  return typeof value === 'string' ? Buffer.from(value) : (value as Buffer);
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function textOf(headers: RawHeaders, name: string, form = /^/): string {
  const text = bytesOf(headers, name).toString('utf8');
  if (!form.test(text)) {
    throw new Error(`header ${name} does not have its form`);
  }
  return text;
}

function sourceOf(headers: RawHeaders): ServiceName {
  return textOf(headers, 'ce_source', /^\/specie\/./).slice('/specie/'.length) as ServiceName;
}

function countOf(headers: RawHeaders, name: string, maximum = Number.MAX_SAFE_INTEGER): number {
  const text = textOf(headers, name);
  const value = Number(text);
  if (!/^(0|[1-9]\d{0,15})$/.test(text) || value > maximum) {
    throw new Error(`header ${name} is not a whole number`);
  }
  return value;
}

/** Bytes of a fixed length in base64; null when the header is absent. */
function digestOf(headers: RawHeaders, name: string, length: number): Buffer | null {
  if (headers[name] === undefined) {
    return null;
  }
  const text = textOf(headers, name);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== length || bytes.toString('base64') !== text) {
    throw new Error(`header ${name} is not ${length} bytes in base64`);
  }
  return bytes;
}
