import type { ServiceName } from '@specie/contracts';
import type { LogRecord } from './log-record.js';

/** A Kafka message in CloudEvents binary mode: value = the exact stored data bytes. */
export interface WireMessage {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string | Buffer>>;
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

/** Headers and value together hold everything the chain hash covers. */
export function encodeMessage(record: LogRecord, context: WireContext): WireMessage {
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
    },
  };
}

export interface DecodedMessage extends WireContext {
  readonly record: LogRecord;
}

/** @throws Error when a header is missing or malformed: such a message did not come from our relay. */
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
  const signature =
    headers['ce_headsignature'] === undefined ? null : textOf(headers, 'ce_headsignature');
  return {
    source: textOf(headers, 'ce_source').replace('/specie/', '') as ServiceName,
    epoch: countOf(headers, 'ce_epoch'),
    previousPosition: countOf(headers, 'ce_prevposition'),
    record: {
      position: countOf(headers, 'ce_sequence'),
      streamId,
      streamVersion: countOf(headers, 'ce_streamversion'),
      eventId: textOf(headers, 'ce_id'),
      commandId: textOf(headers, 'ce_commandid'),
      type: textOf(headers, 'ce_type'),
      schemaVersion: countOf(headers, 'ce_schemaversion'),
      occurredAt: textOf(headers, 'ce_time'),
      effectiveAt: textOf(headers, 'ce_effectiveat'),
      recordedAt: textOf(headers, 'ce_recordedat'),
      metadata: bytesOf(headers, 'ce_metadata'),
      data: message.value,
      chainHash: Buffer.from(textOf(headers, 'ce_chainhash'), 'hex'),
      headSignature: signature === null ? null : Buffer.from(signature, 'base64'),
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

function textOf(headers: RawHeaders, name: string): string {
  return bytesOf(headers, name).toString('utf8');
}

function countOf(headers: RawHeaders, name: string): number {
  const text = textOf(headers, name);
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) {
    throw new Error(`header ${name} is not a whole number`);
  }
  return value;
}
