import type { InputDiscardedData, ServiceName } from '@specie/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { isPassable, type Halt } from './halt.js';
import type { ParkedEvents, ParkedLane } from './parked-events.js';
import type { ParkedEvent } from './ports.js';
import { HaltStore } from './verify/halt-store.js';
import { unpackMessage } from './wire.js';

/** Which event of a source: its position, or `partition/offset` of a message that cannot be read or is not the source's. */
export interface InputPlace {
  readonly source: ServiceName;
  readonly place: string;
}

/** An event that is not handled and holds up what comes after it: a parked one, or a foreign message at a halt. */
export interface StuckInput extends InputPlace {
  /** What waits for it; a foreign message has no stream of its own, its partition waits. */
  readonly lane: ParkedLane;
  readonly position: number | null;
  readonly partition: number | null;
  readonly kafkaOffset: string | null;
  readonly eventId: string | null;
  readonly type: string | null;
  /** The data as received; null when it was never taken in. */
  readonly content: Buffer | null;
  /** Whether nothing before it waits for an operator too. */
  readonly isFirst: boolean;
}

export interface DiscardProposal {
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
}

/** What operators propose to discard, and what becomes of it. */
export class InputDiscards {
  private readonly dataSource: DataSource;
  private readonly parked: ParkedEvents;
  private readonly halts: HaltStore;
  private readonly table: string;
  private readonly schema: string;

  constructor(dataSource: DataSource, parked: ParkedEvents, schema = 'public') {
    this.dataSource = dataSource;
    this.parked = parked;
    this.halts = new HaltStore(dataSource, parked.consumer, schema);
    this.table = `${schema}.discard_proposal`;
    this.schema = schema;
  }

  /** What is stuck at a place; null when nothing is (any more). */
  async find({ source, place }: InputPlace): Promise<StuckInput | null> {
    const event = await this.parked.find(source, parkedPosition(place));
    if (event) {
      const { streamId, lane, position, partition, kafkaOffset, eventId, type, isFirst } = event;
      return {
        source,
        place,
        lane: { source, streamId, lane },
        position: position < 0 ? null : position,
        partition,
        kafkaOffset,
        eventId,
        type,
        content: unpackMessage(event.record).value,
        isFirst,
      };
    }
    const halt = (await this.halts.halts(source)).find((each) => placeOfHalt(each) === place);
    return halt && isPassable(halt.reason) ? stuckAt(halt, place) : null;
  }

  /** The parked event at a place and those that wait behind it. */
  behind({ source, place }: InputPlace, limit: number): Promise<readonly ParkedEvent[]> {
    return this.parked.events(source, parkedPosition(place), limit);
  }

  async proposal({ source, place }: InputPlace): Promise<DiscardProposal | null> {
    const rows = await this.dataSource.query<
      { readonly reason: string; readonly proposed_by: string; readonly proposed_at: Date }[]
    >(
      `select reason, proposed_by, proposed_at from ${this.table}
        where consumer = $1 and source = $2 and place = $3`,
      [this.parked.consumer, source, place],
    );
    const [row] = rows;
    return row
      ? {
          reason: row.reason,
          proposedBy: row.proposed_by,
          proposedAt: row.proposed_at.toISOString(),
        }
      : null;
  }

  /** The last proposal stands. */
  async propose(
    { source, place }: InputPlace,
    { reason, proposedBy }: { readonly reason: string; readonly proposedBy: string },
  ): Promise<void> {
    await this.dataSource.query(
      `insert into ${this.table} (consumer, source, place, reason, proposed_by) values ($1, $2, $3, $4, $5)
       on conflict (consumer, source, place) do update
          set reason = excluded.reason, proposed_by = excluded.proposed_by, proposed_at = now()`,
      [this.parked.consumer, source, place, reason, proposedBy],
    );
  }

  /**
   * Takes an event out of the way, in the transaction that records that it was discarded. A parked one keeps its row,
   * a foreign message is passed over from the next try on.
   */
  async apply(manager: EntityManager, data: InputDiscardedData): Promise<void> {
    const { consumer } = this.parked;
    const { source, position, partition, kafkaOffset, reason } = data;
    const place = position ?? unreadableRowPosition(partition ?? 0, BigInt(kafkaOffset ?? 0));
    await manager.query(
      `update ${this.schema}.parked_event set discarded_at = now()
        where consumer = $1 and source = $2 and position = $3 and discarded_at is null`,
      [consumer, source, place],
    );
    if (position === null && partition !== null && kafkaOffset !== null) {
      const message = { source, partition, kafkaOffset: BigInt(kafkaOffset), reason };
      // Where the partition does not stand still at it, the place named a row of `unreadableRowPosition`.
      await this.halts.passOver(message, manager);
    }
  }
}

/** How a place is written: see `InputPlace`. */
export function placeText(event: {
  readonly position: number | null;
  readonly partition: number | null;
  readonly kafkaOffset: string | null;
}): string {
  return event.position !== null && event.position > 0
    ? String(event.position)
    : `${event.partition ?? 0}/${event.kafkaOffset ?? 0}`;
}

/** The foreign message at which a partition stands still; null when the halt names none. */
export function placeOfHalt({ partition, kafkaOffset }: Halt): string | null {
  return kafkaOffset === null ? null : `${partition}/${kafkaOffset}`;
}

/**
 * The position under which versions that did not verify their input parked a message that they could not read; no event
 * has it. Such rows are still listed and discarded.
 */
function unreadableRowPosition(partition: number, kafkaOffset: bigint): number {
  return -(Number(kafkaOffset) * 1024 + partition + 1);
}

function parkedPosition(place: string): number {
  const [partition, offset] = place.split('/');
  return offset === undefined
    ? Number(place)
    : unreadableRowPosition(Number(partition), BigInt(offset));
}

function stuckAt(halt: Halt, place: string): StuckInput {
  const { source, partition, kafkaOffset } = halt;
  return {
    source,
    place,
    lane: { source, streamId: `partition-${partition}`, lane: '' },
    position: null,
    partition,
    kafkaOffset: kafkaOffset?.toString() ?? null,
    eventId: null,
    type: null,
    content: null,
    isFirst: true,
  };
}
