import { createHash } from 'node:crypto';
import { eventCodec, streamIds } from '@specie/contracts';
import {
  canonicalJson,
  KeyedQueue,
  repeatedAnswer,
  storedRefusal,
  type AppendRequest,
  type CommandContext,
  type CommandHandler,
  type EventStore,
  type Handled,
  type JsonValue,
  type Rejected,
  type StreamAppend,
} from '@specie/event-sourcing';
import {
  chargeUsage,
  reservationAggregate,
  type ChargeRefusal,
  type ChargeUsageRejection,
  type PlacedEvent,
  type UsageRecord,
} from '../domain/reservation/index.js';
import { usageIdOf } from './usage-names.js';

/** What a record says, as the agent sent it. */
export type ReportedUsage = Omit<UsageRecord, 'usageId' | 'evidenceHash'>;

/** Evidence hashes of those records of a provider that were charged before, by usage id. */
export type ChargedRecords = (
  providerId: string,
  records: readonly UsageRecord[],
) => Promise<ReadonlyMap<string, string>>;

export interface UsageBatch {
  readonly reservationId: string;
  /** Of the reservation's series; the caller has checked that this provider reports. */
  readonly providerId: string;
  readonly records: readonly ReportedUsage[];
  readonly backfill: boolean;
  readonly context: CommandContext;
}

export interface UsageIngestionOptions {
  readonly store: EventStore;
  readonly commands: CommandHandler;
  readonly chargedRecords: ChargedRecords;
}

/** As of any command. */
export type IngestedUsage = Handled<ChargeUsageRejection>;

const attemptCountMax = 16;

/**
 * Takes batches of usage records. A batch is one append: an event on the stream of each new record and one slice on the
 * reservation. Every record has its own stream, so loading them one by one would cost a read each; the table of known
 * records answers for all of them in one query, and `no_stream` in the append catches what a race hides from it.
 */
export class UsageIngestion {
  private readonly queue = new KeyedQueue();

  constructor(private readonly options: UsageIngestionOptions) {}

  async ingest(batch: UsageBatch): Promise<IngestedUsage> {
    const { idempotency } = batch.context;
    const stored =
      idempotency && (await this.options.store.findAnswer(idempotency.scope, idempotency.key));
    if (idempotency && stored) {
      return stored.bodyHash === idempotency.bodyHash
        ? repeatedAnswer(stored.answer)
        : { outcome: 'conflicting_repeat' };
    }
    const records = batch.records.map((record) => named(batch, record));
    // Batches of one reservation in turn: each decides on what the one before captured.
    return this.queue.run([batch.reservationId], () => this.attempt(batch, records));
  }

  private async attempt(
    batch: UsageBatch,
    records: readonly UsageRecord[],
  ): Promise<IngestedUsage> {
    const { reservationId, providerId, backfill, context } = batch;
    const streamId = streamIds.reservation(reservationId);
    for (let attempt = 1; attempt <= attemptCountMax; attempt += 1) {
      const charged = await this.options.chargedRecords(providerId, records);
      const { version, state } = await this.options.commands.load(streamId, reservationAggregate);
      const decision = chargeUsage(
        {
          data: {
            reservationId,
            providerId,
            captureId: context.commandId,
            records,
            charged,
            backfill,
          },
          metadata: { now: context.now, actor: context.actor },
        },
        state,
      );
      const events = decision.outcome === 'rejected' ? [] : decision.events;
      const onReservation = events.filter(({ stream }) => stream === 'reservation');
      const counted = events.length - onReservation.length;
      const streamVersion = version + onReservation.length;
      const answer = {
        id: reservationId,
        streamVersion,
        counted,
        duplicates: records.length - counted,
      };
      const stored =
        decision.outcome === 'rejected' ? storedRefusal(decision) : { accepted: answer };
      // A refusal is appended too: the log says whether it stands on the reservation as it is.
      const outcome = await this.options.store.append(
        requestOf(context, stored, streamsOf(events, { streamId, version })),
      );
      switch (outcome.outcome) {
        case 'appended':
          return decision.outcome === 'rejected'
            ? { ...refusalOf(decision), repeated: false }
            : {
                outcome: 'accepted',
                answer,
                repeated: false,
                versions: new Map([[streamId, streamVersion]]),
              };
        case 'already_done':
          return repeatedAnswer(outcome.answer);
        case 'wrong_expected_version':
        case 'constraint_violated':
          // Another instance was faster with one of the records or with the reservation: look again.
          continue;
        case 'conflicting_repeat':
        case 'fenced':
          return outcome;
      }
    }
    return { outcome: 'contended' };
  }
}

/** Names the record and hashes what it says; two spellings of one instant are one content. */
function named(
  { reservationId, providerId }: Pick<UsageBatch, 'reservationId' | 'providerId'>,
  reported: ReportedUsage,
): UsageRecord {
  const record = { ...reported, startedAt: new Date(reported.startedAt).toISOString() };
  const evidenceHash = createHash('sha256')
    .update(canonicalJson({ reservationId, ...record }))
    .digest('hex');
  return { ...record, usageId: usageIdOf(providerId, record), evidenceHash };
}

function streamsOf(
  placed: readonly PlacedEvent[],
  reservation: { readonly streamId: string; readonly version: number },
): StreamAppend[] {
  const usage = placed.flatMap((event): StreamAppend[] =>
    event.stream === 'usage'
      ? [
          {
            streamId: streamIds.usage(event.usageId),
            expectedVersion: 'no_stream',
            events: [eventCodec.encode(event.event)],
          },
        ]
      : [],
  );
  const events = placed.flatMap((event) =>
    event.stream === 'reservation' ? [eventCodec.encode(event.event)] : [],
  );
  return [
    ...usage,
    { streamId: reservation.streamId, expectedVersion: reservation.version, events },
  ];
}

function requestOf(
  context: CommandContext,
  answer: JsonValue,
  streams: readonly StreamAppend[],
): AppendRequest {
  const { commandId, correlationId, causationId, actor, now, idempotency } = context;
  return {
    commandId,
    streams,
    metadata: { correlationId, causationId, actor, idempotencyKey: idempotency?.key ?? null },
    occurredAt: now,
    ...(idempotency ? { idempotency: { ...idempotency, answer } } : {}),
  };
}

function refusalOf({
  records: _records,
  ...refusal
}: ChargeRefusal): Rejected<ChargeUsageRejection> {
  return refusal;
}
