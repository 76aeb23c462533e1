import { Controller, Get, Inject, Post } from '@nestjs/common';
import { serviceNames } from '@specie/contracts';
import { SpecieEventServer } from '@specie/event-bus';
import { z } from 'zod';
import { Input, Operation, type InputOf } from '../http/operation.js';
import { NotFound, Unavailable } from '../http/problem.js';

const streamId = z
  .string()
  .max(128)
  .regex(/^[a-z][a-z0-9-]*$/);

const parkedStream = z.strictObject({
  source: z.enum(serviceNames),
  streamId: z.string().max(128),
  eventCount: z.int(),
  firstPosition: z.int(),
  parkedAt: z.string().max(32),
});

const resumeInput = { body: z.strictObject({ source: z.enum(serviceNames), streamId }) };
const resumeResponse = z.strictObject({ resumed: z.int(), unparked: z.boolean() });

/** Streams whose next event failed for good and which wait for an operator; nothing of them is lost. */
@Controller('operations/parked-streams')
export class ParkedStreamsController {
  private readonly events: SpecieEventServer;

  constructor(@Inject(SpecieEventServer) events: SpecieEventServer) {
    this.events = events;
  }

  @Get()
  @Operation({
    summary: 'Streams that wait for an operator',
    roles: ['auditor', 'market-operator'],
    // Only who consumes knows them.
    answeredBy: 'writer',
    response: z.strictObject({ items: z.array(parkedStream) }),
  })
  async list(): Promise<{ readonly items: readonly z.output<typeof parkedStream>[] }> {
    const parked = await this.events.parked();
    // The stored error may quote data of the event, so it stays in the database.
    return { items: parked.map(({ error: _error, ...shown }) => shown) };
  }

  @Post('resumptions')
  @Operation({
    summary: 'Handle the events of a parked stream again, in order',
    roles: ['market-operator'],
    ...resumeInput,
    response: resumeResponse,
    status: 200,
    rejections: { stream_not_parked: 404 },
    timeoutMs: 60_000,
  })
  async resume(
    @Input() { body }: InputOf<typeof resumeInput>,
  ): Promise<z.output<typeof resumeResponse>> {
    const parked = await this.events.parked();
    if (
      !parked.some(({ source, streamId: id }) => source === body.source && id === body.streamId)
    ) {
      throw new NotFound('stream_not_parked');
    }
    if (this.events.consumptionStatus().state === 'idle') {
      throw new Unavailable('writer_unavailable');
    }
    const { resumed, unparked } = await this.events.resume(body.source, body.streamId);
    return { resumed, unparked };
  }
}
