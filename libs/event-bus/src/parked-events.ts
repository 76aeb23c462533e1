import type { ServiceName } from '@specie/contracts';
import { LeaseTable, queryOf, type Lease } from '@specie/postgres-event-store';
import type { DataSource, EntityManager } from 'typeorm';
import { PartitionLostError } from './errors.js';
import type { ParkedCode } from './parked-code.js';
import type { ParkedEvent, ParkedStream } from './ports.js';

/** What to store when an event is set aside. `record` holds everything needed to handle it later. */
export interface ParkedRecord {
  readonly source: ServiceName;
  readonly streamId: string;
  /** The lane of the stream whose order it keeps; empty: the whole stream's. */
  readonly lane: string;
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly partition: number;
  readonly kafkaOffset: bigint | null;
  readonly record: Buffer;
}

export interface Failure {
  readonly code: ParkedCode;
  readonly error: string;
  readonly attemptCount: number;
}

/** One lane of one stream: what is parked and resumed as a whole. */
export interface ParkedLane {
  readonly source: ServiceName;
  readonly streamId: string;
  readonly lane: string;
}

/** What a batch must know: lanes whose events wait, and events that two operators took out. */
export interface ParkedKnowledge {
  /** `laneKey`s. */
  readonly lanes: Set<string>;
  readonly discarded: ReadonlySet<number>;
}

/** Somebody else resumes or discards an event of the same lane right now. */
export class LaneBusyError extends Error {
  override readonly name = 'LaneBusyError';
}

interface EventRow {
  readonly source: ServiceName;
  readonly stream_id: string;
  readonly lane: string;
  readonly position: string;
  readonly event_id: string;
  readonly type: string | null;
  readonly partition: number | null;
  readonly kafka_offset: string | null;
  readonly record: Buffer;
  readonly error_code: ParkedCode;
  readonly attempt_count: number;
  readonly parked_at: Date;
  readonly is_first: boolean;
}

const eventRow = `source, stream_id, lane, position, event_id, type, partition, kafka_offset, record, error_code,
  attempt_count, parked_at`;

/**
 * The events that a consumer has set aside, in the order in which they came. A discarded one stays as evidence, and so
 * that it is recognised should it be delivered again.
 */
export class ParkedEvents {
  private readonly dataSource: DataSource;
  readonly consumer: string;
  private readonly table: string;
  private readonly leases: LeaseTable;

  constructor(dataSource: DataSource, consumer: string, schema = 'public') {
    this.dataSource = dataSource;
    this.consumer = consumer;
    this.table = `${schema}.parked_event`;
    this.leases = new LeaseTable(schema);
  }

  async knowledge(source: ServiceName, highWater: number): Promise<ParkedKnowledge> {
    const rows = await this.dataSource.query<
      { readonly stream_id: string; readonly lane: string; readonly position: string | null }[]
    >(
      `select distinct stream_id, lane, null::bigint as position from ${this.table}
        where consumer = $1 and source = $2 and discarded_at is null
       union all
       select stream_id, lane, position from ${this.table}
        where consumer = $1 and source = $2 and discarded_at is not null and position > $3`,
      [this.consumer, source, highWater],
    );
    const waiting = rows.filter(({ position }) => position === null);
    const discarded = rows.flatMap(({ position }) => (position === null ? [] : [Number(position)]));
    return {
      lanes: new Set(waiting.map(({ stream_id: streamId, lane }) => laneKey(streamId, lane))),
      discarded: new Set(discarded),
    };
  }

  /**
   * Parks the first failing event of a lane. Parking the same event again changes nothing.
   *
   * @throws PartitionLostError when `lease` is another's: the new owner may have handled the event
   */
  async park(record: ParkedRecord, failure: Failure, lease: Lease): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.assertHeld(manager, lease);
      await this.lock(manager, record);
      await this.insert(manager, record, failure);
    });
  }

  /**
   * Adds an event behind the parked ones of its lane. False when the lane is not parked any more: an operator resumed
   * it, and the event must be handled instead.
   *
   * @throws PartitionLostError when `lease` is another's
   */
  async join(record: ParkedRecord, lease: Lease): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await this.assertHeld(manager, lease);
      await this.lock(manager, record);
      const rows = await manager.query<unknown[]>(
        `select 1 from ${this.table}
          where consumer = $1 and source = $2 and stream_id = $3 and lane = $4 and discarded_at is null limit 1`,
        [this.consumer, record.source, record.streamId, record.lane],
      );
      if (rows.length === 0) {
        return false;
      }
      const error = 'waits behind an earlier event';
      await this.insert(manager, record, { code: 'waits_behind', error, attemptCount: 0 });
      return true;
    });
  }

  /** The event to handle next when the lane is resumed; `isHeldUp` when one before it blocks the whole stream. */
  async first(
    lane: ParkedLane,
  ): Promise<{ position: number; record: Buffer; isHeldUp: boolean } | null> {
    const rows = await this.dataSource.query<
      { readonly position: string; readonly record: Buffer; readonly is_held_up: boolean }[]
    >(
      `select position, record, exists (
                select from ${this.table} before
                 where before.consumer = $1 and before.source = $2 and before.stream_id = $3 and before.lane = ''
                   and before.discarded_at is null and before.parked_no < event.parked_no) and lane <> '' as is_held_up
         from ${this.table} event
        where consumer = $1 and source = $2 and stream_id = $3 and lane = $4 and discarded_at is null
        order by parked_no limit 1`,
      [this.consumer, lane.source, lane.streamId, lane.lane],
    );
    const [row] = rows;
    return row
      ? { position: Number(row.position), record: row.record, isHeldUp: row.is_held_up }
      : null;
  }

  /** Takes a parked event that took effect out. The last one of a lane unparks it. */
  async unpark(lane: ParkedLane, position: number): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.lock(manager, lane);
      await manager.query(
        `delete from ${this.table} where consumer = $1 and source = $2 and position = $3`,
        [this.consumer, lane.source, position],
      );
    });
  }

  async recordResumeFailure(
    source: ServiceName,
    position: number,
    failure: Omit<Failure, 'attemptCount'>,
  ): Promise<void> {
    await this.dataSource.query(
      `update ${this.table} set error = $4, error_code = $5, attempt_count = attempt_count + 1
        where consumer = $1 and source = $2 and position = $3`,
      [this.consumer, source, position, failure.error, failure.code],
    );
  }

  /** Every parked lane of every stream, with the event that holds it up. */
  async streams(): Promise<readonly ParkedStream[]> {
    const rows = await this.dataSource.query<
      (EventRow & { readonly error: string; readonly event_count: string })[]
    >(
      `select distinct on (source, stream_id, lane) ${eventRow}, error,
              count(*) over (partition by source, stream_id, lane) as event_count
         from ${this.table} where consumer = $1 and discarded_at is null
        order by source, stream_id, lane, parked_no`,
      [this.consumer],
    );
    return rows.map((row) => ({
      source: row.source,
      streamId: row.stream_id,
      lane: row.lane,
      eventCount: Number(row.event_count),
      firstPosition: Number(row.position),
      partition: row.partition,
      kafkaOffset: row.kafka_offset,
      code: row.error_code,
      error: row.error,
      parkedAt: row.parked_at.toISOString(),
    }));
  }

  /** The parked event at a place; null when it is not parked (any more). */
  async find(source: ServiceName, position: number): Promise<ParkedEvent | null> {
    return (await this.events(source, position, 1))[0] ?? null;
  }

  /** The parked event at a position (negative: of an unreadable message of an older version) and those behind it in its lane. */
  async events(
    source: ServiceName,
    position: number,
    limit: number,
  ): Promise<readonly ParkedEvent[]> {
    const rows = await this.dataSource.query<EventRow[]>(
      `select ${eventRow.replaceAll(/(\w+)(,|$)/g, 'event.$1$2')},
              not exists (select from ${this.table} before
                           where before.consumer = $1 and before.source = $2 and before.stream_id = event.stream_id
                             and before.lane = event.lane and before.discarded_at is null
                             and before.parked_no < event.parked_no) as is_first
         from ${this.table} event
         join ${this.table} named on named.consumer = $1 and named.source = $2 and named.position = $3
          and named.discarded_at is null and named.stream_id = event.stream_id and named.lane = event.lane
        where event.consumer = $1 and event.source = $2 and event.discarded_at is null
          and event.parked_no >= named.parked_no
        order by event.parked_no limit $4`,
      [this.consumer, source, position, limit],
    );
    return rows.map(toParkedEvent);
  }

  /**
   * Runs what an operator asks for while nobody else, on any instance, resumes or discards in the same lane. The lock
   * ends with its connection, so a crash does not keep it.
   *
   * @throws LaneBusyError
   */
  async exclusively<T>(lane: ParkedLane, work: () => Promise<T>): Promise<T> {
    const key = JSON.stringify([
      'operator',
      this.consumer,
      lane.source,
      laneKey(lane.streamId, lane.lane),
    ]);
    const runner = this.dataSource.createQueryRunner();
    try {
      const rows = (await runner.query(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
        [key],
      )) as readonly { readonly held: boolean }[];
      if (!rows[0]?.held) {
        throw new LaneBusyError('the lane is being resumed or an event of it discarded');
      }
      try {
        return await work();
      } finally {
        await runner.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key]);
      }
    } finally {
      await runner.release();
    }
  }

  private async assertHeld(manager: EntityManager, lease: Lease): Promise<void> {
    if (!(await this.leases.isHeld(queryOf(manager), lease))) {
      throw new PartitionLostError(`${lease.name} of ${this.consumer} has another owner`);
    }
  }

  /** Serialises "is it parked, then join" against "remove the last one". */
  private async lock(manager: EntityManager, lane: ParkedLane): Promise<void> {
    await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      JSON.stringify(['parked', this.consumer, lane.source, laneKey(lane.streamId, lane.lane)]),
    ]);
  }

  private async insert(
    manager: EntityManager,
    parked: ParkedRecord,
    failure: Failure,
  ): Promise<void> {
    await manager.query(
      `insert into ${this.table}
         (consumer, source, stream_id, lane, position, event_id, type, partition, kafka_offset, record, error,
          error_code, attempt_count)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
      [
        this.consumer,
        parked.source,
        parked.streamId,
        parked.lane,
        parked.position,
        parked.eventId,
        parked.type,
        parked.partition,
        parked.kafkaOffset?.toString() ?? null,
        parked.record,
        failure.error,
        failure.code,
        failure.attemptCount,
      ],
    );
  }
}

/** Names a lane of a stream; NUL occurs in neither. */
export function laneKey(streamId: string, lane: string): string {
  return `${streamId}\0${lane}`;
}

function toParkedEvent(row: EventRow): ParkedEvent {
  const position = Number(row.position);
  return {
    source: row.source,
    streamId: row.stream_id,
    lane: row.lane,
    position,
    eventId: position < 0 ? null : row.event_id,
    type: row.type,
    partition: row.partition,
    kafkaOffset: row.kafka_offset,
    record: row.record,
    code: row.error_code,
    attemptCount: row.attempt_count,
    parkedAt: row.parked_at.toISOString(),
    isFirst: row.is_first,
  };
}
