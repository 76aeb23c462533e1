import type { ServiceName } from '@specie/contracts';
import { LeaseTable, queryOf, type Lease } from '@specie/postgres-event-store';
import type { DataSource, EntityManager } from 'typeorm';
import { PartitionLostError } from './errors.js';
import type { ParkedStream } from './ports.js';

/** What to store when an event is set aside. `record` holds everything needed to handle it later. */
export interface ParkedRecord {
  readonly source: ServiceName;
  readonly streamId: string;
  /** Orders a stream's parked events. */
  readonly position: number;
  readonly eventId: string;
  readonly partition: number;
  readonly kafkaOffset: bigint | null;
  readonly record: Buffer;
}

export interface Progress {
  readonly partition: number;
  readonly position: number;
  /** Of the log on the postgres transport, of the partition's own chain on Kafka; null before verification existed. */
  readonly chainHash: Buffer | null;
  /** The offset to read next, null on the postgres transport. */
  readonly nextOffset: bigint | null;
}

/** The end of a send of the relay, remembered so that another branch of the log is told from a repeat. */
export interface ConsumedHead {
  readonly partition: number;
  readonly position: number;
  readonly hash: Buffer;
}

/** Progress that counts only while its lease is held. */
export interface OwnedProgress extends Progress {
  readonly lease: Lease;
}

/**
 * The consumer's own memory in its own database: high water per partition, inbox and parked events.
 * Kafka's group offsets are a copy of it; after a restore of the database it is this that counts.
 */
export class ConsumptionStore {
  private readonly dataSource: DataSource;
  readonly consumer: string;
  private readonly schema: string;
  private readonly leases: LeaseTable;

  constructor(dataSource: DataSource, consumer: string, schema = 'public') {
    this.dataSource = dataSource;
    this.consumer = consumer;
    this.schema = schema;
    this.leases = new LeaseTable(schema);
  }

  async progress(source: ServiceName, partitions: readonly number[]): Promise<readonly Progress[]> {
    const rows = await this.dataSource.query<
      {
        readonly partition: number;
        readonly position: string;
        readonly chain_hash: Buffer | null;
        readonly kafka_offset: string | null;
      }[]
    >(
      `select partition, position, chain_hash, kafka_offset from ${this.schema}.consumed
        where consumer = $1 and source = $2 and partition = any($3::int[])`,
      [this.consumer, source, partitions],
    );
    const stored = new Map(rows.map((row) => [row.partition, row]));
    return partitions.map((partition) => {
      const row = stored.get(partition);
      return {
        partition,
        position: Number(row?.position ?? 0),
        chainHash: row?.chain_hash ?? null,
        nextOffset: row && row.kafka_offset !== null ? BigInt(row.kafka_offset) : null,
      };
    });
  }

  /**
   * Moves high waters up, never down, and only those of partitions that are still owned: a paused former
   * owner neither undoes the new one's progress nor adds to it. The commit does not wait for the disk:
   * progress lost in a crash of the database only brings repeats, which the inbox knows.
   */
  async advance(
    source: ServiceName,
    progress: readonly OwnedProgress[],
    heads: readonly ConsumedHead[] = [],
  ): Promise<void> {
    await this.dataSource.query(
      `with remembered as (
         insert into ${this.schema}.consumed_head (consumer, source, partition, position, chain_hash)
         select $1, $2, partition, position, decode(hash, 'hex')
           from unnest($7::int[], $8::bigint[], $9::text[]) as head (partition, position, hash)
         on conflict do nothing)
       insert into ${this.schema}.consumed as stored (consumer, source, partition, position, kafka_offset, chain_hash)
       select $1, $2, partition, position, kafka_offset, decode(hash, 'hex')
         from unnest($3::int[], $4::bigint[], $5::bigint[], $6::text[], $10::text[], $11::text[], $12::text[], $13::bigint[])
              as moved (partition, position, kafka_offset, hash, scope, name, holder, epoch)
              join ${this.leases.name} as held using (scope, name, holder, epoch),
              (select set_config('synchronous_commit', 'off', true)) as relaxed
       on conflict (consumer, source, partition) do update
          set position = greatest(stored.position, excluded.position),
              kafka_offset = coalesce(excluded.kafka_offset, stored.kafka_offset),
              chain_hash = excluded.chain_hash
        where stored.position <= excluded.position`,
      [
        this.consumer,
        source,
        progress.map((entry) => entry.partition),
        progress.map((entry) => entry.position),
        progress.map((entry) => entry.nextOffset?.toString() ?? null),
        progress.map((entry) => entry.chainHash?.toString('hex') ?? null),
        heads.map((head) => head.partition),
        heads.map((head) => head.position),
        heads.map((head) => head.hash.toString('hex')),
        progress.map((entry) => entry.lease.scope),
        progress.map((entry) => entry.lease.name),
        progress.map((entry) => entry.lease.holder),
        progress.map((entry) => entry.lease.epoch),
      ],
    );
  }

  /** Remembered ends of sends with `from <= position <= to`, by position. */
  async rememberedHeads(
    source: ServiceName,
    partition: number,
    from: number,
    to: number,
  ): Promise<ReadonlyMap<number, Buffer>> {
    const rows = await this.dataSource.query<
      { readonly position: string; readonly chain_hash: Buffer }[]
    >(
      `select position, chain_hash from ${this.schema}.consumed_head
        where consumer = $1 and source = $2 and partition = $3 and position between $4 and $5`,
      [this.consumer, source, partition, from, to],
    );
    return new Map(rows.map((row) => [Number(row.position), row.chain_hash]));
  }

  async parkedStreamIds(source: ServiceName): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ readonly stream_id: string }[]>(
      `select distinct stream_id from ${this.schema}.parked_event where consumer = $1 and source = $2`,
      [this.consumer, source],
    );
    return new Set(rows.map((row) => row.stream_id));
  }

  /**
   * Parks the first failing event of a stream. Parking the same event again changes nothing.
   * @throws PartitionLostError when `lease` is another's: the new owner may have handled the event.
   */
  async park(
    record: ParkedRecord,
    failure: { readonly error: string; readonly attemptCount: number },
    lease: Lease,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.assertHeld(manager, lease);
      await this.lockStream(manager, record.source, record.streamId);
      await this.insertParked(manager, record, failure.error, failure.attemptCount);
    });
  }

  /**
   * Adds an event behind its stream's parked ones. False when the stream is not parked any more: an
   * operator resumed it, and the event must be handled instead.
   * @throws PartitionLostError when `lease` is another's.
   */
  async joinParked(record: ParkedRecord, lease: Lease): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await this.assertHeld(manager, lease);
      await this.lockStream(manager, record.source, record.streamId);
      const rows = await manager.query<unknown[]>(
        `select 1 from ${this.schema}.parked_event where consumer = $1 and source = $2 and stream_id = $3 limit 1`,
        [this.consumer, record.source, record.streamId],
      );
      if (rows.length === 0) {
        return false;
      }
      await this.insertParked(manager, record, 'waits behind an earlier event of its stream', 0);
      return true;
    });
  }

  async firstParked(
    source: ServiceName,
    streamId: string,
  ): Promise<{ position: number; record: Buffer } | null> {
    const rows = await this.dataSource.query<
      { readonly position: string; readonly record: Buffer }[]
    >(
      `select position, record from ${this.schema}.parked_event
        where consumer = $1 and source = $2 and stream_id = $3 order by position limit 1`,
      [this.consumer, source, streamId],
    );
    const row = rows[0];
    return row ? { position: Number(row.position), record: row.record } : null;
  }

  /** Takes a parked event that took effect out. The last one of a stream unparks it. */
  async unpark(source: ServiceName, streamId: string, position: number): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.lockStream(manager, source, streamId);
      await manager.query(
        `delete from ${this.schema}.parked_event where consumer = $1 and source = $2 and position = $3`,
        [this.consumer, source, position],
      );
    });
  }

  async recordResumeFailure(source: ServiceName, position: number, error: string): Promise<void> {
    await this.dataSource.query(
      `update ${this.schema}.parked_event set error = $4, attempt_count = attempt_count + 1
        where consumer = $1 and source = $2 and position = $3`,
      [this.consumer, source, position, error],
    );
  }

  async parked(): Promise<readonly ParkedStream[]> {
    const rows = await this.dataSource.query<
      {
        readonly source: ServiceName;
        readonly stream_id: string;
        readonly event_count: string;
        readonly first_position: string;
        readonly error: string;
        readonly parked_at: Date;
      }[]
    >(
      `select source, stream_id, count(*) as event_count, min(position) as first_position,
              (array_agg(error order by position))[1] as error, min(parked_at) as parked_at
         from ${this.schema}.parked_event where consumer = $1
        group by source, stream_id order by source, stream_id`,
      [this.consumer],
    );
    return rows.map((row) => ({
      source: row.source,
      streamId: row.stream_id,
      eventCount: Number(row.event_count),
      firstPosition: Number(row.first_position),
      error: row.error,
      parkedAt: row.parked_at.toISOString(),
    }));
  }

  private async assertHeld(manager: EntityManager, lease: Lease): Promise<void> {
    if (!(await this.leases.isHeld(queryOf(manager), lease))) {
      throw new PartitionLostError(`${lease.name} of ${this.consumer} has another owner`);
    }
  }

  /** Serialises "is it parked, then join" against "remove the last one". */
  private async lockStream(
    manager: EntityManager,
    source: ServiceName,
    streamId: string,
  ): Promise<void> {
    await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      JSON.stringify(['parked', this.consumer, source, streamId]),
    ]);
  }

  private async insertParked(
    manager: EntityManager,
    parked: ParkedRecord,
    error: string,
    attemptCount: number,
  ): Promise<void> {
    await manager.query(
      `insert into ${this.schema}.parked_event
         (consumer, source, stream_id, position, event_id, partition, kafka_offset, record, error, attempt_count)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
      [
        this.consumer,
        parked.source,
        parked.streamId,
        parked.position,
        parked.eventId,
        parked.partition,
        parked.kafkaOffset?.toString() ?? null,
        parked.record,
        error,
        attemptCount,
      ],
    );
  }
}
