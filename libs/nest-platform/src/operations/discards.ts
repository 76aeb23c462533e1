import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  streamIdPattern,
  streamIds,
  type DiscardReason,
  type InputDiscardedData,
} from '@specie/contracts';
import {
  SpecieEventServer,
  type InputPlace,
  type ParkedLane,
  type StuckInput,
} from '@specie/event-bus';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { SERVICE_DEFINITION, type ServiceDefinition } from '../definition.js';
import { derivedId } from '@specie/contracts/ids';
import {
  approveDiscard,
  discardAggregate,
  proposeDiscard,
  type DiscardableEvent,
  type DiscardRejection,
} from './discard.decider.js';

export interface DiscardRequest extends InputPlace {
  readonly reason: DiscardReason;
  /** The operator who asks. */
  readonly partyId: string;
}

/** Lets two operators take an event that this service cannot handle out of its way; the log keeps the record. */
@Injectable()
export class Discards {
  private readonly events: SpecieEventServer;
  private readonly commands: CommandHandler;
  private readonly definition: ServiceDefinition;

  constructor(
    @Inject(SpecieEventServer) events: SpecieEventServer,
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(SERVICE_DEFINITION) definition: ServiceDefinition,
  ) {
    this.events = events;
    this.commands = commands;
    this.definition = definition;
  }

  /** The first half. The last proposal for an event stands. @throws LaneBusyError */
  async propose(
    { partyId, reason, ...at }: DiscardRequest,
    context: CommandContext,
  ): Promise<Handled<DiscardRejection>> {
    const { discardId, streamId } = this.discardOf(at);
    return this.exclusively(at, async (stuck) => {
      const event = await this.discardable(at, stuck);
      const { state } = await this.commands.load(streamId, discardAggregate);
      const decision = proposeDiscard(event, state);
      if (decision.outcome === 'accepted') {
        // Before the answer is kept: a repeat of the request is answered without coming here.
        await this.events.discards.propose(at, { reason, proposedBy: partyId });
      }
      return this.commands.handle({
        streamId,
        aggregate: discardAggregate,
        decide: () => decision,
        context,
        answer: (streamVersion) => ({ id: discardId, streamVersion }),
      });
    });
  }

  /** The second half: records the discard, then handles what waited behind the event. @throws LaneBusyError */
  async approve(
    { partyId, reason, ...at }: DiscardRequest,
    context: CommandContext,
  ): Promise<Handled<DiscardRejection>> {
    const { discardId, streamId } = this.discardOf(at);
    const decided = await this.exclusively(at, async (stuck) => {
      const event = await this.discardable(at, stuck);
      const data = { ...factsOf(at, stuck), discardId, reason, approvedBy: partyId };
      const handled = await this.commands.handle({
        streamId,
        aggregate: discardAggregate,
        decide: (state) =>
          approveDiscard({ type: `${this.definition.name}.input-discarded`, data, event }, state),
        context,
        answer: (streamVersion) => ({ id: discardId, streamVersion }),
      });
      return { handled, stuck };
    });
    if (decided.handled.outcome === 'accepted' && decided.stuck) {
      // What fails behind it is parked again and shown; the discard stands in any case.
      await this.events.resume(decided.stuck.lane).catch(() => undefined);
    }
    return decided.handled;
  }

  async proposalFor(
    at: InputPlace,
  ): Promise<{ reason: DiscardReason; proposedBy: string; proposedAt: string } | null> {
    const proposal = await this.events.discards.proposal(at);
    return proposal && { ...proposal, reason: proposal.reason as DiscardReason };
  }

  private discardOf({ source, place }: InputPlace): {
    readonly discardId: string;
    readonly streamId: string;
  } {
    const discardId = derivedId('input-discard', source, place);
    return { discardId, streamId: streamIds.discard(discardId) };
  }

  private async discardable(
    at: InputPlace,
    stuck: StuckInput | null,
  ): Promise<DiscardableEvent | null> {
    return stuck && { isFirst: stuck.isFirst, proposal: await this.proposalFor(at) };
  }

  /** Nobody resumes or discards in the same lane meanwhile. What is not stuck has no lane and needs no turn. */
  private async exclusively<T>(
    at: InputPlace,
    work: (stuck: StuckInput | null) => Promise<T>,
  ): Promise<T> {
    const { discards, parkedEvents } = this.events;
    const seen = await discards.find(at);
    const lane: ParkedLane = seen?.lane ?? { source: at.source, streamId: at.place, lane: '' };
    return parkedEvents.exclusively(lane, async () => work(await discards.find(at)));
  }
}

function factsOf(
  { source }: InputPlace,
  stuck: StuckInput | null,
): Omit<InputDiscardedData, 'discardId' | 'reason' | 'proposedBy' | 'approvedBy'> {
  const { lane, position, partition, kafkaOffset, eventId, type, content } = stuck ?? {};
  const streamId = lane?.streamId ?? '';
  return {
    source,
    // A key or a type of a foreign message may be anything, and events carry no free text.
    streamId: streamIdPattern.test(streamId) ? streamId : null,
    position: position ?? null,
    partition: partition ?? null,
    kafkaOffset: kafkaOffset ?? null,
    eventId: eventId ?? null,
    eventType: type !== undefined && type !== null && eventTypePattern.test(type) ? type : null,
    contentHash: content ? createHash('sha256').update(content).digest('hex') : null,
  };
}

const eventTypePattern = /^[a-z]+\.[a-z][a-z0-9-]{0,63}$/;
