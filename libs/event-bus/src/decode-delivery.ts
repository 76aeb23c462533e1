/**
 * What happens to an event that cannot be read. A message that is not an event, or does not verify, halts its partition
 * before it becomes a delivery (verify/). A genuine event of a type, version or shape that this build does not know is
 * parked with its lane or stream, at once. Neither is ever skipped; two operators may discard it (input-discards.ts).
 */
import { eventDefinitions } from '@specie/contracts';
import type { EventCodec } from '@specie/event-sourcing';
import { describeError, PoisonEventError } from './errors.js';
import { toRecordedEvent } from './log-record.js';
import type { ParkedCode } from './parked-code.js';
import type { Delivery, Received } from './ports.js';

/**
 * What a handler is given of a delivery.
 *
 * @throws PoisonEventError with the code that says why this build cannot read the event
 */
export function decodeDelivery(codec: EventCodec, delivery: Delivery): Received {
  try {
    const recorded = toRecordedEvent(delivery.record);
    return { event: codec.decode(recorded), recorded, delivery };
  } catch (error) {
    throw new PoisonEventError(`not readable: ${describeError(error)}`, codeOfRecord(delivery));
  }
}

function codeOfRecord({ record }: Delivery): ParkedCode {
  const definition = eventDefinitions.get(record.type);
  if (!definition) {
    return 'type_unknown';
  }
  return record.schemaVersion > definition.schemaVersion ? 'version_unknown' : 'data_invalid';
}
