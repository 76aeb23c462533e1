import type { ServiceName } from '@specie/contracts';
import { microsOf, type LogRecord } from '../log-record.js';

/** A message as the client hands it out. */
export interface RawMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>> | undefined;
}

export interface DecodedMessage {
  readonly record: LogRecord;
  /** The position that was sent to the same partition before this one. */
  readonly previousPosition: number;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const countPattern = /^(0|[1-9]\d{0,15})$/;
const hashPattern = /^[0-9a-f]{64}$/;
const signaturePattern = /^[A-Za-z0-9+/]{86}==$/;

/**
 * Header and value together are the event. Every text has one accepted form, so no byte can change
 * without either breaking the form or the chain hash.
 *
 * @returns the reason where the message does not have that form.
 */
export function decodeMessage(service: ServiceName, message: RawMessage): DecodedMessage | string {
  const headers = message.headers ?? {};
  const text = (name: string): string => {
    const value = headers[name];
    return Buffer.isBuffer(value) ? value.toString('latin1') : typeof value === 'string' ? value : '';
  };
  const { key, value } = message;
  const metadata = headers['ce_metadata'];
  const streamId = key?.toString('utf8') ?? '';
  const eventId = text('ce_id');
  const commandId = text('ce_commandid');
  const [occurredAt, effectiveAt, recordedAt] = [text('ce_time'), text('ce_effectiveat'), text('ce_recordedat')];
  const [position, streamVersion] = [text('ce_sequence'), text('ce_streamversion')];
  const [schemaVersion, previousPosition] = [text('ce_schemaversion'), text('ce_prevposition')];
  const hash = text('ce_chainhash');
  const signature = headers['ce_headsignature'] === undefined ? null : text('ce_headsignature');
  if (value === null || streamId === '' || headers['ce_subject']?.toString() !== streamId) return 'the key';
  if (text('ce_source') !== `/specie/${service}`) return 'ce_source';
  if (text('ce_specversion') !== '1.0') return 'ce_specversion';
  if (text('content-type') !== 'application/json') return 'content-type';
  if (!uuidPattern.test(eventId)) return 'ce_id';
  if (!uuidPattern.test(commandId)) return 'ce_commandid';
  if (!instantPattern.test(occurredAt)) return 'ce_time';
  if (!instantPattern.test(effectiveAt)) return 'ce_effectiveat';
  if (!instantPattern.test(recordedAt)) return 'ce_recordedat';
  if (!countPattern.test(position)) return 'ce_sequence';
  if (!countPattern.test(streamVersion) || Number(streamVersion) > 2_147_483_647) return 'ce_streamversion';
  if (!countPattern.test(schemaVersion) || Number(schemaVersion) > 32_767) return 'ce_schemaversion';
  if (!countPattern.test(previousPosition)) return 'ce_prevposition';
  if (!countPattern.test(text('ce_epoch'))) return 'ce_epoch';
  if (!hashPattern.test(hash)) return 'ce_chainhash';
  if (signature !== null && !signaturePattern.test(signature)) return 'ce_headsignature';
  if (!Buffer.isBuffer(metadata)) return 'ce_metadata';
  const headSignature = signature === null ? null : Buffer.from(signature, 'base64');
  if (headSignature !== null && headSignature.toString('base64') !== signature) return 'ce_headsignature';
  return {
    previousPosition: Number(previousPosition),
    record: {
      position: Number(position),
      streamId,
      streamVersion: Number(streamVersion),
      eventId,
      commandId,
      type: text('ce_type'),
      schemaVersion: Number(schemaVersion),
      occurredAtMicros: microsOf(Date.parse(occurredAt)),
      effectiveAtMicros: microsOf(Date.parse(effectiveAt)),
      recordedAtMicros: microsOf(Date.parse(recordedAt)),
      metadata,
      data: value,
      chainHash: Buffer.from(hash, 'hex'),
      headSignature,
    },
  };
}

/** What can still be said of a message that could not be decoded. */
export function placeOf(message: RawMessage): { readonly position: number; readonly eventId: string | null } {
  const position = message.headers?.['ce_sequence']?.toString() ?? '';
  const eventId = message.headers?.['ce_id']?.toString() ?? '';
  return {
    position: countPattern.test(position) ? Number(position) : 0,
    eventId: uuidPattern.test(eventId) ? eventId : null,
  };
}
