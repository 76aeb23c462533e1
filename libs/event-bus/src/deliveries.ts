import { eventDefinitions } from '@specie/contracts';
import { PoisonEventError } from './errors.js';
import type { ParkedCode } from './parked-code.js';
import { placeOfUnreadable, type ParkedRecord } from './parked-events.js';
import type { Delivery, UnreadableDelivery } from './ports.js';
import type { EventPlace } from './waiting-events.js';
import { encodeMessage, packMessage, type decodeMessage, type unpackMessage } from './wire.js';

export function streamIdOf(delivery: Delivery | UnreadableDelivery): string {
  return 'record' in delivery ? delivery.record.streamId : delivery.streamId;
}

export function typeOf(delivery: Delivery | UnreadableDelivery): string {
  return 'record' in delivery ? delivery.record.type : 'unreadable';
}

export function placeOf(delivery: Delivery | UnreadableDelivery): EventPlace {
  const { source, partition } = delivery;
  return { source, partition, position: positionOf(delivery) };
}

export function positionOf(delivery: Delivery | UnreadableDelivery): number {
  return 'record' in delivery
    ? delivery.record.position
    : placeOfUnreadable(delivery.partition, delivery.kafkaOffset);
}

export function codeOf(error: unknown, isUnreadable: boolean): ParkedCode {
  if (error instanceof PoisonEventError && error.code !== null) {
    return error.code;
  }
  return isUnreadable ? 'unreadable' : 'handler_failed';
}

/** What keeps a record from being decoded. */
export function codeOfRecord({ record }: Delivery): ParkedCode {
  const definition = eventDefinitions.get(record.type);
  if (!definition) {
    return 'type_unknown';
  }
  return record.schemaVersion > definition.schemaVersion ? 'version_unknown' : 'data_invalid';
}

const noEventId = '00000000-0000-0000-0000-000000000000';

export function toParked(delivery: Delivery | UnreadableDelivery, lane: string): ParkedRecord {
  const { source, partition, kafkaOffset } = delivery;
  const place = { source, lane, partition, kafkaOffset, position: positionOf(delivery) };
  if ('record' in delivery) {
    const { record, previousPosition } = delivery;
    const { streamId, eventId, type } = record;
    const wire = encodeMessage(record, {
      source,
      epoch: 0,
      previousPosition: previousPosition ?? 0,
    });
    return { ...place, streamId, eventId, type, record: packMessage(wire) };
  }
  const { streamId, raw } = delivery;
  return { ...place, streamId, eventId: noEventId, type: null, record: raw };
}

export function decodable(
  message: ReturnType<typeof unpackMessage>,
): Parameters<typeof decodeMessage>[0] {
  return { key: message.key, value: message.value, headers: message.headers };
}
