import { z } from 'zod';
import { id, sha256Hex } from './fields.js';
import { serviceNames } from './define-event.js';
import { streamIdPattern } from './streams.js';

/** Why an event that another service published never takes effect here. A code: free text could name a person. */
export const discardReasons = [
  /** Its bytes cannot be read or make no sense. */
  'malformed',
  /** The named service never published it. */
  'foreign',
  /** What it says was said before, or has been replaced since. */
  'obsolete',
  /** What it asks for was done, or undone, by other means. */
  'settled_otherwise',
] as const;
export type DiscardReason = (typeof discardReasons)[number];

/** What two operators decided about one event that this service could not handle; the same for every service. */
export const inputDiscardedData = z.object({
  discardId: id,
  /** The service in whose log or topic it stands. */
  source: z.enum(serviceNames),
  /** The stream it was parked under; null when its key is not a stream id. */
  streamId: z.string().regex(streamIdPattern).nullable(),
  /** Its position in that log; null when the message cannot be read. */
  position: z.int().min(1).nullable(),
  /** Where it stands in the topic; the offset is null on the PostgreSQL transport. */
  partition: z.int().min(0).max(1_000_000).nullable(),
  kafkaOffset: z
    .string()
    .regex(/^(0|[1-9]\d{0,18})$/)
    .nullable(),
  /** Null when the message cannot be read. */
  eventId: id.nullable(),
  eventType: z
    .string()
    .regex(/^[a-z]+\.[a-z][a-z0-9-]{0,63}$/)
    .nullable(),
  /** Of its data, as received; null when it was never taken in. */
  contentHash: sha256Hex.nullable(),
  reason: z.enum(discardReasons),
  proposedBy: id,
  approvedBy: id,
});
export type InputDiscardedData = z.output<typeof inputDiscardedData>;
