import type { ServiceName } from '@specie/contracts';
import type { Invariants } from '../invariants.js';
import type { EventFacts, LedgerEvent } from '../wire-events.js';

type Discarded = Extract<LedgerEvent, { readonly type: `${string}.input-discarded` }>;

/** An event of another service that two operators took out of what a service handles. */
export interface DiscardedInput {
  /** The service that does not handle it. */
  readonly service: ServiceName;
  /** Where that is recorded. */
  readonly position: number;
  readonly source: ServiceName;
  readonly streamId: string | null;
  /** Its position in the log of `source`; null when the message could not be read. */
  readonly sourcePosition: number | null;
  readonly partition: number | null;
  readonly kafkaOffset: string | null;
  readonly eventType: string | null;
  readonly reason: string;
  readonly proposedBy: string;
  readonly approvedBy: string;
}

/** What was discarded in any service. Each is a hole that somebody chose: the report names it, whether or not the books balance. */
export class DiscardsFold {
  readonly discarded: DiscardedInput[] = [];
  private readonly seen = new Set<string>();

  constructor(private readonly invariants: Invariants) {}

  apply(event: LedgerEvent): void {
    if (!isDiscarded(event)) {
      return;
    }
    const { data, service, position } = event;
    const key = `${service} ${data.discardId}`;
    if (this.seen.has(key)) {
      this.invariants.violatedAt('S9', event, 'an event is discarded twice');
    }
    this.seen.add(key);
    if (data.proposedBy === data.approvedBy) {
      this.invariants.violatedAt('S9', event, 'one person alone discarded an event');
    }
    const { source, streamId, partition, kafkaOffset, eventType, reason } = data;
    const { proposedBy, approvedBy } = data;
    const facts = { streamId, partition, kafkaOffset, eventType, reason, proposedBy, approvedBy };
    this.discarded.push({ service, position, source, sourcePosition: data.position, ...facts });
  }
}

function isDiscarded(event: LedgerEvent): event is Discarded & EventFacts {
  return event.type.endsWith('.input-discarded');
}
