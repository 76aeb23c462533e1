import { Controller, Get, Inject, Post } from '@nestjs/common';
import {
  discardReasons,
  fields,
  named,
  described,
  serviceNames,
  streamIdPattern,
} from '@specie/contracts';
import {
  isTransientFailure,
  LaneBusyError,
  placeText,
  SpecieEventServer,
  type ParkedLane,
} from '@specie/event-bus';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { z } from 'zod';
import type { CallerIdentity } from '../auth/caller.js';
import { answerOf, writeResponse, type WriteResponse } from '../http/answer.js';
import { Caller, Command, Input, Operation, type InputOf } from '../http/operation.js';
import { Conflict, NotFound, Unavailable } from '../http/problem.js';
import type { DiscardRejection } from './discard.decider.js';
import { Discards } from './discards.js';

/** Long keys of foreign messages are no stream ids; what is shown of them is their place. */
const streamIdExample = `party-${fields.exampleId(2)}`;
const streamId = z
  .string()
  .max(128)
  .regex(streamIdPattern)
  .meta({
    description: 'The stream; null when its key is not a stream id.',
    examples: [streamIdExample],
  });
/** A position, or `partition/offset` of a message that cannot be read. */
const place = z
  .string()
  .max(32)
  .regex(/^([1-9]\d{0,15}|\d{1,6}\/\d{1,15})$/, 'Expected a position or partition/offset.')
  .meta({
    description:
      'The place of the event: its position in the log of the service, or partition/offset of a message that cannot be read.',
    examples: ['17'],
  });
const source = z
  .enum(serviceNames)
  .meta({ description: 'The service whose log or topic contains the event.' });
const reason = z.enum(discardReasons).meta({ description: 'Why the event never takes effect.' });
const lane = z
  .string()
  .max(256)
  .meta({
    description: 'The part of the stream that is parked; null for the whole stream.',
    examples: ['party'],
  })
  .nullable();
const partition = z.int().meta({ description: 'The partition of the topic.', examples: [3] });
const codes = [
  'unreadable',
  'type_unknown',
  'version_unknown',
  'data_invalid',
  'handler_failed',
  'waits_behind',
] as const;
const code = z.enum(codes).meta({ description: 'What went wrong.' });
const parkedAt = described(fields.instant, 'When it was parked.');

const parkedStream = z.strictObject({
  source,
  streamId: streamId.nullable(),
  lane,
  eventCount: z.int().meta({ description: 'The number of waiting events.', examples: [4] }),
  place,
  code,
  parkedAt,
});
const parkedEvent = z.strictObject({
  source,
  place,
  streamId: streamId.nullable(),
  lane,
  partition: partition.nullable(),
  kafkaOffset: z
    .string()
    .max(20)
    .meta({
      description: 'Its offset in the partition; null on the PostgreSQL transport.',
      examples: ['16'],
    })
    .nullable(),
  eventId: described(named.eventId, 'Null when the message cannot be read.').nullable(),
  type: z
    .string()
    .max(128)
    .meta({
      description: 'The type of the event; null when the message cannot be read.',
      examples: ['compliance.party-registered'],
    })
    .nullable(),
  sizeBytes: z.int().meta({ description: 'The size of the message.', examples: [812] }),
  code,
  attemptCount: z.int().meta({ description: 'The number of attempts so far.', examples: [5] }),
  parkedAt,
  proposal: z
    .strictObject({
      reason,
      proposedBy: named.proposedBy,
      proposedAt: described(fields.instant, 'When it was proposed.'),
    })
    .meta({ description: 'The proposed discard; null if there is none.' })
    .nullable(),
});
const haltedPartition = z.strictObject({
  source,
  partition,
  place: described(
    place,
    'The message that halts the partition; null if it cannot be discarded.',
  ).nullable(),
  reason: z
    .string()
    .max(64)
    .meta({ description: 'Why the partition is halted.', examples: ['forked'] }),
  haltedAt: described(fields.instant, 'When it was halted.'),
});

const eventsInput = { query: z.strictObject({ source, place }) };
const resumeInput = {
  body: z
    .strictObject({
      source,
      streamId: z
        .string()
        .max(128)
        .regex(/^[a-z][a-z0-9-]*$/, 'Expected the id of a stream.')
        .meta({ description: 'The stream to resume.', examples: [streamIdExample] })
        .optional(),
      place: place.optional(),
    })
    .meta({ examples: [{ source: 'compliance', streamId: streamIdExample }] }),
};
const resumeResponse = z.strictObject({
  resumed: z.int().meta({ description: 'The number of events handled.', examples: [4] }),
  unparked: z.boolean().meta({ description: 'Whether no event of it waits any more.' }),
});
const discardInput = {
  body: z.strictObject({
    source,
    place,
    reason,
  }),
};
const discardStatus = {
  already_discarded: 409,
  event_not_parked: 404,
  not_first_of_stream: 409,
  discard_not_proposed: 409,
  approver_is_proposer: 403,
} satisfies Record<DiscardRejection, number>;

const shownEventCountMax = 100;

/** Streams whose next event failed for good and which wait for an operator; nothing of them is lost. */
@Controller('operations/parked-streams')
export class ParkedStreamsController {
  private readonly events: SpecieEventServer;
  private readonly discards: Discards;

  constructor(
    @Inject(SpecieEventServer) events: SpecieEventServer,
    @Inject(Discards) discards: Discards,
  ) {
    this.events = events;
    this.discards = discards;
  }

  @Get()
  @Operation({
    summary: 'List parked streams',
    description:
      'A parked stream waits for an operator because its next event could not be handled; no event is lost. Halted partitions are listed too.',
    roles: ['auditor', 'market-operator'],
    response: z.strictObject({
      items: z.array(parkedStream).meta({ description: 'The parked streams.' }),
      haltedPartitions: z.array(haltedPartition).meta({
        description: 'Partitions whose input failed verification; nothing more of them is handled.',
      }),
    }),
  })
  async list() {
    const parked = await this.events.parked();
    const halts = await this.events.halts();
    return {
      // The stored error may quote data of the event, so it stays in the database.
      items: parked.map((stream) => ({
        source: stream.source,
        ...shownLane(stream),
        eventCount: stream.eventCount,
        place: placeText({ ...stream, position: stream.firstPosition }),
        code: stream.code,
        parkedAt: stream.parkedAt,
      })),
      haltedPartitions: halts.map(({ source, partition, kafkaOffset, reason, haltedAt }) => ({
        source,
        partition,
        place:
          kafkaOffset === null
            ? null
            : placeText({ position: null, partition, kafkaOffset: kafkaOffset.toString() }),
        reason,
        haltedAt,
      })),
    };
  }

  @Get('events')
  @Operation({
    summary: 'List a parked event and the events behind it',
    description: `Without their data, at most ${shownEventCountMax}. Name the event by its place in the list of parked streams.`,
    roles: ['auditor', 'market-operator'],
    ...eventsInput,
    response: z.strictObject({
      items: z.array(parkedEvent).meta({ description: 'The event and those behind it.' }),
    }),
    rejections: { event_not_parked: 404 },
  })
  async inspect(@Input() { query }: InputOf<typeof eventsInput>) {
    const stuck = await this.events.discards.find(query);
    if (!stuck?.content) {
      throw new NotFound('event_not_parked');
    }
    const events = await this.events.discards.behind(query, shownEventCountMax);
    return {
      items: await Promise.all(
        events.map(async (event) => {
          const at = { source: event.source, place: placeText(event) };
          return {
            ...at,
            ...shownLane(event),
            partition: event.partition,
            kafkaOffset: event.kafkaOffset,
            eventId: event.eventId,
            type: event.type,
            sizeBytes: event.record.length,
            code: event.code,
            attemptCount: event.attemptCount,
            parkedAt: event.parkedAt,
            proposal: await this.discards.proposalFor(at),
          };
        }),
      ),
    };
  }

  @Post('resumptions')
  @Operation({
    summary: 'Resume a parked stream',
    description:
      'Handles its events again, in order. Name the stream, or the place of an event to handle only the lane of that event.',
    roles: ['market-operator'],
    ...resumeInput,
    response: resumeResponse,
    status: 200,
    rejections: { stream_not_parked: 404, stream_busy: 409 },
    timeoutMs: 60_000,
  })
  async resume(
    @Input() { body }: InputOf<typeof resumeInput>,
  ): Promise<z.output<typeof resumeResponse>> {
    const lanes = await this.lanesNamed(body);
    if (lanes.length === 0) {
      throw new NotFound('stream_not_parked');
    }
    if (this.events.consumptionStatus().state === 'idle') {
      throw new Unavailable('writer_unavailable');
    }
    let resumed = 0;
    let unparked = true;
    for (const lane of lanes) {
      const result = await this.events.resume(lane).catch(asProblem);
      resumed += result.resumed;
      unparked &&= result.unparked;
    }
    return { resumed, unparked };
  }

  @Post('discards')
  @Operation({
    summary: 'Propose the discard of an event',
    description:
      'For an event that this service cannot handle: the first event of a parked stream, or the message that halts a partition. It is discarded when a second operator approves; a new proposal replaces the last one.',
    roles: ['market-operator'],
    ...discardInput,
    response: writeResponse,
    status: 202,
    rejections: { ...discardStatus, stream_busy: 409 },
  })
  async propose(
    @Input() { body }: InputOf<typeof discardInput>,
    @Caller() { partyId }: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const handled = await this.discards.propose({ ...body, partyId }, context).catch(asProblem);
    return answered(handled);
  }

  @Post('discards/approvals')
  @Operation({
    summary: 'Approve the discard of an event',
    description:
      'Another operator must have proposed it. Records both operators in the log of this service, discards the event and handles those behind it.',
    roles: ['market-operator'],
    ...discardInput,
    response: writeResponse,
    rejections: { ...discardStatus, stream_busy: 409 },
    timeoutMs: 60_000,
  })
  async approve(
    @Input() { body }: InputOf<typeof discardInput>,
    @Caller() { partyId }: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const handled = await this.discards.approve({ ...body, partyId }, context).catch(asProblem);
    return answered(handled);
  }

  private async lanesNamed({
    source,
    streamId,
    place,
  }: InputOf<typeof resumeInput>['body']): Promise<readonly ParkedLane[]> {
    if (place !== undefined) {
      const stuck = await this.events.discards.find({ source, place });
      return stuck?.content ? [stuck.lane] : [];
    }
    const parked = await this.events.parked();
    return parked.filter((each) => each.source === source && each.streamId === streamId);
  }
}

function answered(handled: Handled<DiscardRejection>): Promise<WriteResponse> {
  return answerOf(handled, discardStatus);
}

function shownLane(lane: { readonly streamId: string; readonly lane: string }): {
  readonly streamId: string | null;
  readonly lane: string | null;
} {
  return {
    streamId: streamIdPattern.test(lane.streamId) ? lane.streamId : null,
    lane: lane.lane === '' ? null : lane.lane,
  };
}

function asProblem(error: unknown): never {
  if (error instanceof LaneBusyError) {
    throw new Conflict('stream_busy', {
      detail: 'Another operator is resuming or discarding events of this stream.',
      headers: { 'Retry-After': '1' },
    });
  }
  throw isTransientFailure(error) ? new Unavailable('contended') : error;
}
