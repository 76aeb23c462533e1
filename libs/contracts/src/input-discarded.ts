import { z } from 'zod';
import { described } from './described.js';
import { exampleId, id, sha256Hex } from './fields.js';
import { discardId, proposedBy } from './named-fields.js';
import { serviceNames } from './define-event.js';
import { streamIdPattern } from './streams.js';

/** Why an event that another service published never takes effect here. A code: free text could name a person. */
export const discardReasons = [
  /** Its bytes cannot be read or are invalid. */
  'malformed',
  /** The named service never published it. */
  'foreign',
  /** It repeats an earlier event or has been superseded. */
  'obsolete',
  /** Its effect was achieved, or undone, by other means. */
  'settled_otherwise',
] as const;
export type DiscardReason = (typeof discardReasons)[number];

/** What two operators decided about one event that this service could not handle; the same for every service. */
export const inputDiscardedData = z.object({
  discardId,
  source: z
    .enum(serviceNames)
    .meta({ description: 'The service whose log or topic contains the event.' }),
  streamId: z
    .string()
    .regex(streamIdPattern)
    .meta({
      description: 'The stream it was parked under; null when its key is not a stream id.',
      examples: [`party-${exampleId(2)}`],
    })
    .nullable(),
  position: z
    .int()
    .min(1)
    .meta({
      description: 'Its position in that log; null when the message cannot be read.',
      examples: [17],
    })
    .nullable(),
  partition: z
    .int()
    .min(0)
    .max(1_000_000)
    .meta({ description: 'The partition of the topic that contains it.', examples: [3] })
    .nullable(),
  kafkaOffset: z
    .string()
    .regex(/^(0|[1-9]\d{0,18})$/)
    .meta({
      description: 'Its offset in the partition; null on the PostgreSQL transport.',
      examples: ['16'],
    })
    .nullable(),
  eventId: described(id, 'The event; null when the message cannot be read.').nullable(),
  eventType: z
    .string()
    .regex(/^[a-z]+\.[a-z][a-z0-9-]{0,63}$/)
    .meta({
      description: 'The type of the event; null when the message cannot be read.',
      examples: ['compliance.party-registered'],
    })
    .nullable(),
  contentHash: described(
    sha256Hex,
    'The hash of its data, as received; null when it was never stored.',
  ).nullable(),
  reason: z.enum(discardReasons).meta({
    description:
      '`malformed`: cannot be read or is invalid; `foreign`: the named service never published it; `obsolete`: repeats an earlier event or has been superseded; `settled_otherwise`: was done or undone by other means.',
  }),
  proposedBy,
  approvedBy: described(id, 'The other operator, who approved it.'),
});
export type InputDiscardedData = z.output<typeof inputDiscardedData>;
