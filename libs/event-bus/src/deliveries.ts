import { PoisonEventError } from './errors.js';
import type { ParkedCode } from './parked-code.js';
import type { ParkedRecord } from './parked-events.js';
import type { Delivery } from './ports.js';
import type { EventPlace } from './waiting-events.js';
import { encodeMessage, packMessage } from './wire.js';

export function placeOf({ source, partition, record }: Delivery): EventPlace {
  return { source, partition, position: record.position };
}

/** The code under which an event that failed with `error` is parked. */
export function codeOf(error: unknown): ParkedCode {
  return error instanceof PoisonEventError && error.code !== null ? error.code : 'handler_failed';
}

export function toParked(delivery: Delivery, lane: string): ParkedRecord {
  const { source, partition, kafkaOffset, record, previousPosition } = delivery;
  const { streamId, position, eventId, type } = record;
  const wire = encodeMessage(record, {
    source,
    epoch: 0,
    previousPosition: previousPosition ?? 0,
  });
  return {
    source,
    streamId,
    lane,
    position,
    eventId,
    type,
    partition,
    kafkaOffset,
    record: packMessage(wire),
  };
}
