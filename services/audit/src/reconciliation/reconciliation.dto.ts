import { described, discardReasons, fields, named, serviceNames } from '@specie/contracts';
import { discrepancyKinds, findingKinds, invariantNames } from '@specie/ledger-audit';
import { chosenId, pageOf, streamVersion } from '@specie/nest-platform';
import { z } from 'zod';
import type { ReconciliationRow } from './reconciliation.table.js';

const service = z.enum(serviceNames).meta({ description: 'The service.' });
const position = z.int().min(0);
const decimal = z
  .string()
  .max(40)
  .regex(/^\d+(\.\d{6})?$/)
  .meta({ examples: ['254000.000000'] });

export const reconciliationParams = z.strictObject({ requestId: named.requestId });
export const reconciliationRequest = z.strictObject({ requestId: chosenId(named.requestId) });

const collection = z.strictObject({
  name: described(fields.reasonCode, 'The collection.', 'accounts'),
  rowCount: described(position, 'How many rows.', 42),
  digest: named.digest,
});
export const reportResponse = z.strictObject({
  ok: z.boolean().meta({ description: 'Whether nothing was found.' }),
  source: z
    .enum(['postgres', 'kafka', 'memory'])
    .meta({ description: 'Where the events were read from.' }),
  eventCount: described(position, 'How many events.', 379),
  milliseconds: described(position, 'How long the rebuild took.', 1200),
  findings: z
    .array(
      z.strictObject({
        service,
        position: described(position, 'The place in the log of the service.', 5),
        eventId: described(fields.id, 'The event; null where none can be named.').nullable(),
        kind: z
          .enum(findingKinds)
          .meta({ description: 'What is wrong with the event or the log.' }),
        detail: z
          .string()
          .max(1_000)
          .meta({
            description: 'What was found, in words.',
            examples: ['its bytes do not give its chain hash'],
          }),
      }),
    )
    .max(10_000)
    .meta({ description: 'What is wrong with the logs.' }),
  invariants: z
    .record(
      z.enum(invariantNames),
      z.strictObject({
        holds: z.boolean().meta({ description: 'Whether it holds.' }),
        counterexample: z
          .string()
          .max(2_000)
          .meta({ description: 'What breaks it; null where it holds.', examples: ['series 7'] })
          .nullable(),
      }),
    )
    .meta({ description: 'The invariants S1 to S10 of docs/architecture.md.' }),
  discrepancies: z
    .array(
      z.strictObject({
        invariant: z.enum(invariantNames).meta({ description: 'The invariant that is broken.' }),
        handOver: z
          .string()
          .max(64)
          .meta({
            description: 'What one service gives and another takes.',
            examples: ['deposit'],
          }),
        kind: z
          .enum(discrepancyKinds)
          .meta({ description: 'How the two sides of the hand-over differ.' }),
        service,
        position: described(position, 'The place in the log of the service.', 5),
        eventId: described(fields.id, 'The event; null where none can be named.'),
        movementId: named.movementId,
        account: z
          .string()
          .max(128)
          .meta({
            description: 'The account on the giving side.',
            examples: ['0192d1a0-7b5e-7c3d-8e4f-000000000020'],
          }),
        quantity: described(decimal, 'How much; null where it cannot be told.').nullable(),
        detail: z
          .string()
          .max(1_000)
          .meta({
            description: 'What was found, in words.',
            examples: ['its bytes do not give its chain hash'],
          }),
      }),
    )
    .max(1_000)
    .meta({ description: 'Hand-overs between services whose two sides do not match.' }),
  discards: z
    .array(
      z.strictObject({
        service,
        position: described(position, 'The place in the log of the service.', 5),
        source: z.enum(serviceNames).meta({ description: 'The service whose event it is.' }),
        streamId: z
          .string()
          .max(64)
          .meta({
            description: 'The stream it was parked under; null when its key is not a stream id.',
            examples: ['party-0192d1a0-7b5e-7c3d-8e4f-000000000002'],
          })
          .nullable(),
        sourcePosition: described(
          position,
          'Its position in that log; null when the message could not be read.',
          17,
        ).nullable(),
        partition: described(position, 'The partition of the topic.', 3).nullable(),
        kafkaOffset: z
          .string()
          .max(20)
          .meta({
            description: 'Its offset in the partition; null on the PostgreSQL transport.',
            examples: ['16'],
          })
          .nullable(),
        eventType: z
          .string()
          .max(128)
          .meta({
            description: 'The type of the event; null when the message could not be read.',
            examples: ['compliance.party-registered'],
          })
          .nullable(),
        reason: z.enum(discardReasons).meta({ description: 'Why it never takes effect.' }),
        proposedBy: named.proposedBy,
        approvedBy: named.approvedBy,
      }),
    )
    .max(10_000)
    .meta({
      description:
        'Events that two operators discarded; absent in reports of before there were any.',
    })
    .optional(),
  digestsEqual: z
    .boolean()
    .meta({ description: 'Whether the rebuilt state is that of the services, digest for digest.' }),
  unattested: z
    .array(service)
    .max(6)
    .meta({ description: 'The services that did not attest their state in time.' }),
  services: z
    .array(
      z.strictObject({
        service,
        eventCount: described(position, 'How many events.', 379),
        position: described(position, 'The place in the log of the service.', 5),
        chainHash: described(fields.sha256Hex, 'The chain hash of the last event.'),
        signedHeadCount: described(position, 'How many signatures were checked.', 120),
        throughPosition: named.throughPosition,
        digest: named.digest,
        collections: z
          .array(collection)
          .max(64)
          .meta({ description: 'The digest of each collection of rows.' }),
        digestsEqual: z
          .boolean()
          .meta({
            description:
              'Whether its state is what the rebuild gives; null where it did not attest.',
          })
          .nullable(),
      }),
    )
    .max(6)
    .meta({ description: 'What was rebuilt of each service.' }),
  tokens: z
    .strictObject({
      minted: described(decimal, 'Tokens that were minted.'),
      held: described(decimal, 'Tokens in accounts.', '245334.783331'),
      escrow: described(decimal, 'Tokens in the market.', '5000.000000'),
      burned: described(decimal, 'Tokens used up by metered GPU time.', '3665.216669'),
    })
    .meta({ description: 'Where all tokens are.' }),
  gpuSeconds: z
    .strictObject({
      total: described(decimal, 'All of it.', '13194780'),
      byParty: z
        .record(fields.id, described(decimal, 'That of the party.', '7299926'))
        .meta({ description: 'By the party that used it.' }),
    })
    .meta({ description: 'Metered GPU time, in GPU-seconds.' }),
});

const summary = z.strictObject({
  requestId: named.requestId,
  status: z.enum(['requested', 'published']).meta({ description: 'Whether the report is there.' }),
  requestedBy: named.requestedBy,
  requestedAt: described(fields.instant, 'When it was asked for.'),
  ok: z
    .boolean()
    .meta({ description: 'Whether nothing was found; null before the report.' })
    .nullable(),
  eventCount: described(
    position,
    'How many events were rebuilt; null before the report.',
    379,
  ).nullable(),
  findingCount: described(position, 'How many findings; null before the report.', 0).nullable(),
  reportHash: described(fields.sha256Hex, 'The hash of the report; null before it.').nullable(),
});
export const reconciliationResponse = summary.extend({
  attested: z.array(service).max(6).meta({ description: 'The services that attested so far.' }),
  report: reportResponse
    .meta({ description: 'The report; null before it is published.' })
    .nullable(),
  streamVersion,
});
export const reportsResponse = pageOf(summary);

export function toSummaryResponse(row: ReconciliationRow): z.output<typeof summary> {
  const { requestId, status, requestedBy, requestedAt, ok, eventCount, findingCount, reportHash } =
    row;
  return {
    ...{ requestId, status, requestedBy, ok, eventCount, findingCount, reportHash },
    requestedAt: requestedAt.toISOString(),
  };
}
